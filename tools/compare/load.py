"""Asks one contender for so many seconds with so many threads that never pause; prints what it saw as JSON."""

import argparse
import json
import threading
import time

import numpy as np
from callers import connect
from models import model


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("kind")
    parser.add_argument("model")
    parser.add_argument("--fetched", required=True)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--callers", type=int, required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    arguments = parser.parse_args()
    asked = model(arguments.model, arguments.fetched)
    contender = connect(arguments.kind, asked, arguments.port, arguments.threads)
    contender.start()
    arrays = asked.request()
    answer = np.asarray(contender.caller()(arrays), np.float32).ravel()

    times = [[] for _ in range(arguments.callers)]
    errors = []
    # A third of the time to warm up, then the clock of everybody begins.
    start = time.perf_counter() + arguments.seconds / 3
    end = start + arguments.seconds

    def work(mine):
        try:
            call = contender.caller()
            while (begun := time.perf_counter()) < end:
                call(arrays)
                if begun >= start:
                    mine.append(time.perf_counter() - begun)
        except Exception as error:  # noqa: BLE001 - told to whoever reads the figures
            errors.append(repr(error))

    workers = [threading.Thread(target=work, args=(mine,)) for mine in times]
    for worker in workers:
        worker.start()
    time.sleep(max(0.0, start - time.perf_counter()))
    cpu = time.process_time()
    print("begun", flush=True)
    time.sleep(max(0.0, end - time.perf_counter()))
    cpu = time.process_time() - cpu
    print("ended", flush=True)
    for worker in workers:
        worker.join()
    took = sorted(took for mine in times for took in mine)
    if errors or not took:
        raise SystemExit(f"{arguments.kind}: {errors[:3]}, {len(took)} answers")
    seen = {
        "answers": len(took),
        "p50": took[len(took) // 2],
        "p99": took[min(len(took) - 1, len(took) * 99 // 100)],
        "cpu": cpu,
        "answer": answer[:64].tolist(),
    }
    print(json.dumps(seen))


if __name__ == "__main__":
    main()
