"""What the tests share."""

import os
import subprocess
import sys
import tempfile
import unittest
from contextlib import contextmanager
from pathlib import Path

import noodle_deploy

ROOT = Path(__file__).resolve().parents[2]
MODELS = ROOT / "examples/models"
TINY = ROOT / "conformance/models"
WINDOW = 8192


def register(noodle, version):
    """Registers a version of the language detector."""
    stem = MODELS / f"langid-v{version[0]}"
    return noodle.register_version(
        model="langid",
        path=stem.with_suffix(".onnx"),
        version=version,
        probes_path=stem.with_suffix(".probe.json"),
    )


def serve(noodle, model, path=None):
    """Registers and deploys a model of a few nodes under its own name."""
    version = noodle.register_version(model=model, path=path or TINY / f"{model}.onnx")
    return noodle.deploy(deployment=model, model=model, version=version.version)


def sample(text=b"fn main() {}\n", rows=1):
    """What the language detector takes: bytes, and 256 for none."""
    import numpy as np

    array = np.full((rows, WINDOW), 256, np.int32)
    array[:, : len(text)] = np.frombuffer(text, np.uint8)
    return array


class Case(unittest.TestCase):
    """A test with an open directory."""

    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.tmp = Path(os.path.realpath(temporary.name))
        self.dir = self.tmp / "dir"
        self.noodle = noodle_deploy.open(self.dir)
        self.addCleanup(self.noodle.close)

    @contextmanager
    def fails(self, kind, **context):
        """An error of a kind, whose context has these values."""
        with self.assertRaises(noodle_deploy.errors.KINDS[kind]) as caught:
            yield caught
        for name, value in context.items():
            self.assertIn(value, caught.exception.context.get(name, "(absent)"), caught.exception)


def run(program, *args, **options):
    """Runs Python code in an interpreter of its own, with this one's path."""
    options.setdefault("timeout", 120)
    command = [sys.executable, "-X", "faulthandler", "-c", program, *map(str, args)]
    return subprocess.run(command, capture_output=True, text=True, **options)
