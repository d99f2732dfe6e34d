"""LitServe: JSON is what it decodes, so the bytes travel as base64."""

import base64
import os

import litserve
from engine import Engine


class Onnx(litserve.LitAPI):
    def setup(self, device):
        self.engine = Engine()

    def decode_request(self, request):
        return base64.b64decode(request["body"])

    def predict(self, body):
        return self.engine.raw(body)

    def encode_response(self, output):
        return {"body": base64.b64encode(output).decode()}


if __name__ == "__main__":
    server = litserve.LitServer(
        Onnx(), accelerator="cpu", workers_per_device=int(os.environ["COMPARE_WORKERS"]), timeout=60
    )
    server.run(host="127.0.0.1", port=int(os.environ["COMPARE_PORT"]), generate_client_file=False, log_level="error")
