"""A shell that a reader of the pages types their blocks into."""

from __future__ import annotations

import json
import os
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.engine.harness import ROOT, Engine, bare_environment
from tests.engine.running import DEFAULT_TIMEOUT, Run, Running
from tests.engine.story import QUICK, assert_clean
from tests.pages.blocks import Block, Blocks
from tests.pages.clone import caches, path_with_uv
from tests.pages.output import compare
from tests.support.warm import EMULATOR, ROMA, warm_program

# As the pages say it of commands that need an emulator.
BESIDE = "roma-emulator run --database roma.sqlite -- bash --norc"
# The emulator stands for an account: a sign-in of one's own, and nothing else that says where or as whom.
AS_AN_ACCOUNT = "unset HW_AUTH_TOKEN HW_PROJECT_ID HW_REGION_NAME"
OPTIONS = "--creation-seconds 0.2 --list-lag-seconds 0"
# A reader who answers each question with yes. In a preview nothing is asked that `up` does not ask too.
ANSWERS = {"PULUMI_OPTION_YES": "true", "PULUMI_OPTION_SKIP_PREVIEW": "true"}
# What the pages have readers export, for the shells after that one.
PASSPHRASE = {"PULUMI_CONFIG_PASSPHRASE": "…"}
GIT = {
    **{f"GIT_{who}_{what}": "reader@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
    "GIT_EDITOR": "echo a stack >",
}


class Typing:
    """Somebody with a home of their own, who types in `folder`. `CLONE` in what they read is the clone's folder."""

    def __init__(self, blocks: Blocks, folder: Path, home: Path, script: Path, environment: Mapping[str, str]) -> None:
        self.blocks = blocks
        self.folder = folder
        self.home = home
        self._script = script
        self.environment = {**environment, **ANSWERS, **PASSPHRASE, **GIT}

    def page(self, name: str) -> list[Block]:
        """The blocks of a page that name this test."""
        return self.blocks.take(name)

    def types(
        self,
        *typed: Block | str,
        below: str = ".",
        expect: int = 0,
        environment: Mapping[str, str] | None = None,
        clean: bool = True,
    ) -> Run:
        """Blocks of commands in one shell, line by line: a shell that a line starts gets the lines after it. What a
        page shows as their output is compared.

        `expect`: the exit code. `clean`: whether it is wrong to show a traceback.
        """
        texts = [block if isinstance(block, str) else block.text for block in typed]
        self._script.write_text("\n".join(texts).replace("CLONE", self._clone))
        command = ["sh", "-c", f"exec bash -eu -o pipefail < {shlex.quote(str(self._script))}"]
        with Running(command, self.folder / below, {**self.environment, **(environment or {})}) as running:
            run = running.wait(self._seconds, expect)
        if clean:
            assert_clean(run.text)
        for block in typed:
            if isinstance(block, Block) and block.output:
                compare(block.output, run.text)
        return run

    _clone = str(ROOT)
    _seconds = DEFAULT_TIMEOUT

    def resources(self, project: str, kind: str, stack: str = "dev") -> list[dict[str, Any]]:
        """What the state in `~/pulumi-state` holds of a kind, such as "roma:Instance"."""
        state = self.home / "pulumi-state" / ".pulumi" / "stacks" / project / f"{stack}.json"
        found: list[dict[str, Any]] = json.loads(state.read_text())["checkpoint"]["latest"].get("resources") or []
        return [resource for resource in found if resource["type"].endswith(kind)]

    def outputs(self, project: str, stack: str = "dev") -> dict[str, Any]:
        [root] = self.resources(project, "pulumi:pulumi:Stack", stack)
        outputs: dict[str, Any] = root["outputs"]
        return outputs


class Reader(Typing):
    """A reader beside this clone, for whom `make env` has been called.

    An instance of `roma-emulator run` is ready almost at once, and the commands start without their imports;
    EMULATOR_OPTIONS of the environment has more options of the emulator.
    """

    def __init__(self, engine: Engine, blocks: Blocks, folder: Path) -> None:
        made = [folder / name for name in ("reader", "home", "shims")]
        for needed in made:
            needed.mkdir()
        self._shims = made[2]
        emulator = shlex.join(warm_program(EMULATOR))
        self.plays("roma-emulator", f'shift\nexec {emulator} run {OPTIONS} ${{EMULATOR_OPTIONS-}} "$@"')
        self.plays("roma", f'exec {shlex.join(warm_program(ROMA))} "$@"')
        self.plays("make", "exit 0")
        environment = {**bare_environment(f"{self._shims}:{engine.path}", made[1]), **QUICK}
        super().__init__(blocks, made[0], made[1], self._shims / "typed", environment)

    def plays(self, name: str, script: str) -> None:
        """Have a script take the place of a command."""
        (self._shims / name).write_text(f"#!/bin/sh\n{script}\n")
        (self._shims / name).chmod(0o755)

    def with_make(self) -> None:
        """From now on `make` is the real one."""
        (self._shims / "make").unlink()


class InClone(Typing):
    """A reader who begins in a clone of their own. Nothing is played to them, and nothing is set but where this machine
    has its caches."""

    _seconds = 900.0  # some of them build, on a machine that has more to do

    def __init__(self, clone: Path, engine: Engine, blocks: Blocks, folder: Path) -> None:
        (folder / "home").mkdir()
        self._clone = clone.name
        self._engine = engine
        # Of a user's settings, and of the `make` that may run the tests.
        foreign = ("PULUMI_", "HW_", "ROMA_", "VIRTUAL_ENV", "MAKE", "MFLAGS")
        kept = {key: value for key, value in os.environ.items() if not key.startswith(foreign)}
        environment = {**kept, **bare_environment(path_with_uv(), folder / "home"), **caches()}
        super().__init__(blocks, clone, folder / "home", folder / "typed", environment)

    def stays(self, **environment: str) -> None:
        """What `make env` has set in a shell holds in those after it; and what else that shell has exported."""
        self.environment.update(environment)
        self.environment["PATH"] = os.pathsep.join([str(self.folder / ".venv" / "bin"), self._engine.path])
