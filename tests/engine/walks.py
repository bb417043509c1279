"""The walks of a page, blocks of `sh` behind `<!-- walk: … -->`, and a shell that a reader types them into."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.engine.harness import ROOT, Engine, bare_environment
from tests.engine.running import Run, Running
from tests.engine.story import QUICK, assert_clean
from tests.support.warm import EMULATOR, warm_program

WALK = re.compile(r"<!-- walk: .*? -->\n\n```sh\n(.*?)```", re.DOTALL)
# As the pages say it of commands that need an emulator.
BESIDE = "roma-emulator run --database roma.sqlite -- bash"
# A reader who answers each question with yes. In a preview nothing is asked that `up` does not ask too.
OPTIONS = "--creation-seconds 0.2 --list-lag-seconds 0"
ANSWERS = {"PULUMI_OPTION_YES": "true", "PULUMI_OPTION_SKIP_PREVIEW": "true"}


def walks(page: Path) -> list[str]:
    """The commands that a page tells its readers to type, block by block."""
    return WALK.findall(page.read_text(encoding="utf-8"))


class Reader:
    """Somebody with a home of their own, who types in `folder`. `CLONE` in what they read is the folder of the clone.

    `make env` has been called for them. An instance of `roma-emulator run` is ready almost at once, and the emulator
    starts without its imports; EMULATOR_OPTIONS of the environment has more of its options.
    """

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.folder = folder / "reader"
        self.home = folder / "home"
        self._shims = folder / "shims"
        for needed in (self.folder, self.home, self._shims):
            needed.mkdir()
        emulator = shlex.join(warm_program(EMULATOR))
        self._shim("roma-emulator", f'shift\nexec {emulator} run {OPTIONS} ${{EMULATOR_OPTIONS-}} "$@"')
        self._shim("make", "exit 0")
        path = f"{self._shims}:{engine.path}"
        # What the pages have readers export, for the shells after that one.
        passphrase = {"PULUMI_CONFIG_PASSPHRASE": "…"}
        self.environment = {**bare_environment(path, self.home), **QUICK, **ANSWERS, **passphrase}

    def _shim(self, name: str, script: str) -> None:
        (self._shims / name).write_text(f"#!/bin/sh\n{script}\n")
        (self._shims / name).chmod(0o755)

    def with_make(self) -> None:
        """From now on `make` is the real one."""
        (self._shims / "make").unlink()

    def types(
        self,
        *blocks: str,
        below: str = ".",
        expect: int = 0,
        environment: Mapping[str, str] | None = None,
        clean: bool = True,
    ) -> Run:
        """Blocks of commands in one shell, line by line: a shell that a line starts gets the lines after it.

        `expect`: the exit code. `clean`: whether it is wrong to show a traceback.
        """
        script = self._shims / "typed"
        script.write_text("\n".join(blocks).replace("CLONE", str(ROOT)))
        command = ["sh", "-c", f"exec bash -eu -o pipefail < {shlex.quote(str(script))}"]
        with Running(command, self.folder / below, {**self.environment, **(environment or {})}) as running:
            run = running.wait(expect=expect)
        if clean:
            assert_clean(run.text)
        return run

    def resources(self, project: str, kind: str, stack: str = "dev") -> list[dict[str, Any]]:
        """What the state in `~/pulumi-state` holds of a kind, such as "roma:Instance"."""
        state = self.home / "pulumi-state" / ".pulumi" / "stacks" / project / f"{stack}.json"
        found: list[dict[str, Any]] = json.loads(state.read_text())["checkpoint"]["latest"].get("resources") or []
        return [resource for resource in found if resource["type"].endswith(kind)]

    def outputs(self, project: str) -> dict[str, Any]:
        [root] = self.resources(project, "pulumi:pulumi:Stack")
        outputs: dict[str, Any] = root["outputs"]
        return outputs
