"""Finds speech in a sound file with Silero VAD: a deployment that carries state, asked window by window.

`python examples/python/voice_activity.py [FILE.wav]`; the file is mono, 16 bits, 16,000 samples a second. Without one,
the example makes its own. `NOODLE_MODELS_DIR` holds `silero-vad.onnx`, as `cargo xtask models` fetches it.
"""

import asyncio
import os
import sys
import tempfile
import wave
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import noodle_deploy
from noodle_deploy import types

RATE = 16_000
# Samples of a window, and those before it that the model wants to hear again.
WINDOW, CONTEXT = 512, 64

Sound = NDArray[np.float32]


def voice(seconds: float) -> Sound:
    """A voice that says vowels: pulses of a glottis, whose pitch moves as in a sentence, through three resonators."""
    vowels = [(730, 1090, 2440), (530, 1840, 2480), (270, 2290, 3010), (570, 840, 2410), (300, 870, 2240)]
    at = np.arange(int(seconds * RATE)) / RATE
    pitch = 120 + 25 * np.sin(2 * np.pi * 0.8 * at) + 3 * np.sin(2 * np.pi * 5 * at)
    pulses = np.diff(np.floor(np.cumsum(pitch / RATE)), prepend=0.0)
    width = np.exp(-2 * np.pi * 45 / RATE)
    past = [[0.0, 0.0], [0.0, 0.0], [0.0, 0.0]]
    out = np.zeros(len(at), dtype=np.float32)
    for n, pulse in enumerate(pulses):
        for place, (centre, gain) in enumerate(zip(vowels[int(at[n] * 5) % 5], (1.0, 0.6, 0.3))):
            one, two = past[place]
            now = pulse + 2 * width * np.cos(2 * np.pi * centre / RATE) * one - width**2 * two
            past[place] = [now, one]
            out[n] += gain * now
    loud = np.sin(np.pi * (at * 5 % 1)) ** 0.6
    sound: Sound = np.clip(0.06 * loud * out, -1, 1).astype(np.float32)
    return sound


def write(path: Path) -> None:
    """A second of faint noise, two seconds of a voice, and a second of noise."""
    noise = np.random.default_rng(1).uniform(-0.001, 0.001, 4 * RATE).astype(np.float32)
    noise[RATE : 3 * RATE] += voice(2)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((noise * 32767).astype("<i2").tobytes())


def read(path: Path) -> Sound:
    with wave.open(str(path), "rb") as file:
        if (file.getnchannels(), file.getsampwidth(), file.getframerate()) != (1, 2, RATE):
            raise SystemExit(f"{path} is not mono, 16 bits and {RATE} samples a second")
        samples = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2").astype(np.float32)
    samples /= 32768
    return samples


def segments(probabilities: Iterable[float]) -> list[tuple[float, float]]:
    """Seconds from where to where windows have speech: it begins at a half, and ends below a third."""
    found, begin, end = [], None, 0.0
    for window, probability in enumerate(probabilities):
        at, end = window * WINDOW / RATE, (window + 1) * WINDOW / RATE
        if begin is None and probability >= 0.5:
            begin = at
        elif begin is not None and probability < 0.35:
            found.append((begin, at))
            begin = None
    return found if begin is None else [*found, (begin, end)]


async def microphone(noodle: noodle_deploy.Noodle, samples: Sound) -> list[float]:
    """One session, one window a call, as sound would come from a microphone."""
    heard, rate, found = np.zeros(CONTEXT, dtype=np.float32), np.array(RATE), []
    async with noodle_deploy.AsyncNoodle(noodle).session("vad") as session:
        for at in range(0, len(samples), WINDOW):
            chunk = samples[at : at + WINDOW]
            heard = np.concatenate([heard[-CONTEXT:], chunk, np.zeros(WINDOW - len(chunk), dtype=np.float32)])
            answer = await session.predict({"input": heard[None], "sr": rate})
            found.append(float(answer["output"][0, 0]))
    return found


def main(model: Path, dir: Path, file: Path | None) -> None:
    path = file or dir / "sound.wav"
    if file is None:
        write(path)
    samples = read(path)
    with noodle_deploy.open(dir / "directory") as noodle:
        noodle.register_version(model="vad", path=model, version="1.0.0")
        state = types.CarriedTensor(output="stateN", input="state", shape=[2, 1, 128])
        noodle.deploy(
            deployment="vad",
            state=types.StateConfig(carried=[state]),
            stream=types.Windows(input="input", axis=1, length=WINDOW, hop=WINDOW, context=CONTEXT),
        )
        # The whole file as one stream.
        answers = noodle.predict_stream("vad", {"input": samples[None], "sr": np.array(RATE)})
        probabilities = [float(answer["output"][0, 0]) for answer in answers]
        found = segments(probabilities)
        for begin, end in found:
            print(f"speech from {begin:.2f} s to {end:.2f} s")
        assert asyncio.run(microphone(noodle, samples)) == probabilities
        print(f"{len(probabilities)} windows, and a session says the same one by one")
        if file is None:
            assert len(found) == 1 and 0.7 < found[0][0] < 1.3 and 2.7 < found[0][1] < 3.4, found


if __name__ == "__main__":
    folder = Path(os.environ.get("NOODLE_MODELS_DIR", Path.home() / ".cache/noodle-deploy/models"))
    if not (folder / "silero-vad.onnx").is_file():
        print("Silero VAD is not there: fetch it with `cargo xtask models`")
    else:
        given = Path(sys.argv[1]) if len(sys.argv) > 1 else None
        with tempfile.TemporaryDirectory() as temporary:
            main(folder / "silero-vad.onnx", Path(temporary), given)
