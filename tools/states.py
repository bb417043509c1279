#!/usr/bin/env python3
"""Makes the states of tests/states anew: real runs against the ROMA emulator, exported.

    python -m tools.states [NAME ...]     without a name all of them
    python -m tools.states --freeze       they are as they shall be: tests/states/VERSION/sha256.json

The folder is that of the version in pyproject.toml. The states of a version that is frozen are refused. Ids and times
are the same each time; what is encrypted is not. Nothing of this machine is in a state: one that would name it is
refused. Exit codes: 0, 1.
"""

from __future__ import annotations

import argparse
import getpass
import json
import re
import socket
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from roma_provider import __version__
from roma_provider.emulator import PROJECT_ID, REGION, TOKEN
from tests.engine.golden_programs import COMPUTE, EDITION, TIMED, program, resource
from tests.engine.harness import Engine
from tests.engine.programs import Code
from tests.states import frozen
from tests.states.scenes import FOLDER, Opened, Scene, opened, scenes
from tools.release import is_released

HALF_AN_HOUR = 1800.0  # of the emulator's clock
POLLED_SECONDS = 60.0  # of this machine's
STOOD = "2025-03-06T12:01:13.785Z"  # every time that the engine took from this machine's clock
OTHER_PROJECT = "d" * 32
SEEN = "b037d389-62a4-464a-8461-000000000001"

EVERY: dict[str, Any] = {
    **EDITION,
    "description": Code('pulumi.Output.secret("integration platform")'),
    "enterprise_project_id": "4b5c7a0e-7d3f-4f0a-8d8a-0c6f6a8e2b11",
    "cpu_architecture": "aarch64",
    "ipv6_enable": True,
    "enable_all": True,
    "eip_id": "55a6ef1b-498d-42fb-bbc7-d01ba1652bfc",
    "ingress_bandwidth_size": 5,
    "maintain_begin": "22:00:00",
    "maintain_end": "02:00:00",
    "mqs": {
        "engine_version": "2.7",
        "rocketmq_enable": False,
        "enable_publicip": True,
        "enable_acl": True,
        "ssl_enable": True,
        "retention_policy": "produce_reject",
        "trace_enable": True,
        "vpc_client_plain": True,
        "connector_enable": False,
    },
    "region": REGION,
    "project_id": PROJECT_ID,
}
EVERY_RCU: dict[str, Any] = {
    **COMPUTE,
    "description": "integration platform",
    "enterprise_project_id": "4b5c7a0e-7d3f-4f0a-8d8a-0c6f6a8e2b11",
    "cpu_architecture": "aarch64",
    "rcu": {"total": 5, "distribution": [{"indicator": {"id": "indicator-1"}, "value": 5}]},
    "charge_type": "postPaid",
    "publicip_enable": True,
    "ingress_bandwidth_size": 5,
    "scope": "center",
    "mqs": {"engine_version": "2.7", "retention_policy": "time_base", "ssl_enable": True},
    "region": REGION,
    "project_id": PROJECT_ID,
}
_PROVIDER = """
{name} = pulumi.ProviderResource("pulumi-python", "{name}", {{"roma:projectId": {project!r}}})
"""
_GET = 'instance = roma.Instance.get("integration", {id!r})\n'


def two_providers() -> str:
    """Two provider resources, each with an instance in a project of its own."""
    text = "import pulumi\n\nimport roma_provider as roma\n"
    for name, project in (("first", PROJECT_ID), ("second", OTHER_PROJECT)):
        declared = resource("roma.Instance", **EDITION, opts=Code(f"pulumi.ResourceOptions(provider={name})"))
        text += _PROVIDER.format(name=name, project=project) + declared.replace('"integration"', f'"of-{name}"')
    return text


def becomes_ready(scene: Opened) -> None:
    """`pulumi up` until the instances are ready."""
    with scene.stack.start_up() as running:
        _wait_until_polled(scene)
        scene.clock.tick(HALF_AN_HOUR)
        running.wait(expect=0)


def times_out(scene: Opened) -> None:
    scene.stack.up(expect=1)


def is_interrupted(scene: Opened) -> None:
    """Ctrl-C in the middle of the creation."""
    with scene.stack.start_up() as running:
        _wait_until_polled(scene)
        running.interrupt()
        running.wait()


def fails(scene: Opened) -> None:
    with scene.stack.start_up() as running:
        _wait_until_polled(scene)
        scene.clock.tick(HALF_AN_HOUR)
        running.wait(expect=1)


def refers(scene: Opened) -> None:
    """Somebody else's stack makes the instance; then the program refers to it."""
    ours = (scene.stack.folder / "__main__.py").read_text()
    scene.stack.write(program(**EDITION))
    becomes_ready(scene)
    empty = {"version": 3, "checkpoint": {"stack": f"organization/{scene.stack.project}/{scene.stack.stack}"}}
    scene.stack.checkpoint.write_text(json.dumps(empty))
    scene.stack.write(ours)
    scene.stack.up()


def becomes_ready_with_secrets(scene: Opened) -> None:
    """The token comes from stack config, so that it is in the state, encrypted."""
    scene.stack.config("roma:token", TOKEN, secret=True)
    becomes_ready(scene)


@dataclass(frozen=True)
class Recipe:
    """How a state is made. `options` are the emulator's."""

    about: str
    program: str
    make: Callable[[Opened], None]
    outcome: str = "unchanged"
    options: Mapping[str, Any] = field(default_factory=dict)


RECIPES = {
    "edition": Recipe("An instance of an edition, ready.", program(**EDITION), becomes_ready),
    "rcu": Recipe("An instance of RCUs, ready.", program(**COMPUTE), becomes_ready),
    "every-argument": Recipe(
        "An instance of an edition with every argument, a secret one, and a secret token in the stack config.",
        program(**EVERY),
        becomes_ready_with_secrets,
    ),
    "every-rcu-argument": Recipe("An instance of RCUs with every argument.", program(**EVERY_RCU), becomes_ready),
    "timed-out": Recipe(
        "The creation took longer than custom_timeouts.", program(**EDITION, opts=TIMED), times_out, "resumed"
    ),
    "interrupted": Recipe("Ctrl-C during the creation.", program(**EDITION), is_interrupted, "resumed"),
    "create-failed": Recipe(
        "The creation failed.", program(**EDITION), fails, "replaced", {"scenario": "create-failed"}
    ),
    "existing": Recipe(
        "A reference to an instance that somebody else made.",
        program(kind="roma.ExistingInstance", instance_id=SEEN),
        refers,
    ),
    "get": Recipe(
        "An instance that is looked up by Instance.get.",
        "import pulumi\n\nimport roma_provider as roma\n\n" + _GET.format(id=SEEN),
        refers,
    ),
    "adopted": Recipe("An instance that was taken over by adopt_id.", program(**EDITION, adopt_id=SEEN), refers),
    "two-providers": Recipe(
        "Two provider resources, each with an instance in a project of its own.", two_providers(), becomes_ready
    ),
}


def _wait_until_polled(scene: Opened) -> None:
    wanted = len(re.findall(r"roma\.Instance\(", (scene.stack.folder / "__main__.py").read_text()))

    polled: set[str | None] = set()
    until = time.monotonic() + POLLED_SECONDS
    while len(polled) < wanted:
        if time.monotonic() > until:
            raise SystemExit(f"make states: {wanted} instances were not polled within {POLLED_SECONDS:.0f} s.")
        time.sleep(0.05)
        calls = scene.emulator.control.calls("creation_progress")
        polled = {call.instance_id for call in calls if call.status == 200}


def made(engine: Engine, folder: Path, recipe: Recipe) -> tuple[Scene, dict[str, Any]]:
    """Run a recipe; the scene, and the state."""
    options = {"creation_seconds": HALF_AN_HOUR, **recipe.options}
    with opened(engine, folder, recipe.program, **options) as scene:
        recipe.make(scene)
        state = json.loads(scene.stack.run("stack export").stdout)
        settings = scene.stack.settings.read_text() if scene.stack.settings.exists() else ""
        found = Scene(
            about=recipe.about,
            program=recipe.program,
            settings=settings,
            now=scene.clock(),
            outcome=recipe.outcome,
            instances=scene.records(),
        )
        return found, without_this_machine(state)


def without_this_machine(state: dict[str, Any]) -> dict[str, Any]:
    """The state with fixed times and ids of providers, and without where programs and plugins are on this machine."""
    deployment = state["deployment"]
    deployment["manifest"]["time"] = STOOD
    for plugin in deployment["manifest"].get("plugins") or []:
        plugin.pop("path", None)
    providers = []
    for resource_ in deployment["resources"]:
        for key in ("stackTrace", "sourcePosition"):
            resource_.pop(key, None)
        resource_ |= {key: STOOD for key in ("created", "modified") if key in resource_}
        if resource_["type"].startswith("pulumi:providers:"):
            providers.append(resource_["id"])
    text = json.dumps(state)
    for number, made_up in enumerate(providers, start=1):
        text = text.replace(made_up, f"79df4121-80e1-401b-8455-{number:012d}")
    fixed: dict[str, Any] = json.loads(text)
    return fixed


def refuse_this_machine(text: str) -> None:
    """An error if a text names this machine, its user or its folders."""
    names = {socket.gethostname(), str(Path.home()), tempfile.gettempdir(), str(FOLDER.parents[1])}
    names |= {f"/{getpass.getuser()}/", "127.0.0.1:"}
    found = sorted(name for name in names if len(name) > 2 and name in text)
    if found:
        raise SystemExit(f"make states: a state names this machine: {', '.join(found)}.")


def main() -> None:
    parser = argparse.ArgumentParser(description="Makes the states of tests/states anew.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of: {', '.join(RECIPES)}")
    parser.add_argument("--freeze", action="store_true", help="make none, and freeze those of this version")
    given = parser.parse_args()
    names = given.names or list(RECIPES)
    if unknown := sorted(set(names) - set(RECIPES)):
        parser.error(f"no such state: {', '.join(unknown)}")
    try:
        if given.freeze:
            frozen.freeze(__version__, is_released=is_released(__version__))
            return
        frozen.refuse_if_frozen(__version__)
    except frozen.Frozen as error:
        raise SystemExit(f"make states: {error}.") from None
    folder = FOLDER / __version__
    folder.mkdir(exist_ok=True)
    kept = scenes(__version__) if (folder / "scenes.json").exists() else {}
    with tempfile.TemporaryDirectory(prefix="roma-states-") as base:
        engine = Engine.find(Path(base) / "python")
        for name in names:
            print(f"make states: {name}", flush=True)
            kept[name], state = made(engine, Path(base) / name, RECIPES[name])
            text = json.dumps(state, indent=2, ensure_ascii=False) + "\n"
            refuse_this_machine(text)
            (folder / f"{name}.json").write_text(text, encoding="utf-8")
    written = {name: asdict(kept[name]) for name in RECIPES if name in kept}
    text = json.dumps(written, indent=2, ensure_ascii=False) + "\n"
    refuse_this_machine(text)
    (folder / "scenes.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
