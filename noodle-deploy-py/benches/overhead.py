"""What a prediction costs from Python: over the same call from Rust, beside ONNX Runtime, and with two threads.

`PYTHONPATH=DIRECTORY python noodle-deploy-py/benches/overhead.py`, where the directory has the package. The figure of
Rust is there where the native module was built with the feature `testing`. Programs are asked in turn, so that a busy
machine meets them alike; figures are medians in microseconds.
"""

import statistics
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
import onnxruntime

import noodle_deploy
from noodle_deploy import _native

ROOT = Path(__file__).resolve().parents[2]
TINY = ROOT / "conformance/models/linear.onnx"
LANGID = {"v1": ROOT / "examples/models/langid-v1.onnx", "v2": ROOT / "examples/models/langid-v2.onnx"}


def serve(noodle, name, path):
    version = noodle.register_version(model=name, path=path)
    noodle.deploy(deployment=name, model=name, version=version.version)


def session(path):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def interleaved(works, rounds, each):
    """The median time of a call of each work, in microseconds."""
    times = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            work()
            for _ in range(each):
                begun = time.perf_counter_ns()
                work()
                times[name].append(time.perf_counter_ns() - begun)
    return {name: statistics.median(taken) / 1000 for name, taken in times.items()}


def overhead(noodle):
    serve(noodle, "linear", TINY)
    x = {"x": np.ones((1, 4), np.float32)}
    ort = session(TINY)
    rust = []
    works = {
        "nothing": lambda: None,
        "predict": lambda: noodle.predict("linear", x),
        "predict and read": lambda: noodle.predict("linear", x)["y"],
        "onnxruntime": lambda: ort.run(None, x),
    }
    time_predict = getattr(_native, "time_predict", None)
    if time_predict is not None:
        works["from Rust"] = lambda: rust.append(time_predict(noodle, "linear", x, 100))
    figures = interleaved(works, rounds=300, each=20)
    empty = figures.pop("nothing")
    figures = {name: took - empty for name, took in figures.items()}
    if rust:
        figures["from Rust"] = statistics.median(rust) / 1000
    print("a model of one node [1, 4]:")
    for name, took in figures.items():
        over = f", over Rust {took - figures['from Rust']:+.2f} µs" if rust and name != "from Rust" else ""
        print(f"  {name:<18} {took:6.2f} µs{over}")


def beside_onnxruntime(noodle):
    for name, path in LANGID.items():
        serve(noodle, name, path)
        for length in (512, 8192):
            x = {"bytes": np.full((1, length), 256, np.int32)}
            x["bytes"][0, :200] = np.arange(200) % 100 + 27
            ort = session(path)
            ours = noodle.predict(name, x)["probabilities"]
            np.testing.assert_allclose(ours, ort.run(None, x)[0], atol=1e-4)
            figures = interleaved(
                {"noodle": lambda: noodle.predict(name, x)["probabilities"], "ort": lambda: ort.run(None, x)[0]},
                rounds=20,
                each=10,
            )
            ratio = figures["noodle"] / figures["ort"]
            print(
                f"langid {name} [1, {length}]: {figures['noodle']:8.0f} µs, onnxruntime (1 thread) {figures['ort']:8.0f} µs,"
                f" ratio {ratio:.2f}"
            )


def two_threads(noodle):
    # Each replica answers one request at a time.
    noodle.scale(deployment="v2", replicas=2)
    x = {"bytes": np.full((1, 8192), 256, np.int32)}

    def work(times):
        for _ in range(times):
            noodle.predict("v2", x)

    def wall(threads, times):
        begun = time.perf_counter()
        running = [threading.Thread(target=work, args=(times,)) for _ in range(threads)]
        [thread.start() for thread in running]
        [thread.join() for thread in running]
        return time.perf_counter() - begun

    wall(1, 20)
    ratios = [2 * wall(1, 150) / wall(2, 150) for _ in range(7)]
    print(f"two threads do {statistics.median(ratios):.2f} times what one does (best {max(ratios):.2f})")


def main():
    print(f"noodle-deploy {noodle_deploy.version()}, onnxruntime {onnxruntime.__version__}, numpy {np.__version__}")
    with tempfile.TemporaryDirectory() as dir, noodle_deploy.open(dir + "/state") as noodle:
        overhead(noodle)
        beside_onnxruntime(noodle)
        two_threads(noodle)


if __name__ == "__main__":
    main()
