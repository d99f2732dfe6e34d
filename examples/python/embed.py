"""The shortest way to a prediction; the package's README shows it.

`python examples/python/embed.py`
"""

# README begins
import numpy as np

import noodle_deploy


def language(dir: str, model: str, source: bytes) -> str:
    """Which language a source file is written in."""
    with noodle_deploy.open(dir) as noodle:  # made where it is missing; what ran when it was last open runs again
        version = noodle.register_version(model="langid", path=model)
        noodle.deploy(deployment="langid", version=version.version)

        window = np.full((1, 8192), 256, np.int32)  # for this model 256 stands for "no byte"
        window[0, : len(source)] = np.frombuffer(source, np.uint8)[:8192]
        answer = noodle.predict("langid", {"bytes": window})
        label, probability = answer.top(1)[0][0]
        return f"{label} {probability:.2f}, says version {answer.version}"


# README ends

if __name__ == "__main__":
    import tempfile
    from pathlib import Path

    models = Path(__file__).resolve().parents[1] / "models"
    with tempfile.TemporaryDirectory() as temporary:
        hello = (models / "samples/hello.py").read_bytes()
        print(language(str(Path(temporary, "state")), str(models / "langid-v2.onnx"), hello))
