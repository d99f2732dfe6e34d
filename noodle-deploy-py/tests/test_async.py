"""Coroutines: the same methods, predictions on the library's threads, events."""

import asyncio
import inspect
import time
import unittest

import numpy as np

import noodle_deploy
from noodle_deploy.client import AsyncOperations, Operations
from support import Case, register, sample, serve


class Async(Case):
    def run_async(self, work, **settings):
        async def main():
            async with noodle_deploy.open_async(self.tmp / "async", **settings) as noodle:
                return await work(noodle)

        return asyncio.run(main())

    def test_the_methods_are_the_same(self):
        def methods(of):
            found = inspect.getmembers(of, inspect.isfunction)
            return {name: (inspect.signature(method), method.__doc__) for name, method in found}

        self.assertEqual(methods(AsyncOperations), methods(Operations))
        self.assertTrue(all(map(inspect.iscoroutinefunction, (AsyncOperations.deploy, AsyncOperations.history))))

    def test_operations_and_predictions(self):
        async def work(noodle):
            version = await noodle.register_version(model="linear", path=self.model("linear"))
            view = await noodle.deploy(deployment="linear", version=version.version)
            self.assertEqual(view.desired.state, "running")
            answer = await noodle.predict("linear", {"x": np.ones((1, 4), np.float32)})
            expected = noodle.sync.predict("linear", {"x": np.ones((1, 4), np.float32)})
            np.testing.assert_array_equal(answer["y"], expected["y"])
            self.assertEqual((await noodle.acting_as("eve", role="viewer").list_models()).models[0].name, "linear")
            with self.fails("forbidden", role="viewer"):
                await noodle.acting_as("eve", role="viewer").undeploy(deployment="linear")
            with self.fails("not_found", deployment="nobody"):
                await noodle.predict("nobody", {})
            many = [noodle.predict("linear", {"x": [[i] * 4]}) for i in range(200)]
            answers = await asyncio.gather(*many)
            for i, answer in enumerate(answers):
                np.testing.assert_array_equal(answer["y"], expected["y"] * i)

        self.run_async(work)

    def model(self, name):
        from support import TINY

        return TINY / f"{name}.onnx"

    def test_the_loop_goes_on_meanwhile(self):
        async def work(noodle):
            register(noodle.sync, "2.0.0")
            await noodle.deploy(deployment="langid", version="2.0.0")
            task = asyncio.create_task(noodle.predict("langid", {"bytes": sample(rows=64)}))
            turns = 0
            while not task.done():
                await asyncio.sleep(0)
                turns += 1
            self.assertGreater(turns, 10)
            self.assertEqual((await task).version, "2.0.0")

        self.run_async(work)

    def test_inputs_may_change_at_once(self):
        async def work(noodle):
            serve(noodle.sync, "linear")
            x = np.ones((1, 4), np.float32)
            expected = noodle.sync.predict("linear", {"x": x})["y"]
            task = noodle.predict("linear", {"x": x})
            pending = asyncio.ensure_future(task)
            await asyncio.sleep(0)
            x[:] = 77
            np.testing.assert_array_equal((await pending)["y"], expected)

        self.run_async(work)

    def test_a_cancelled_task_cancels_its_request(self):
        async def work(noodle):
            register(noodle.sync, "2.0.0")
            await noodle.deploy(deployment="langid", version="2.0.0")
            big = {"bytes": sample(rows=64)}
            begun = time.monotonic()
            await noodle.predict("langid", big)
            alone = time.monotonic() - begun
            tasks = [asyncio.create_task(noodle.predict("langid", big)) for _ in range(50)]
            await asyncio.sleep(0)
            [task.cancel() for task in tasks]
            results = await asyncio.gather(*tasks, return_exceptions=True)
            self.assertTrue(all(isinstance(result, asyncio.CancelledError) for result in results))
            begun = time.monotonic()
            await noodle.predict("langid", {"bytes": sample()})
            self.assertLess(time.monotonic() - begun, 25 * alone, "what was cancelled still ran")
            with self.assertRaises(TimeoutError):
                await noodle.predict("langid", big, timeout=0.0)
            token = noodle_deploy.CancelToken()
            token.cancel()
            with self.fails("cancelled"):
                await noodle.predict("langid", big, cancel=token)

        self.run_async(work, workers=1)

    def test_requests_gather_beyond_the_workers(self):
        async def work(noodle):
            serve(noodle.sync, "linear")
            # Whoever is short of 32 waits for ten seconds.
            batching = {"max_batch_size": 32, "adaptive": False, "max_delay_us": 10_000_000}
            await noodle.deploy(deployment="linear", model="linear", version="latest", batching=batching)
            x = [[1.0, 2.0, 3.0, 4.0]]
            many = [noodle.predict("linear", {"x": x}, priority=i % 3 + 1) for i in range(64)]
            answers = await asyncio.wait_for(asyncio.gather(*many), 8)
            np.testing.assert_array_equal(answers[0]["y"], answers[63]["y"])
            replicas = (await noodle.get_deployment(deployment="linear")).replicas
            (status,) = [status.batching for status in replicas.values() if status.batching]
            self.assertEqual((int(status.batches), int(status.rows)), (2, 64))
            for level in (4, 2**31):
                with self.fails("invalid_argument", field="priority", value=str(level)):
                    await noodle.predict("linear", {"x": x}, priority=level)

        self.run_async(work, workers=2)

    def test_a_full_queue(self):
        async def work(noodle):
            register(noodle.sync, "2.0.0")
            await noodle.deploy(deployment="langid", version="2.0.0")
            tasks = [noodle.predict("langid", {"bytes": sample(rows=16)}) for _ in range(8)]
            results = await asyncio.gather(*tasks, return_exceptions=True)
            refused = [r for r in results if isinstance(r, noodle_deploy.errors.OverloadedError)]
            self.assertGreaterEqual(len(refused), 1)
            self.assertTrue(refused[0].retryable)
            self.assertGreaterEqual(len([r for r in results if isinstance(r, noodle_deploy.Prediction)]), 1)

        self.run_async(work, workers=1, max_queue=1)

    def test_open_by_await_and_close(self):
        async def main():
            noodle = await noodle_deploy.open_async(self.tmp / "async")
            self.assertEqual(noodle.dir, self.tmp / "async")
            await noodle.close()
            await noodle.close()
            self.assertTrue(noodle.closed)
            with self.fails("closed"):
                await noodle.predict("x", {})

        asyncio.run(main())

    def test_events_end_with_the_handle(self):
        async def work(noodle):
            seen = []

            async def watch():
                async with noodle.events() as events:
                    async for event in events:
                        seen.append(event.event.type)

            task = asyncio.create_task(watch())
            await asyncio.sleep(0.05)
            await asyncio.to_thread(serve, noodle.sync, "linear")
            while "promoted" not in seen:
                await asyncio.sleep(0.01)
            await noodle.close()
            await asyncio.wait_for(task, 10)
            self.assertEqual(seen[0], "version_registered")

        self.run_async(work)

    def test_a_cancelled_pull_loses_nothing(self):
        async def work(noodle):
            events = noodle.events()
            for _ in range(3):
                with self.assertRaises(TimeoutError):
                    await asyncio.wait_for(events.pull(timeout=0.5), 0.02)
            await asyncio.to_thread(serve, noodle.sync, "linear")
            sequences = []
            while len(sequences) < 3:
                event = await events.pull(timeout=1)
                if event is not None:
                    sequences.append(event.sequence)
            self.assertEqual(sequences, ["1", "2", "3"])

        self.run_async(work)

    def test_a_watch_can_be_cancelled(self):
        async def work(noodle):
            async def watch():
                async for _ in noodle.events():
                    pass

            task = asyncio.create_task(watch())
            await asyncio.sleep(0.05)
            task.cancel()
            with self.assertRaises(asyncio.CancelledError):
                await asyncio.wait_for(task, 10)

        self.run_async(work)


if __name__ == "__main__":
    unittest.main()
