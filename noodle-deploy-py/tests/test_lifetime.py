"""Close, pickle, fork, exit: a handle ends cleanly however it ends."""

import gc
import os
import pickle
import threading
import time
import unittest
import weakref

import noodle_deploy
from noodle_deploy import errors
from support import Case, register, run, sample, serve

PROGRAM = """
import os, sys, threading, time
sys.path.insert(0, sys.argv[2])
import noodle_deploy
from support import register, sample, serve
noodle = noodle_deploy.open(sys.argv[1])
register(noodle, "2.0.0")
noodle.deploy(deployment="langid", version="2.0.0")
x = {"bytes": sample(rows=16)}
"""


class Close(Case):
    def test_twice(self):
        self.assertFalse(self.noodle.closed)
        self.noodle.close()
        self.noodle.close()
        self.assertTrue(self.noodle.closed)
        self.assertEqual(repr(self.noodle), "<Noodle, closed>")

    def test_use_afterwards(self):
        serve(self.noodle, "linear")
        self.noodle.close()
        for use in (
            lambda: self.noodle.predict("linear", {"x": [[1.0] * 4]}),
            lambda: self.noodle.list_models(),
            lambda: self.noodle.dir,
            lambda: self.noodle.settings,
            lambda: self.noodle.events(),
            lambda: self.noodle.acting_as("a").list_models(),
            lambda: self.noodle.__enter__().list_models(),
        ):
            with self.fails("closed"):
                use()

    def test_a_with_statement_closes(self):
        with noodle_deploy.open(self.tmp / "other") as noodle:
            self.assertEqual(noodle.dir, self.tmp / "other")
        self.assertTrue(noodle.closed)

    def test_handles_of_one_directory_share(self):
        with noodle_deploy.open(self.dir) as twin:
            serve(twin, "linear")
        self.assertEqual([m.name for m in self.noodle.list_models().models], ["linear"])
        with self.fails("conflict"):
            noodle_deploy.open(self.dir, workers=7)

    def test_a_handle_that_nobody_keeps_is_closed(self):
        noodle = noodle_deploy.open(self.tmp / "other")
        seen = weakref.ref(noodle)
        del noodle
        gc.collect()
        self.assertIsNone(seen())
        # Else the open handle would refuse other settings.
        noodle_deploy.open(self.tmp / "other", workers=7).close()

    def test_while_others_predict(self):
        register(self.noodle, "1.0.0")
        self.noodle.deploy(deployment="langid", version="1.0.0")
        failures, begun = [], threading.Barrier(3)

        def work():
            begun.wait()
            try:
                while True:
                    self.noodle.predict("langid", {"bytes": sample()})
            except errors.ClosedError:
                pass
            except BaseException as error:
                failures.append(error)

        threads = [threading.Thread(target=work) for _ in range(2)]
        [thread.start() for thread in threads]
        begun.wait()
        time.sleep(0.05)
        self.noodle.close()
        [thread.join(10) for thread in threads]
        self.assertEqual(failures, [])
        self.assertFalse(any(thread.is_alive() for thread in threads))


class Cancel(Case):
    def test_before_and_in_the_middle(self):
        register(self.noodle, "2.0.0")
        self.noodle.deploy(deployment="langid", version="2.0.0")
        token = noodle_deploy.CancelToken()
        x = {"bytes": sample(rows=64)}
        timer = threading.Timer(0.02, token.cancel)
        timer.start()
        begun = time.monotonic()
        with self.fails("cancelled"):
            while time.monotonic() - begun < 30:
                self.noodle.predict("langid", x, cancel=token)
        with self.fails("cancelled"):
            self.noodle.predict("langid", x, cancel=token)
        timer.join()

    def test_a_deadline_that_passes(self):
        register(self.noodle, "2.0.0")
        self.noodle.deploy(deployment="langid", version="2.0.0")
        with self.fails("deadline_exceeded"):
            self.noodle.predict("langid", {"bytes": sample(rows=64)}, timeout=0.0)
        with self.assertRaises(TimeoutError):
            self.noodle.predict("langid", {"bytes": sample(rows=2048)}, timeout=0.001)
        self.assertEqual(len(self.noodle.predict("langid", {"bytes": sample()}, timeout=60)), 1)


class Pickle(Case):
    def test_is_refused_with_a_reason(self):
        serve(self.noodle, "linear")
        answer = self.noodle.predict("linear", {"x": [[1.0] * 4]})
        for value, reason in [(self.noodle, "threads and locks"), (answer, "the engine's memory")]:
            with self.assertRaisesRegex(TypeError, reason):
                pickle.dumps(value)


@unittest.skipUnless(hasattr(os, "fork"), "only where processes fork")
class Fork(Case):
    def child(self, work):
        """What a forked child says."""
        read, write = os.pipe()
        pid = os.fork()
        if pid == 0:
            status = 1
            try:
                os.write(write, work().encode())
                status = 0
            except BaseException as error:
                os.write(write, f"{type(error).__name__}: {error}".encode())
            finally:
                os._exit(status)
        os.close(write)
        with os.fdopen(read, "rb") as pipe:
            said = pipe.read().decode()
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), said

    def test_the_child_is_told(self):
        serve(self.noodle, "linear")
        events = self.noodle.events()
        for use in (
            lambda: self.noodle.predict("linear", {"x": [[1.0] * 4]}),
            lambda: self.noodle.list_models(),
            lambda: self.noodle.closed,
            lambda: events.pull(),
        ):
            status, said = self.child(use)
            self.assertEqual(status, 1)
            self.assertIn("ClosedError: the handle was opened before a fork", said)
        for dir in (self.dir, self.tmp / "other"):
            status, said = self.child(lambda: noodle_deploy.open(dir))
            self.assertIn("UnsupportedError: this process was forked while a directory was open", said)
        self.assertEqual(len(self.noodle.predict("linear", {"x": [[1.0] * 4]})), 1)

    def test_the_child_can_end(self):
        def work():
            self.noodle.close()
            del self.noodle
            gc.collect()
            return "fine"

        self.assertEqual(self.child(work), (0, "fine"))
        self.assertEqual(self.noodle.list_models().models, [])

    def test_a_child_may_open_when_the_parent_has_nothing_open(self):
        program = """
import os, sys, noodle_deploy
noodle_deploy.open(sys.argv[1]).close()
pid = os.fork()
if pid == 0:
    with noodle_deploy.open(sys.argv[1]) as noodle:
        print(len(noodle.list_models().models), flush=True)
    os._exit(7)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
"""
        done = run(program, self.tmp / "other")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (7, "0\n", ""))


class Exit(Case):
    """An interpreter that ends in the middle of something ends quickly, with nothing on its standard error."""

    def ends(self, program, stdout="done\n"):
        begun = time.monotonic()
        done = run(PROGRAM + program, self.tmp / "state", os.path.dirname(__file__))
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, stdout, ""))
        self.assertLess(time.monotonic() - begun, 60)

    def test_with_an_open_handle(self):
        self.ends("print('done')")

    def test_in_a_predict_of_a_daemon_thread(self):
        self.ends("""
def work():
    try:
        while True:
            noodle.predict("langid", x)
    except noodle_deploy.errors.ClosedError:
        pass
for _ in range(3):
    threading.Thread(target=work, daemon=True).start()
time.sleep(0.3)
print('done')
""")

    def test_in_a_predict_of_a_coroutine(self):
        self.ends("""
import asyncio
async def main():
    noodle2 = noodle_deploy.AsyncNoodle(noodle)
    tasks = [asyncio.create_task(noodle2.predict("langid", x)) for _ in range(8)]
    await asyncio.sleep(0.05)
    print('done')
asyncio.run(main())
""")

    def test_with_a_live_subscription(self):
        self.ends("""
events = noodle.events()
threading.Thread(target=lambda: list(events), daemon=True).start()
time.sleep(0.1)
print('done')
""")


class Html(Case):
    def test_what_notebooks_show(self):
        view = serve(self.noodle, "linear")
        answer = self.noodle.predict("linear", {"x": [[1.0] * 4]})
        for shown in (view._repr_html_(), self.noodle._repr_html_(), answer._repr_html_()):
            self.assertTrue(shown.startswith("<table>"))
            self.assertIn("linear", shown)
        self.assertIn("1 × 2", answer._repr_html_())
        self.noodle.close()
        self.assertIn("closed", self.noodle._repr_html_())


if __name__ == "__main__":
    unittest.main()
