"""Events for threads."""

import threading
import time
import unittest

from noodle_deploy import Lagged, types
from support import Case, serve


class Events(Case):
    def test_events_are_typed_and_in_order(self):
        with self.noodle.events() as events:
            self.assertIsNone(events.pull())
            serve(self.noodle, "linear")
            first = events.pull(timeout=5)
            self.assertIsInstance(first, types.EventRecord)
            self.assertIsInstance(first.event, types.VersionRegistered)
            self.assertEqual(first.event.record.signature.inputs[0].dtype, "f32")
            rest = []
            while (event := events.pull()) is not None:
                rest.append(event)
            sequences = [int(event.sequence) for event in [first, *rest]]
            self.assertEqual(sequences, list(range(1, len(sequences) + 1)))
            promoted = next(event.event for event in rest if isinstance(event.event, types.Promoted))
            self.assertEqual((promoted.from_, promoted.to, promoted.type), (None, 1, "promoted"))
            self.assertEqual(self.noodle.history().events, [first, *rest])

    def test_who_is_slow_is_told(self):
        with self.noodle.events() as events:
            version = self.noodle.register_version(model="m", path=self.model())
            for n in range(5000):
                self.noodle.annotate_version(model="m", version=version.version, metrics={"n": float(n)})
            lagged = events.pull(timeout=5)
            self.assertIsInstance(lagged, Lagged)
            self.assertGreater(lagged.events, 100)
            following = events.pull()
            self.assertEqual(int(following.sequence), lagged.events + 1)

    def model(self):
        from support import TINY

        return TINY / "linear.onnx"

    def test_iteration_ends_with_the_handle_and_with_the_subscription(self):
        for end in (lambda events: self.noodle.close(), lambda events: events.close()):
            self.noodle = self.reopened()
            events, seen = self.noodle.events(), []
            thread = threading.Thread(target=lambda: seen.extend(events))
            thread.start()
            serve(self.noodle, "linear")
            deadline = time.monotonic() + 10
            while not seen and time.monotonic() < deadline:
                time.sleep(0.01)
            end(events)
            thread.join(10)
            self.assertFalse(thread.is_alive())
            self.assertGreaterEqual(len(seen), 1)
            self.assertIsNone(events.pull())
            self.assertTrue(events.ended)

    def reopened(self):
        import noodle_deploy

        self.noodle.close()
        noodle = noodle_deploy.open(self.dir)
        self.addCleanup(noodle.close)
        if any(view.desired.name == "linear" for view in noodle.list_deployments().deployments):
            noodle.undeploy(deployment="linear")
        return noodle

    def test_a_wait_is_bounded(self):
        begun = time.monotonic()
        self.assertIsNone(self.noodle.events().pull(timeout=0.2))
        took = time.monotonic() - begun
        self.assertGreaterEqual(took, 0.19)
        self.assertLess(took, 5)
        with self.fails("invalid_argument", field="timeout"):
            self.noodle.events().pull(timeout=-1)


if __name__ == "__main__":
    unittest.main()
