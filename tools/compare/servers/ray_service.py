"""Ray Serve: a deployment that reads the body as it came."""

import os
import signal

import ray
from engine import Engine
from ray import serve
from starlette.requests import Request
from starlette.responses import Response

WORKERS = int(os.environ["COMPARE_WORKERS"])


@serve.deployment(num_replicas=WORKERS, max_ongoing_requests=16, ray_actor_options={"num_cpus": 0})
class Onnx:
    def __init__(self):
        self.engine = Engine()

    async def __call__(self, request: Request):
        return Response(self.engine.raw(await request.body()), media_type="application/octet-stream")


if __name__ == "__main__":
    ray.init(
        num_cpus=WORKERS,
        include_dashboard=False,
        log_to_driver=False,
        object_store_memory=100 << 20,
        runtime_env={"env_vars": {k: v for k, v in os.environ.items() if k.startswith(("COMPARE_", "PYTHONPATH"))}},
    )
    serve.start(http_options={"host": "127.0.0.1", "port": int(os.environ["COMPARE_PORT"])}, logging_config={"log_level": "ERROR", "enable_access_log": False})
    serve.run(Onnx.bind())
    signal.signal(signal.SIGTERM, lambda *_: (serve.shutdown(), ray.shutdown(), os._exit(0)))
    signal.pause()
