"""A program that mypy must accept in strict mode, with the errors that it must find."""

import asyncio

import noodle_deploy
from noodle_deploy import types


def use(noodle: noodle_deploy.Noodle) -> str:
    version = noodle.register_version(model="m", path="m.onnx", tags={"a": "b"}, metrics={"accuracy": 0.5})
    view: types.DeploymentView = noodle.deploy(deployment="d", version=version.version, strategy="canary")
    noodle.deploy(deployment="d", strategy="sideways")  # type: ignore[arg-type]
    noodle.promote()  # type: ignore[call-arg]
    noodle.backup(to="copy", progress=lambda p: print(p.stage, p.done, p.total))
    noodle.backup(to="copy", progress=lambda: None)  # type: ignore[arg-type, misc]
    noodle.list_models(progress=print)  # type: ignore[call-arg]
    noodle.acting_as("ci", role="viewer").list_models()
    with noodle.session("d", version="1.0.0") as session:
        session.predict({"x": [1.0]}, timeout=0.5).top(1)
        session.predict({"x": [1.0]}, version="1.0.0")  # type: ignore[call-arg]
    for answer in noodle.predict_stream("d", {"x": [1.0]}):
        print(answer.version)
    for event in noodle.events():
        if isinstance(event, noodle_deploy.Lagged):
            return str(event.events)
        if event.event.type == "promoted":
            revision: int = event.event.to
            return str(revision)
    return view.desired.name


async def use_async() -> int:
    async with noodle_deploy.open_async("dir", read_only=True, workers=2) as noodle:
        answer = await noodle.predict("d", {"x": [1.0]}, timeout=0.5)
        async with noodle.session("d") as session:
            async for heard in session.predict_stream({"x": [1.0]}):
                print(heard.version)
        async for event in noodle.events():
            print(event)
        return answer.served.revision


def refused() -> None:
    noodle_deploy.open("dir", read_only="yes")  # type: ignore[arg-type]
    noodle_deploy.open("dir", colour="red")  # type: ignore[call-arg]
    asyncio.run(use_async())
