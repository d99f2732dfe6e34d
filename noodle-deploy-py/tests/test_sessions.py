"""Sessions and streams."""

import asyncio
import gc
import tempfile
import threading
import unittest

import numpy as np

import noodle_deploy
from noodle_deploy import errors
from support import ROOT

RECURRENT = ROOT / "conformance/models/recurrent.onnx"
STATE = {"carried": [{"output": "h_next", "input": "h", "shape": [1, 4]}]}
STREAM = {"type": "windows", "input": "x", "axis": 1, "length": 2, "hop": 2, "context": 2}


def row(value):
    return {"x": np.full((1, 4), value, dtype=np.float32)}


class Sessions(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.noodle = noodle_deploy.open(temporary.name)
        self.addCleanup(self.noodle.close)
        self.noodle.register_version(model="m", path=RECURRENT, version="1.0.0")
        self.noodle.deploy(deployment="m", state=STATE, stream=STREAM)

    def open_sessions(self):
        return self.noodle.get_metrics(deployment="m").deployments["m"][0].sessions.open

    def test_a_session_begins_with_what_the_call_before_left(self):
        with self.noodle.session("m") as session:
            found = [float(session.predict(row(1))["y"][0, 0]) for _ in range(3)]
            self.assertEqual(found, [2.0, 4.0, 6.0])
            self.assertEqual((session.version, session.served.revision, session.closed), ("1.0.0", 1, False))
            session.reset()
            # Numbers and lists take the element type of the session's version.
            self.assertEqual(float(session.predict({"x": [[1, 1, 1, 1]]})["y"][0, 0]), 2.0)
            with self.assertRaises(errors.InvalidArgumentError):
                session.predict({**row(1), "h": np.zeros((1, 4), dtype=np.float32)})
            self.assertEqual(self.open_sessions(), 1)
        self.assertTrue(session.closed)
        session.close()
        with self.assertRaises(errors.ClosedError):
            session.predict(row(1))
        self.assertEqual(self.open_sessions(), 0)

    def test_what_is_forgotten_ends(self):
        session = self.noodle.session("m")
        stream = self.noodle.predict_stream("m", row(1))
        next(stream)
        self.assertEqual(self.open_sessions(), 2)
        del session, stream
        gc.collect()
        self.assertEqual(self.open_sessions(), 0)

    def test_threads_take_turns(self):
        session = self.noodle.session("m")
        seen = []

        def call():
            for _ in range(20):
                seen.append(float(session.predict(row(1))["h_next"][0, 0]))

        threads = [threading.Thread(target=call) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(sorted(seen), [float(n) for n in range(1, 81)])

    def test_a_stream_is_an_iterator(self):
        x = np.arange(1, 6, dtype=np.float32).reshape(1, 5)
        stream = self.noodle.predict_stream("m", {"x": x})
        # The inputs are the stream's own.
        x[:] = 0
        found = [answer["h_next"].ravel().tolist() for answer in stream]
        self.assertEqual(found, [[0, 0, 1, 2], [1, 2, 4, 6], [4, 6, 9, 6]])
        self.assertEqual(list(stream), [])
        with self.noodle.predict_stream("m", {"x": np.zeros((1, 100_000), dtype=np.float32)}) as stream:
            next(stream)
        self.assertEqual(list(stream), [])
        self.assertEqual(self.open_sessions(), 0)
        token = noodle_deploy.CancelToken()
        stream = self.noodle.predict_stream("m", {"x": x}, cancel=token)
        next(stream)
        token.cancel()
        with self.assertRaises(errors.CancelledError):
            next(stream)
        with self.assertRaises(errors.NotFoundError):
            self.noodle.predict_stream("nobody", {"x": x})

    def test_a_stream_of_a_session_goes_on(self):
        with self.noodle.session("m") as session:
            session.predict(row(1))
            stream = session.predict_stream({"x": np.ones((1, 4), dtype=np.float32)})
            self.assertEqual(next(stream)["h_next"].ravel().tolist(), [1, 1, 2, 2])
            with self.assertRaises(errors.ConflictError):
                session.predict(row(1))
            stream.close()
            self.assertEqual(session.predict(row(0))["h_next"].ravel().tolist(), [1, 1, 2, 2])

    def test_calls_and_streams_have_a_level_of_priority(self):
        x = {"x": np.ones((1, 2), dtype=np.float32)}
        with self.noodle.session("m") as session:
            self.assertEqual(float(session.predict(row(1), priority=1)["y"][0, 0]), 2.0)
            for level in (4, -1):
                for call in (
                    lambda: session.predict(row(1), priority=level),
                    lambda: next(session.predict_stream(x, priority=level)),
                    lambda: next(self.noodle.predict_stream("m", x, priority=level)),
                ):
                    with self.assertRaises(errors.InvalidArgumentError) as raised:
                        call()
                    self.assertEqual(raised.exception.context["field"], "priority")

    def test_coroutines(self):
        async def main():
            noodle = noodle_deploy.AsyncNoodle(self.noodle)
            async with noodle.session("m") as session:
                answers = await asyncio.gather(*(session.predict(row(1)) for _ in range(20)))
                self.assertEqual([float(a["h_next"][0, 0]) for a in answers], [float(n) for n in range(1, 21)])
                await session.reset()
                stream = session.predict_stream({"x": np.ones((1, 2), dtype=np.float32)})
                self.assertEqual([a["h_next"].ravel().tolist() async for a in stream], [[0, 0, 1, 1]])
                self.assertEqual(session.version, "1.0.0")
                await session.predict(row(1), priority=3)
                with self.assertRaises(errors.InvalidArgumentError):
                    await session.predict(row(1), priority=4)
                with self.assertRaises(errors.InvalidArgumentError):
                    await anext(session.predict_stream({"x": np.ones((1, 2), dtype=np.float32)}, priority=4))
                with self.assertRaises(errors.InvalidArgumentError):
                    await anext(noodle.predict_stream("m", row(1), priority=4))
            self.assertTrue(session.closed)
            self.assertTrue((await noodle.session("m")).sync.closed is False)
            found = 0
            async with noodle.predict_stream("m", {"x": np.ones((1, 1000), dtype=np.float32)}) as stream:
                async for answer in stream:
                    found += 1
                    if found == 3:
                        break
            self.assertEqual(found, 3)
            self.assertEqual([a async for a in stream], [])
            with self.assertRaises(errors.NotFoundError):
                async for _ in noodle.predict_stream("nobody", row(1)):
                    pass

        asyncio.run(main())
        gc.collect()
        self.assertEqual(self.open_sessions(), 0)

    def test_a_closed_handle_and_a_stopped_deployment_say_so(self):
        session, other = self.noodle.session("m"), self.noodle.session("m", version="1.0.0")
        self.noodle.undeploy(deployment="m")
        with self.assertRaises(errors.UnavailableError):
            session.predict(row(1))
        self.noodle.close()
        with self.assertRaises(errors.ClosedError):
            other.predict(row(1))


if __name__ == "__main__":
    unittest.main()
