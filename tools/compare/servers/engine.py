"""What runs behind every server: ONNX Runtime with one thread, told by the environment which model to load."""

import os
import sys
from pathlib import Path

import numpy as np
import onnxruntime

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from models import model  # noqa: E402


class Engine:
    """A loaded model that takes raw bytes or arrays."""

    def __init__(self):
        self.model = model(os.environ["COMPARE_MODEL"], os.environ["COMPARE_FETCHED"])
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self.session = onnxruntime.InferenceSession(str(self.model.path), options, providers=["CPUExecutionProvider"])
        self.outputs = [output.name for output in self.session.get_outputs()]

    def arrays(self, inputs):
        """Outputs by name."""
        return dict(zip(self.outputs, self.session.run(None, inputs), strict=True))

    def raw(self, body):
        """The first output as bytes."""
        first = self.session.run(self.outputs[:1], self.model.unpack(body))[0]
        return np.ascontiguousarray(first).tobytes()
