"""The real Pulumi CLI for tests: a program, its stack, and what a run leaves in the state.

Every `Stack` has its own folder with the program, a user's home (Pulumi's and the journal's) and a file
backend, and an environment that holds nothing of the caller's settings. What needs no CLI call is done
without one, since a call costs about a second: the stack and its plain config are written as files, the
state is read as a file.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

from tests.engine.hosts import DYNAMIC, Host
from tests.engine.running import DEFAULT_TIMEOUT, Run, Running
from tests.support.until import DEBUG_PORT

if TYPE_CHECKING:
    from typing_extensions import Unpack

__all__ = ["Engine", "Run", "Running", "Stack"]

ROOT = Path(__file__).resolve().parents[2]
PASSPHRASE = "harness"
KEPT = ("LANG", "LC_ALL", "LC_CTYPE", "TMPDIR", "TZ")
SECRET = "4dabf18193072939515e22adb298388d"  # the engine's constant: the key that marks a secret in a state
FLAGS = {
    "up": ("--yes", "--skip-preview"),
    "refresh": ("--yes", "--skip-preview"),
    "destroy": ("--yes", "--skip-preview"),
    "preview": (),
}


@dataclass(frozen=True)
class Engine:
    """The PATH with which Pulumi runs a Python program in this virtual environment."""

    path: str

    @classmethod
    def find(cls, shims: Path, *hosts: str) -> Engine:
        """Finds or builds the engine (tools/engine.py); `shims` is an empty folder to put scripts into.

        `hosts`: languages beside Python: "yaml", "nodejs", "go".
        """
        wanted = ("--with", *hosts) if hosts else ()
        command = [sys.executable, str(ROOT / "tools" / "engine.py"), *wanted]
        found = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        write_python_shims(shims)
        folders = [str(shims), str(Path(sys.executable).parent), found.stdout.strip(), os.environ["PATH"]]
        return cls(os.pathsep.join(folder for folder in folders if folder))


def write_python_shims(folder: Path) -> None:
    """A `python` that answers `pip list` at once, and its version: the language host asks in every run, for 0.4 s.

    Where DEBUG_PLUGIN_PORT is set, it has the plugin wait at that port for a debugger.
    """
    folder.mkdir(parents=True, exist_ok=True)
    listing = folder / "packages.json"
    packages = [
        {"name": dist.metadata["Name"], "version": dist.version, "location": str(dist.locate_file(""))}
        for dist in importlib.metadata.distributions()
    ]
    listing.write_text(json.dumps(packages))
    for name in ("python", "python3"):
        shim = folder / name
        shim.write_text(
            "#!/bin/sh\n"
            f'if [ "$1 $2 $3" = "-m pip list" ]; then exec cat {shlex.quote(str(listing))}; fi\n'
            f'if [ "$*" = "--version" ]; then echo "Python {platform.python_version()}"; exit; fi\n'
            f"{_debugged()}"
            f'exec {shlex.quote(sys.executable)} "$@"\n'
        )
        shim.chmod(0o755)


def _debugged() -> str:
    """Lines of the shim that start the plugin under debugpy, if that is asked for."""
    if not DEBUG_PORT:
        return ""
    debugpy = f"-u -Xfrozen_modules=off -m debugpy --listen 127.0.0.1:{int(DEBUG_PORT)} --wait-for-client"
    return (
        'if [ "$1 $2 $3" = "-u -m pulumi.dynamic" ]; then shift 3; '
        f'exec {shlex.quote(sys.executable)} {debugpy} -m pulumi.dynamic "$@"; fi\n'
    )


def bare_environment(path: str, home: Path) -> dict[str, str]:
    """An environment that holds nothing of the caller's settings, with Pulumi's home and the journal in `home`."""
    return {key: os.environ[key] for key in KEPT if key in os.environ} | {
        "PATH": path,
        "HOME": str(home),
        "XDG_STATE_HOME": str(home / ".local" / "state"),
        "PULUMI_HOME": str(home / ".pulumi"),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS": "true",
        # The CLI lives for seconds, and collecting its garbage is a fifth of what it costs.
        "GOGC": "off",
        "GOMEMLIMIT": "300MiB",
        "ROMA_CALLS_PER_FIVE_MINUTES": "100000",  # what is polled each tenth of a second would use it up
    }


class StackOptions(TypedDict, total=False):
    """What a stack can be told: names (default: "test" and "dev"), a file backend's folder, and the user's home, with
    Pulumi's home and the state directory (the journal) in it. Another home stands for another machine. Last, the host
    that the program runs on (default: the dynamic one)."""

    project: str
    stack: str
    backend: Path
    home: Path
    host: Host


class Stack:
    """A Pulumi program with its stack.

    `folder`: where the program is written to (and the home and the backend, where these are not given).
    `environment`: added to a bare environment.
    """

    def __init__(
        self,
        folder: Path,
        program: str,
        *,
        engine: Engine,
        environment: Mapping[str, str] | None = None,
        **options: Unpack[StackOptions],
    ) -> None:
        self.folder = folder / "program"
        self.home = options.get("home", folder / "home")
        self.backend = options.get("backend", folder / "backend")
        self.project = options.get("project", "test")
        self.stack = options.get("stack", "dev")
        self.host = options.get("host", DYNAMIC)
        self.checkpoint = self.backend / ".pulumi" / "stacks" / self.project / f"{self.stack}.json"
        self.settings = self.folder / f"Pulumi.{self.stack}.yaml"
        self._config: dict[str, str] = {}
        self._written_settings = ""
        for needed in (self.folder, self.home, self.checkpoint.parent):
            needed.mkdir(parents=True, exist_ok=True)
        (self.folder / "Pulumi.yaml").write_text(f"name: {self.project}\nruntime: python\n{self.host.project}")
        self.write(program)
        if not self.checkpoint.exists():  # what `pulumi stack init` writes
            empty = {"version": 3, "checkpoint": {"stack": f"organization/{self.project}/{self.stack}", "latest": None}}
            self.checkpoint.write_text(json.dumps(empty))
        self.environment = {
            **bare_environment(engine.path, self.home),
            "PULUMI_BACKEND_URL": self.backend.as_uri(),
            "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
            **(environment or {}),
        }

    @property
    def state_home(self) -> Path:
        """XDG_STATE_HOME of the runs."""
        return self.home / ".local" / "state"

    def write(self, program: str) -> None:
        """Changes the program."""
        (self.folder / "__main__.py").write_text(self.host.program(program, self.folder))

    # Runs

    def start(self, verb: str, *arguments: str, environment: Mapping[str, str] | None = None) -> Running:
        """Starts `pulumi <verb>` on this stack without a terminal; `environment` is for this run only."""
        command = [
            "pulumi",
            *verb.split(),
            "--stack",
            self.stack,
            "--non-interactive",
            "--color",
            "never",
            *arguments,
        ]
        return Running(command, self.folder, {**self.environment, **(environment or {})})

    def run(
        self,
        verb: str,
        *arguments: str,
        timeout: float = DEFAULT_TIMEOUT,
        expect: int | None = 0,
        environment: Mapping[str, str] | None = None,
    ) -> Run:
        """`start` and wait. `expect`: the exit code that is asserted; None asserts none."""
        with self.start(verb, *arguments, environment=environment) as running:
            return running.wait(timeout, expect)

    def start_up(self, *arguments: str, environment: Mapping[str, str] | None = None) -> Running:
        """`pulumi up` without a preview, under way."""
        return self.start("up", *FLAGS["up"], *arguments, environment=environment)

    def up(self, *arguments: str, preview: bool = False, **options: Any) -> Run:
        """`pulumi up`; with `preview` the preview comes first, as for a user."""
        return self.run("up", *(("--yes",) if preview else FLAGS["up"]), *arguments, **options)

    def preview(self, *arguments: str, **options: Any) -> Run:
        return self.run("preview", *FLAGS["preview"], *arguments, **options)

    def refresh(self, *arguments: str, **options: Any) -> Run:
        return self.run("refresh", *FLAGS["refresh"], *arguments, **options)

    def destroy(self, *arguments: str, **options: Any) -> Run:
        return self.run("destroy", *FLAGS["destroy"], *arguments, **options)

    def cancel(self) -> Run:
        """`pulumi cancel`: removes the lock that a killed run left."""
        with Running(["pulumi", "cancel", "--yes", "--stack", self.stack], self.folder, self.environment) as running:
            return running.wait(expect=0)

    # Config

    def config(self, key: str, value: str, secret: bool = False) -> None:
        """Sets `key` (with the Pulumi project's namespace if it has none), as `pulumi config set` does."""
        name = key if ":" in key else f"{self.project}:{key}"
        current = self.settings.read_text() if self.settings.exists() else ""
        if secret or current != self._written_settings:
            # After `--` a value may begin with a dash.
            kind = "--secret" if secret else "--plaintext"
            self.run("config set", kind, "--", name, value)
            return
        self._config[name] = value
        lines = [f"  {json.dumps(name)}: {json.dumps(text)}\n" for name, text in self._config.items()]
        self._written_settings = "config:\n" + "".join(lines)
        self.settings.write_text(self._written_settings)

    # State

    def export(self) -> dict[str, Any]:
        """What `pulumi stack export` prints (secrets encrypted), read from the backend; also during a run."""
        document = json.loads(self.checkpoint.read_text())
        return {"version": document["version"], "deployment": document["checkpoint"]["latest"] or {}}

    def import_state(self, state: Mapping[str, Any]) -> None:
        """`pulumi stack import` of what `export` returned."""
        file = self.folder / "import.json"
        file.write_text(json.dumps(state))
        self.run("stack import", "--file", str(file))

    @contextmanager
    def unsavable(self) -> Iterator[None]:
        """No file of the state can be written meanwhile. (Root may write where modes forbid it.)"""
        folder = self.checkpoint.parent
        away = folder.with_name("away")
        folder.rename(away)
        folder.write_text("not a folder")
        try:
            yield
        finally:
            folder.unlink()
            away.rename(folder)

    def other_backend(self, folder: Path) -> dict[str, str]:
        """The environment of a second backend, in `folder`, which has a stack of this name by now."""
        folder.mkdir()
        environment = {"PULUMI_BACKEND_URL": folder.resolve().as_uri()}
        self.run("stack init", environment=environment)
        return environment

    def resources(self, type_suffix: str = ":Instance") -> list[dict[str, Any]]:
        """The state's resources whose type ends so, their properties spelled as the dynamic provider spells them."""
        resources: list[dict[str, Any]] = self.export()["deployment"].get("resources") or []
        found = [resource for resource in resources if resource["type"].endswith(type_suffix)]
        properties = ("inputs", "outputs")
        return [{**one, **{key: self.host.shown(one[key]) for key in properties if key in one}} for one in found]

    def pending_operations(self) -> list[dict[str, Any]]:
        """The operations that the engine began and knows no end of."""
        operations: list[dict[str, Any]] = self.export()["deployment"].get("pending_operations") or []
        return operations

    def outputs(self, show_secrets: bool = False) -> dict[str, Any]:
        """The stack's outputs; a secret is "[secret]" unless asked for, as in `stack output --json`."""
        if show_secrets:
            printed = self.run("stack output", "--json", "--show-secrets").stdout
            shown: dict[str, Any] = json.loads(printed)
            return shown
        stacks = self.resources("pulumi:pulumi:Stack")
        outputs: dict[str, Any] = stacks[0].get("outputs", {}) if stacks else {}
        return {key: hide_secrets(value) for key, value in outputs.items()}


def hide_secrets(value: Any) -> Any:
    if isinstance(value, dict):
        return "[secret]" if SECRET in value else {key: hide_secrets(part) for key, part in value.items()}
    if isinstance(value, list):
        return [hide_secrets(part) for part in value]
    return value
