"""Messages of the library arrive in Python's `logging`."""

import logging
import os
import sys
import textwrap
import threading
import time
import unittest

import noodle_deploy
from noodle_deploy import _native
from support import Case, run, serve

SAYS = "noodle_deploy.test"


class Kept(logging.Handler):
    """Keeps records; slow where there is a gate."""

    def __init__(self, gate=None):
        super().__init__()
        self.records, self.gate, self.entered = [], gate, threading.Event()

    def emit(self, record):
        self.entered.set()
        if self.gate is not None:
            self.gate.wait()
        self.records.append(record)


class Messages(Case):
    def keep(self, name="noodle_deploy", level=logging.DEBUG, gate=None):
        logger, handler = logging.getLogger(name), Kept(gate)
        before = logger.level
        logger.addHandler(handler)
        logger.setLevel(level)
        self.addCleanup(logger.removeHandler, handler)
        self.addCleanup(logger.setLevel, before)
        return handler

    def until(self, true):
        begun = time.monotonic()
        while not true():
            self.assertLess(time.monotonic() - begun, 20)
            time.sleep(0.001)

    def test_loggers_levels_and_fields(self):
        records = self.keep().records
        begun = time.time()
        serve(self.noodle, "linear")
        self.noodle.close()
        found = {record.msg.partition(" (")[0]: record for record in records}
        up, closed = found["revision is up"], found["closed"]
        self.assertEqual((up.name, up.levelname), ("noodle_deploy.reconcile", "INFO"))
        self.assertEqual((up.deployment, up.revision, up.version), ("linear", "1", "1.0.0"))
        self.assertIn("deployment: linear", up.getMessage())
        self.assertEqual((closed.levelname, closed.directory), ("DEBUG", str(self.dir)))
        self.assertLessEqual(begun - 0.01, up.created)
        self.assertLess(up.created, time.time() + 0.01)

    def test_unittest_sees_them(self):
        with self.assertLogs("noodle_deploy", "INFO") as logs:
            serve(self.noodle, "linear")
            self.noodle.close()
        self.assertRegex("\n".join(logs.output), r"INFO:noodle_deploy\.reconcile:revision is up \(deployment: linear")

    def test_a_handler_that_means_to_end_the_program_costs_one_message(self):
        shown = []
        self.addCleanup(setattr, sys, "excepthook", sys.excepthook)
        sys.excepthook = lambda kind, error, traceback: shown.append(kind)

        class Ends(logging.Handler):
            raises = [SystemExit, KeyboardInterrupt, GeneratorExit, RuntimeError]

            def emit(self, record):
                if self.raises:
                    raise self.raises.pop(0)

        handler = Ends()
        logging.getLogger(SAYS).addHandler(handler)
        self.addCleanup(logging.getLogger(SAYS).removeHandler, handler)
        # This handler comes after, and misses what the first one raises for.
        records = self.keep(SAYS).records
        _native.say("something", 10)
        self.until(lambda: len(records) == 6)
        self.assertEqual(shown, [SystemExit, KeyboardInterrupt, GeneratorExit, RuntimeError])

        def fails(kind, error, traceback):
            raise SystemExit

        sys.excepthook = fails
        Ends.raises = [SystemExit]
        _native.say("something", 2)
        self.until(lambda: len(records) == 7)

    def test_pytest_sees_them(self):
        (self.tmp / "test_caplog.py").write_text(
            textwrap.dedent("""\
            import logging
            import noodle_deploy

            def test_caplog(tmp_path, caplog):
                with caplog.at_level(logging.DEBUG, logger="noodle_deploy"):
                    noodle_deploy.open(tmp_path / "dir").close()
                assert {"opened", "closed"} <= {record.getMessage().partition(" (")[0] for record in caplog.records}
            """),
            encoding="utf-8",
        )
        program = "import sys, pytest; sys.exit(pytest.main(['-q', '-p', 'no:cacheprovider', sys.argv[1]]))"
        done = run(program, self.tmp / "test_caplog.py")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_levels_may_change_at_any_time(self):
        records = self.keep().records
        logger = logging.getLogger("noodle_deploy")
        for level, expected in [(logging.ERROR, 0), (logging.WARNING, 1), (logging.CRITICAL, 1), (logging.NOTSET, 2)]:
            logger.setLevel(level)
            _native.say("something", 1)
            noodle_deploy.open(self.tmp / "other").close()
            self.assertEqual(len([r for r in records if r.name == SAYS]), expected, level)

    def test_without_any_configuration_warnings_go_to_standard_error(self):
        program = """
import sys, noodle_deploy
from noodle_deploy import _native
with noodle_deploy.open(sys.argv[1]):
    _native.say("as a warning", 1)
"""
        done = run(program, self.tmp / "other")
        self.assertEqual((done.returncode, done.stdout), (0, ""))
        self.assertEqual(done.stderr, "as a warning (name: of a field, time: 0)\n")

    def test_a_field_that_logging_keeps_for_itself(self):
        records = self.keep().records
        _native.say("100 % {sure}", 1)
        self.noodle.close()
        [record] = [record for record in records if record.name == SAYS]
        self.assertEqual((record.name, record.name_, record.time), (SAYS, "of a field", "0"))
        self.assertEqual(record.getMessage(), "100 % {sure} (name: of a field, time: 0)")

    def test_handlers_that_are_too_slow_lose_messages_and_say_how_many(self):
        gate = threading.Event()
        handler = self.keep(gate=gate)
        records = handler.records
        _native.say("first", 1)
        # The thread holds what was said before in its hands: only the queue is full.
        self.assertTrue(handler.entered.wait(20))
        begun = time.monotonic()
        _native.say("then", 5_000)
        self.assertLess(time.monotonic() - begun, 5)
        gate.set()
        self.until(lambda: any("lost" in record.msg for record in records))
        said = [record for record in records if record.name == SAYS]
        [lost] = [record for record in records if record.name == "noodle_deploy"]
        # The queue, and one that the thread may hold in its hands; the rest is counted.
        self.assertIn(len(said), (1_000, 1_001))
        self.assertEqual((len(said) + lost.lost, lost.levelname), (5_001, "WARNING"))
        self.assertEqual(lost.getMessage(), f"{lost.lost} messages were lost: the handlers are too slow")
        self.assertEqual([record.time for record in said[1:]], [str(n) for n in range(len(said) - 1)])

    def test_a_handler_that_hangs_does_not_keep_a_close(self):
        gate = threading.Event()
        self.keep(gate=gate)
        self.addCleanup(gate.set)
        _native.say("something", 1)
        begun = time.monotonic()
        self.noodle.close()
        self.assertLess(time.monotonic() - begun, 10)

    def test_a_handler_may_use_the_library(self):
        other = noodle_deploy.open(self.tmp / "other")

        class Closes(logging.Handler):
            def emit(self, record):
                if record.name == SAYS:
                    other.close()

        handler = Closes()
        logging.getLogger("noodle_deploy").addHandler(handler)
        self.addCleanup(logging.getLogger("noodle_deploy").removeHandler, handler)
        begun = time.monotonic()
        _native.say("close it", 1)
        self.noodle.close()
        self.assertTrue(other.closed)
        self.assertLess(time.monotonic() - begun, 10)

    def test_a_filter_that_fails_costs_one_message(self):
        records = self.keep().records
        failed = []

        def fails(record):
            if record.getMessage().startswith("bad"):
                raise RuntimeError("in a filter")
            return True

        logger = logging.getLogger(SAYS)
        logger.addFilter(fails)
        self.addCleanup(logger.removeFilter, fails)
        before, sys.excepthook = sys.excepthook, lambda kind, error, trace: failed.append(str(error))
        try:
            _native.say("bad", 1)
            _native.say("good", 1)
            self.noodle.close()
        finally:
            sys.excepthook = before
        self.assertEqual(failed, ["in a filter"])
        self.assertEqual([r.msg.partition(" ")[0] for r in records if r.name == SAYS], ["good"])


class Ends(Case):
    def ends(self, program, *args):
        begun = time.monotonic()
        done = run("import logging, os, sys, threading, time\n" + textwrap.dedent(program), self.tmp / "other", *args)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertLess(time.monotonic() - begun, 30)
        return done

    def test_the_end_of_the_interpreter_hands_everything_over(self):
        done = self.ends("""
            import noodle_deploy
            from noodle_deploy import _native
            noodle = noodle_deploy.open(sys.argv[1])
            logging.basicConfig(level=logging.DEBUG, stream=sys.stdout, format="%(message).10s")
            _native.say("said", 300)
        """)
        lines = done.stdout.splitlines()
        self.assertEqual((lines.count("said (name"), lines[-1]), (300, "closed (di"))
        self.assertEqual(done.stderr, "")

    def test_a_filter_that_hangs_does_not_keep_the_interpreter(self):
        # A handler that hangs keeps its lock, and `logging` itself waits for that.
        done = self.ends("""
            import noodle_deploy
            from noodle_deploy import _native
            logging.getLogger("noodle_deploy.test").addFilter(lambda record: threading.Event().wait())
            noodle = noodle_deploy.open(sys.argv[1])
            _native.say("something", 1)
            print("done")
        """)
        self.assertEqual((done.stdout, done.stderr), ("done\n", ""))

    def test_an_open_at_the_end_of_the_interpreter(self):
        done = self.ends("""
            import atexit
            def late():
                import noodle_deploy
                with noodle_deploy.open(sys.argv[1]) as noodle:
                    print(len(noodle.list_models().models))
            atexit.register(late)
        """)
        self.assertEqual((done.stdout, done.stderr), ("0\n", ""))

    @unittest.skipUnless(hasattr(os, "fork"), "only where processes fork")
    def test_a_fork_in_the_midst_of_messages(self):
        done = self.ends("""
            import noodle_deploy
            from noodle_deploy import _native
            logging.getLogger("noodle_deploy").addHandler(logging.NullHandler())
            noodle = noodle_deploy.open(sys.argv[1])
            stop = threading.Event()
            def say():
                while not stop.is_set():
                    _native.say("something", 100)
            threading.Thread(target=say).start()
            for _ in range(50):
                pid = os.fork()
                if pid == 0:
                    noodle.close()
                    sys.exit(7)  # with all that is done at exit
                assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 7
            stop.set()
            print("done")
        """)
        self.assertEqual(done.stdout, "done\n")

    @unittest.skipUnless(hasattr(os, "fork"), "only where processes fork")
    def test_a_child_that_opens_speaks_for_itself(self):
        done = self.ends("""
            import noodle_deploy
            logging.basicConfig(level=logging.DEBUG, stream=sys.stdout, format="%(process)d %(message).6s")
            noodle_deploy.open(sys.argv[1]).close()
            sys.stdout.flush()
            pid = os.fork()
            if pid == 0:
                noodle_deploy.open(sys.argv[1]).close()
                sys.stdout.flush()
                os._exit(0)
            os.waitpid(pid, 0)
            print(os.getpid(), pid)
        """)
        *lines, pids = done.stdout.splitlines()
        for pid in pids.split():
            for said in ("opened", "closed"):
                self.assertIn(f"{pid} {said}", lines)


if __name__ == "__main__":
    unittest.main()
