"""BentoML: one method that takes and gives raw bytes."""

import os
from typing import Annotated

import bentoml
from bentoml.validators import ContentType
from engine import Engine

Raw = Annotated[bytes, ContentType("application/octet-stream")]


@bentoml.service(workers=int(os.environ["COMPARE_WORKERS"]), metrics={"enabled": False}, logging={"access": {"enabled": False}})
class Onnx:
    def __init__(self):
        self.engine = Engine()

    @bentoml.api
    def predict(self, body: Raw, /) -> Raw:
        return self.engine.raw(body)
