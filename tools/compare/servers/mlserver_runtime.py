"""MLServer: a runtime of its own kind, spoken to by the open inference protocol over gRPC with raw contents."""

from engine import Engine
from mlserver import MLModel
from mlserver.codecs import NumpyCodec
from mlserver.types import InferenceRequest, InferenceResponse


class Onnx(MLModel):
    async def load(self) -> bool:
        self.engine = Engine()
        return True

    async def predict(self, payload: InferenceRequest) -> InferenceResponse:
        arrays = {tensor.name: NumpyCodec.decode_input(tensor) for tensor in payload.inputs}
        first = self.engine.outputs[0]
        found = self.engine.arrays(arrays)[first]
        return InferenceResponse(model_name=self.name, outputs=[NumpyCodec.encode_output(first, found)])
