"""Who is compared, where each comes from, and how a server is started."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from procs import Server, free_port

HERE = Path(__file__).resolve().parent
SERVERS = HERE / "servers"


@dataclass(frozen=True)
class Peer:
    """`environment` names the folder whose packages it needs; `package` is what its version is asked of."""

    name: str
    kind: str
    environment: str
    package: str
    server: bool = False


PEERS = [
    Peer("noodle-deploy", "noodle", "client", "noodle-deploy"),
    Peer("noodle-deploy, ONNX Runtime standing for choice", "noodle-ort", "client", "noodle-deploy"),
    Peer("ONNX Runtime", "onnxruntime", "client", "onnxruntime"),
    Peer("OpenVINO", "openvino", "client", "openvino"),
    Peer("MLServer, gRPC", "grpc", "mlserver", "mlserver", server=True),
    Peer("BentoML", "bentoml", "bentoml", "bentoml", server=True),
    Peer("LitServe", "base64", "litserve", "litserve", server=True),
    Peer("Ray Serve", "raw", "ray", "ray", server=True),
]


def python(environments, name):
    """The interpreter of an environment."""
    return environments / f"compare-{name}" / "bin" / "python"


def serve(peer, model, fetched, environments, scratch, workers):
    """A server of that peer with one process for each worker; to be entered and waited for."""
    port = free_port()
    environment = {
        "COMPARE_MODEL": model.name,
        "COMPARE_FETCHED": str(fetched),
        "COMPARE_PORT": str(port),
        "COMPARE_WORKERS": str(workers),
        "PYTHONPATH": str(SERVERS),
        "PYTHONWARNINGS": "ignore",
        "BENTOML_HOME": str(scratch / "bentoml"),
        "BENTOML_DO_NOT_TRACK": "True",
        "RAY_USAGE_STATS_ENABLED": "0",
        "RAY_TMPDIR": "/tmp",
        "OMP_NUM_THREADS": "1",
        "PATH": f"{python(environments, peer.environment).parent}{os.pathsep}{os.environ['PATH']}",
    }
    interpreter = str(python(environments, peer.environment))
    command = {
        "grpc": lambda: [interpreter, "-m", "mlserver.cli.main", "start", str(_mlserver(scratch, port, workers))],
        "bentoml": lambda: [
            interpreter, "-m", "bentoml", "serve", "bentoml_service:Onnx",
            "--host", "127.0.0.1", "--port", str(port), "--working-dir", str(SERVERS),
        ],
        "base64": lambda: [interpreter, str(SERVERS / "litserve_service.py")],
        "raw": lambda: [interpreter, str(SERVERS / "ray_service.py")],
    }[peer.kind]()
    log = scratch / f"{peer.environment}.log"
    return Server(command, environment, SERVERS, port, log)


def _mlserver(scratch, port, workers):
    """A folder with the settings that MLServer reads."""
    import json

    folder = scratch / "mlserver"
    folder.mkdir(exist_ok=True)
    settings = {
        "debug": False,
        "host": "127.0.0.1",
        "http_port": free_port(),
        "grpc_port": port,
        "metrics_port": free_port(),
        "parallel_workers": workers,
        "use_structured_logging": False,
    }
    (folder / "settings.json").write_text(json.dumps(settings))
    model = {"name": "onnx", "implementation": "mlserver_runtime.Onnx"}
    (folder / "model-settings.json").write_text(json.dumps(model))
    return folder


def version(peer, environments, noodle):
    """What answers, as installed."""
    if peer.package == "noodle-deploy":
        return noodle
    import subprocess

    ask = f"from importlib.metadata import version; print(version({peer.package!r}))"
    return subprocess.check_output([python(environments, peer.environment), "-c", ask], text=True).strip()


if sys.platform != "linux":
    sys.exit("processor time and memory of servers are read from /proc, which only Linux has")
