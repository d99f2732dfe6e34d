"""Reports of long operations."""

import asyncio
import threading
import unittest

import noodle_deploy
from noodle_deploy.types import Progress
from support import MODELS, TINY, Case, serve

MODEL = MODELS / "langid-v2.onnx"


class Stopped(Exception):
    pass


class Reports(Case):
    def check(self, reports, *stages):
        """The reports are of these stages, none falls, and each stage ends with its total."""
        self.assertEqual(list(dict.fromkeys(p.stage for p in reports)), list(stages))
        for stage in stages:
            of = [p for p in reports if p.stage == stage]
            self.assertTrue(all(isinstance(p, Progress) and p.unit == of[0].unit for p in of))
            self.assertEqual(of[0].done, 0)
            self.assertEqual([p.done for p in of], sorted(p.done for p in of))
            self.assertEqual(of[-1].done, of[-1].total)

    def test_stages_and_figures(self):
        reports = []
        self.noodle.register_version(model="langid", path=MODEL, progress=reports.append)
        self.check(reports, "read", "hash", "store")
        self.assertTrue(all(p.total == MODEL.stat().st_size and p.unit == "bytes" for p in reports))
        reports.clear()
        self.noodle.deploy(deployment="langid", replicas=2, progress=reports.append)
        self.check(reports, "read", "load", "verify")
        self.assertIn(Progress(stage="load", done=2, total=2, unit="replicas"), reports)
        reports.clear()
        self.noodle.acting_as("ann").backup(to=self.tmp / "copy", progress=reports.append)
        self.check(reports, "copy_database", "check_log", "copy_artifacts")
        reports.clear()
        self.noodle.collect_garbage(progress=reports.append)
        self.check(reports, "collect")

    def test_it_runs_on_the_thread_of_the_call_and_other_threads_go_on(self):
        threads = []
        self.noodle.register_version(
            model="langid", path=MODEL, progress=lambda _: threads.append(threading.current_thread())
        )
        self.assertEqual(set(threads), {threading.current_thread()})

    def test_an_exception_is_raised_when_the_operation_has_ended(self):
        calls = []

        def stop(progress):
            calls.append(progress)
            raise Stopped

        with self.assertRaises(Stopped):
            self.noodle.register_version(model="langid", path=MODEL, progress=stop)
        self.assertEqual(len(calls), 1)
        self.assertEqual(self.noodle.get_version(model="langid").version, "1.0.0")

    def test_an_error_of_the_operation_goes_first(self):
        def stop(_):
            raise Stopped

        serve(self.noodle, "linear")
        with self.fails("conflict") as caught:
            self.noodle.register_version(
                model="linear", version="1.0.0", path=TINY / "linear.onnx", progress=stop
            )
        self.assertIsInstance(caught.exception.__context__, Stopped)

    def test_plain_calls_get_plain_values(self):
        reports = []
        self.noodle.call("collect_garbage", {}, progress=reports.append)
        self.assertEqual(reports, [{"stage": "collect", "done": 0, "total": 0, "unit": "artifacts"}])

    def test_what_is_no_function_of_one_argument(self):
        async def hear(_):
            pass

        async def main(wrong):
            async with noodle_deploy.open_async(self.tmp / "async") as noodle:
                await noodle.collect_garbage(progress=wrong)

        for wrong, shown in [(3, "3"), ("show", "'show'"), (hear, "<function .*hear.*>")]:
            for call in (
                lambda: self.noodle.collect_garbage(progress=wrong),
                lambda: self.noodle.call("collect_garbage", {}, progress=wrong),
                lambda: self.noodle.acting_as("ann").collect_garbage(progress=wrong),
                lambda: asyncio.run(main(wrong)),
            ):
                with self.assertRaisesRegex(TypeError, f"progress: {shown}, allowed: a function of one argument, not async"):
                    call()

    def test_coroutines_hear_in_the_event_loop_and_all_before_the_answer(self):
        async def main():
            async with noodle_deploy.open_async(self.tmp / "async") as noodle:
                reports, tasks = [], []

                def hear(progress):
                    reports.append(progress)
                    tasks.append(asyncio.get_running_loop())

                await noodle.register_version(model="langid", path=MODEL, progress=hear)
                self.check(reports, "read", "hash", "store")
                self.assertEqual(set(tasks), {asyncio.get_running_loop()})

                def stop(_):
                    raise Stopped

                with self.assertRaises(Stopped):
                    await noodle.acting_as("ann").deploy(deployment="langid", progress=stop)
                self.assertEqual((await noodle.get_deployment(deployment="langid")).serving, "1.0.0")

        asyncio.run(main())

    def test_coroutines_raise_what_ends_a_program_when_the_operation_has_ended(self):
        async def main(raised):
            async with noodle_deploy.open_async(self.tmp / raised.__name__) as noodle:
                calls = []

                def stop(progress):
                    calls.append(progress)
                    raise raised

                with self.assertRaises(raised):
                    await noodle.register_version(model="langid", path=MODEL, progress=stop)
                self.assertEqual(len(calls), 1)
                self.assertEqual((await noodle.get_version(model="langid")).version, "1.0.0")
                with self.fails("conflict") as caught:
                    await noodle.register_version(model="langid", version="1.0.0", path=TINY / "linear.onnx", progress=stop)
                self.assertIsInstance(caught.exception.__context__, raised)

        for raised in (SystemExit, KeyboardInterrupt, asyncio.CancelledError, Stopped):
            with self.subTest(raised.__name__):
                asyncio.run(main(raised))


if __name__ == "__main__":
    unittest.main()
