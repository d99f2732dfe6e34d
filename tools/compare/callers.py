"""How each contender is called. A caller takes arrays and gives the first output; one belongs to one thread."""

import base64
import http.client
import json
import tempfile

import numpy as np


def connect(kind, model, port, threads):
    """Something that makes callers: what a process shares is made once, here."""
    return {
        "raw": _Http(model, port, "/", _raw),
        "bentoml": _Http(model, port, "/predict", _raw),
        "base64": _Http(model, port, "/predict", _base64),
        "grpc": _Grpc(model, port),
        "onnxruntime": _Onnxruntime(model, threads),
        "openvino": _Openvino(model, threads),
        "noodle": _Noodle(model, threads, None),
        "noodle-ort": _Noodle(model, threads, "auto"),
    }[kind]


class _Http:
    def __init__(self, model, port, path, coding):
        self.model, self.port, self.path, self.coding = model, port, path, coding

    def start(self):
        pass

    def caller(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        content, encode, decode = self.coding

        def call(arrays):
            connection.request("POST", self.path, encode(self.model.pack(arrays)), {"Content-Type": content})
            response = connection.getresponse()
            body = response.read()
            if response.status != 200:
                raise RuntimeError(f"{response.status}: {body[:300]!r}")
            return np.frombuffer(decode(body), np.float32)

        return call


_raw = ("application/octet-stream", lambda body: body, lambda body: body)
_base64 = (
    "application/json",
    lambda body: json.dumps({"body": base64.b64encode(body).decode()}),
    lambda body: base64.b64decode(json.loads(body)["body"]),
)


class _Grpc:
    DTYPES = {"float32": "FP32", "int32": "INT32", "int64": "INT64"}

    def __init__(self, model, port):
        self.model, self.port = model, port

    def start(self):
        pass

    def caller(self):
        from tritonclient import grpc

        client = grpc.InferenceServerClient(f"127.0.0.1:{self.port}")

        def call(arrays):
            inputs = []
            for name, dtype, shape in self.model.inputs:
                tensor = grpc.InferInput(name, list(shape), self.DTYPES[dtype])
                tensor.set_data_from_numpy(arrays[name])
                inputs.append(tensor)
            result = client.infer("onnx", inputs)
            return result.as_numpy(result.get_response().outputs[0].name)

        return call


class _Onnxruntime:
    """One session for all threads, each of which runs the model by itself, as in the servers."""

    def __init__(self, model, threads):
        self.model = model

    def start(self):
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        path = str(self.model.path)
        self.session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])

    def caller(self):
        outputs = [output.name for output in self.session.get_outputs()][:1]
        return lambda arrays: self.session.run(outputs, arrays)[0]


class _Openvino:
    """A stream of one thread for each thread that calls."""

    def __init__(self, model, threads):
        self.model, self.threads = model, threads

    def start(self):
        import openvino

        options = {"INFERENCE_NUM_THREADS": self.threads, "NUM_STREAMS": self.threads, "INFERENCE_PRECISION_HINT": "f32"}
        model = openvino.Core().read_model(self.model.path)
        for tensor, (_, _, shape) in zip(model.inputs, self.model.inputs, strict=True):
            assert len(tensor.partial_shape) == len(shape)
        self.compiled = openvino.Core().compile_model(model, "CPU", options)

    def caller(self):
        request = self.compiled.create_infer_request()
        return lambda arrays: request.infer(arrays)[0]


class _Noodle:
    """A deployment with a replica for each thread that calls."""

    def __init__(self, model, threads, onnxruntime):
        self.model, self.threads, self.onnxruntime = model, threads, onnxruntime

    def start(self):
        import noodle_deploy

        self.dir = tempfile.TemporaryDirectory()
        self.noodle = noodle_deploy.open(self.dir.name, onnxruntime=self.onnxruntime)
        self.noodle.register_version(model="m", path=str(self.model.path))
        shape = {name: list(shape) for name, _, shape in self.model.inputs}
        self.noodle.deploy(deployment="m", replicas=self.threads, shapes=[shape])

    def caller(self):
        first = None

        def call(arrays):
            nonlocal first
            prediction = self.noodle.predict("m", arrays)
            first = first or next(iter(prediction))
            return prediction[first]

        return call
