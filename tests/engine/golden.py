"""Golden previews: what `pulumi preview` says of a change, kept as documents in docs/previews.

Each document is written by its test (`pytest tests/engine --update-goldens`) and compared with what the test
sees from then on.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from roma_provider.emulator import PROJECT_ID, REGION, TOKEN, Emulator
from roma_provider.emulator.core.identifiers import Identifiers
from tests.engine import golden_json
from tests.engine.golden_json import MONITOR_ENDED
from tests.engine.golden_programs import EMPTY, edition
from tests.engine.harness import Engine, Stack
from tests.support.emulator import SettableClock

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "previews"
DATA_LOSS = "deletes it with everything inside it, for good"
WIDTH = 120
# The ids of the instances of a scene, in order; the first is the seed page's.
IDS = ("b037d389-62a4-464a-8461-c88797ad4f23", "5d1f0b6e-2f0a-4f3c-9d5c-2b8f0f6f7a10")
# How the engine writes a value that is not known yet (text, bool, number, list, object) in JSON.
UNKNOWN = re.compile(
    r"04da6b54-80e4-46f7-96ec-b56ff0331ba9|1c4a061d-8072-4f0a-a4cb-0ff528b18fe7|3eeb2bf0-c639-47a8-9e75-3b44932eb421"
    r"|6a19a0b0-7e62-4c92-b797-7f8e31da9cc2|dd056dcd-154b-4c76-9bd3-c8f88648b5ff"
)
# An age that differs by the second from run to run.
AGE = re.compile(r"created 7[23] h[^.]*? ago")


@dataclass(frozen=True)
class Case:
    """A change and what its preview is to say.

    `name` is its document's. `op` is what happens to the resource of `kind` (None: nothing), `because` what
    replaces it, `says` a part of each warning or error (or note, by `severity`), in order, `lost` whether one is that
    all in it is lost.
    """

    name: str
    title: str
    about: str
    program: str
    op: str | None = None
    because: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    lost: bool = False
    kind: str = "roma:Instance"
    config: Mapping[str, str] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    code: int = 0
    severity: str = "warning"


@dataclass(frozen=True)
class Preview:
    """What `pulumi preview --diff` printed, and what `--json` did: reduced to what matters, and as it was printed."""

    text: str
    steps: list[dict[str, Any]]
    diagnostics: list[dict[str, str]]
    printed: str

    def step(self, kind: str = "roma:Instance") -> dict[str, Any] | None:
        """What happens to the one resource of a kind, reading apart; None if nothing does."""
        found = [step for step in self.steps if f"/{kind}::" in step["urn"] and step["op"] != "refresh"]
        assert len(found) <= 1, found
        return found[0] if found else None

    def lines(self, kind: str = "roma:Instance") -> list[str]:
        """The lines of the properties of a kind that change, without those inside of one."""
        found, of_kind = [], False
        for line in self.text.splitlines():
            if header := re.match(r"^ {4}\S*\s*pulumi-python:dynamic/(\S+): \(", line):
                of_kind = header[1] == kind
            elif of_kind and re.match(r"^ {6}[~+-] \w+ *:", line):
                found.append(line.strip())
        return found

    def is_one_line_a_property(self, kind: str) -> bool:
        """Whether the resource of a kind shows each property that changes and nothing else; and at most one warning."""
        step = self.step(kind)
        if sum(told["severity"] == "warning" for told in self.diagnostics) > 1:
            return False
        if step is None or step["op"] not in ("update", "replace"):
            return True
        shown = re.findall(r"^[~+-] (\w+) *:", "\n".join(self.lines(kind)), re.MULTILINE)
        return shown == sorted({re.split(r"[.\[]", path)[0] for path in step.get("detailedDiff", {})})


class Known(Identifiers):
    """The seed page's identifiers."""

    def __init__(self) -> None:
        self._ids = iter(IDS)

    def instance_id(self) -> str:
        return next(self._ids)

    def job_id(self) -> str:
        return "JOB-0d42a6bc-3f3d-446a-8351-00a110f56137"

    def order_id(self, created_at: int) -> str:
        return "20250306120108660165176"


@dataclass
class Scene:
    """A stack with what it holds, and the emulator behind it, whose ids are known and whose clock stands still.
    Previews leave all of it as it is."""

    stack: Stack
    emulator: Emulator
    clock: SettableClock
    program: str

    @classmethod
    @contextmanager
    def open(
        cls, engine: Engine, folder: Path, program: str, *, creation_seconds: float = 0, scenario: str = "ready"
    ) -> Iterator[Scene]:
        """A stack that is not up yet."""
        clock = SettableClock()
        with Emulator(
            creation_seconds=creation_seconds,
            scenario=scenario,
            list_lag_seconds=0,
            clock=clock,
            identifiers=Known(),
        ) as emulator:
            emulator.control.settings(deletion_seconds=0)
            settings = {"HW_REGION_NAME": REGION, "HW_PROJECT_ID": PROJECT_ID, "HW_AUTH_TOKEN": TOKEN}
            environment = {**settings, "ROMA_ENDPOINT": emulator.url, "ROMA_POLL_SECONDS": "0.1"}
            stack = Stack(folder, program, engine=engine, environment=environment, project="shop", stack="prod")
            yield cls(stack, emulator, clock, program)

    def up(self, expect: int = 0) -> str:
        """`pulumi up` of the program; what it says."""
        self.stack.write(self.program)
        return self.stack.up(expect=expect).text

    def preview(self, case: Case) -> Preview:
        """Both previews of a change."""
        self.stack.write(case.program)
        if case.config:
            lines = [f"  {json.dumps(key)}: {json.dumps(value)}\n" for key, value in case.config.items()]
            self.stack.settings.write_text("config:\n" + "".join(lines))
        try:
            # At once: a preview takes no lock.
            with ExitStack() as running:
                runs = [
                    running.enter_context(self.stack.start("preview", flag, environment=case.environment))
                    for flag in ("--diff", "--json")
                ]
                text, document = (run.wait(expect=case.code) for run in runs)
        finally:
            self.stack.write(self.program)
            if case.config:
                self.stack.settings.unlink()
        seen = json.loads(plain(document.stdout))
        return Preview(
            plain(text.text),
            [reduced(step) for step in seen["steps"] if not is_stack(step)],
            [
                told(diagnostic)
                for diagnostic in seen.get("diagnostics", [])
                if MONITOR_ENDED not in diagnostic["message"]
            ],
            AGE.sub("created 73 h ago", document.stdout),
        )

    def check(self, case: Case, update: bool) -> Preview:
        """The previews of a change, after comparing them with the case and with its document."""
        seen = self.preview(case)
        step = seen.step(case.kind)
        assert (step["op"] if step else None) == case.op
        assert (step or {}).get("replaceReasons", []) == list(case.because)
        assert len(seen.diagnostics) == len(case.says)
        for told_of, says in zip(seen.diagnostics, case.says, strict=True):
            assert says in told_of["message"]
            assert told_of["severity"] == ("error" if case.code else case.severity)
        assert seen.is_one_line_a_property(case.kind), seen.text
        assert seen.text.count(DATA_LOSS) == case.lost
        kept_text(case.name, written(case, self.program, seen), update)
        golden_json.kept(case.name, seen.printed, update)
        return seen


def plain(text: str) -> str:
    """Output without the engine's marks of what is not known yet, MONITOR_ENDED, and blanks at the ends."""
    known = AGE.sub("created 73 h ago", UNKNOWN.sub("[unknown]", text))
    return "\n".join(line.rstrip() for line in known.splitlines() if line.strip() != f"error: {MONITOR_ENDED}").strip()


def is_stack(step: Mapping[str, Any]) -> bool:
    return "::pulumi:pulumi:Stack::" in str(step["urn"])


def named(urn: str) -> str:
    """Type and name, of a URN."""
    return "::".join(urn.split("::")[2:])


def reduced(step: Mapping[str, Any]) -> dict[str, Any]:
    """What matters of a step: without positions in the source, and with those inputs that change."""
    olds, news = (step.get(key, {}).get("inputs", {}) for key in ("oldState", "newState"))
    changed = {
        key: {"old": olds.get(key), "new": news.get(key)} if olds else news.get(key)
        for key in sorted(olds.keys() | news.keys())
        if key != "__provider" and olds.get(key) != news.get(key)
    }
    found = {
        "op": step["op"],
        "urn": named(step["urn"]),
        # The engine's own order is now and then another.
        "diffReasons": sorted(step["diffReasons"]) if step.get("diffReasons") else None,
        "replaceReasons": sorted(step["replaceReasons"]) if step.get("replaceReasons") else None,
        "detailedDiff": dict(sorted(step["detailedDiff"].items())) if step.get("detailedDiff") else None,
        "changed inputs" if olds else "inputs": changed,
        "initErrors": step.get("oldState", {}).get("initErrors"),
    }
    return {key: value for key, value in found.items() if value}


def told(diagnostic: Mapping[str, str]) -> dict[str, str]:
    about = {"urn": named(diagnostic["urn"])} if diagnostic.get("urn") else {}
    return {"severity": diagnostic["severity"], **about, "message": diagnostic["message"].strip()}


def change(case: Case, before: str) -> Iterator[str]:
    """What a user did to which program, as parts of the document. The index shows the usual program."""
    lines = difflib.unified_diff(before.splitlines(), case.program.splitlines(), lineterm="", n=0)
    if before not in (EMPTY, edition()):
        yield f"The program:\n\n```python\n{before}```"
    edits = [line for line in lines if not line.startswith(("---", "+++", "@@"))]
    if edits:
        yield "\n".join(["```diff", *edits, "```"])
    commands = [f"pulumi config set {key} {value}" for key, value in case.config.items()]
    commands += [f"export {key}={value}" for key, value in case.environment.items()]
    if commands:
        yield "\n".join(["```sh", *commands, "```"])


def written(case: Case, before: str, seen: Preview) -> str:
    """The text of a document."""
    document: dict[str, Sequence[Mapping[str, Any]]] = {"steps": seen.steps}
    if seen.diagnostics:
        document["diagnostics"] = seen.diagnostics
    parts = [
        f"# {case.title}",
        case.about,
        *change(case, before),
        "`pulumi preview --diff`" + (f" (exit code {case.code})" if case.code else "") + ":",
        f"```text\n{seen.text}\n```",
        "`pulumi preview --json`, without the stack and with the inputs that change alone:",
        f"```json\n{as_json(document)}\n```",
    ]
    return "\n\n".join(parts) + "\n"


def as_json(value: Any, indent: str = "") -> str:
    """JSON with what fits into a line on one."""
    line = json.dumps(value, ensure_ascii=False)
    if not indent or len(indent + line) > WIDTH:
        deeper = indent + "  "
        if isinstance(value, dict):
            parts = [f"{json.dumps(key)}: {as_json(entry, deeper)}" for key, entry in value.items()]
            return "{\n" + ",\n".join(deeper + part for part in parts) + f"\n{indent}}}"
        if isinstance(value, list):
            return "[\n" + ",\n".join(deeper + as_json(entry, deeper) for entry in value) + f"\n{indent}]"
    return line


def kept_text(name: str, text: str, update: bool) -> None:
    """Compare a text with the document of that name; with `update`, write it."""
    path = FOLDER / f"{name}.md"
    if update:
        FOLDER.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    assert text == before, f"docs/previews/{name}.md differs; if it ought to, write it with --update-goldens"
