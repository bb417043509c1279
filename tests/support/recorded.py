"""A file of `roma doctor --record`, held against what the emulator answers to the same questions.

Each difference is said in words that point to the row of docs/assumptions.md which it is about.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from roma_provider.api.status import ENDED, FAILED, GONE, PENDING, READY
from roma_provider.cli.doctor.masking import SECRET
from roma_provider.cli.doctor.recording import FORMAT
from roma_provider.emulator import Control
from tests.support.emulator import Api
from tests.support.rcu import create_rcu

PAGE = Path(__file__).parents[2] / "docs" / "assumptions.md"
MOST_SHOWN = 60

# The words that the code and the emulator know, by field; and the row that says so.
WORDS: dict[str, tuple[frozenset[str], int]] = {
    "status": (READY | PENDING | FAILED | ENDED | GONE, 7),
    "category": (frozenset({"roma", "rcu"}), 25),
    "charge_type": (frozenset({"prePaid", "postPaid"}), 14),
    "cpu_arch": (frozenset({"x86_64", "aarch64"}), 16),
    "cpuArch": (frozenset({"x86_64", "aarch64"}), 16),
    "scope": (frozenset({"center", "edge"}), 23),
}
# Other fields with a row of their own.
ROWS = {
    "errorCode": 8,
    "prePay": 14,
    "productId": 15,
    "flavor_id": 15,
    "flavor_type": 15,
    "maintainBegin": 17,
    "maintainEnd": 17,
    "maintain_begin": 17,
    "maintain_end": 17,
    "total": 10,
    "size": 10,
    "type": 28,
    "tenantSecurityGroupId": 28,
    "publicipBounded": 28,
}
FORMATS = (
    ("masked with #", re.compile(r"#+")),
    ("a UUID", re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)),
    ("32 hex digits", re.compile(r"[0-9a-f]{32}", re.IGNORECASE)),
    ("a job's id", re.compile(r"JOB-.+")),
    ("ISO 8601", re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")),
    ("HH:MM", re.compile(r"\d\d:\d\d")),
    ("HH:MM:SS", re.compile(r"\d\d:\d\d:\d\d")),
    ("JSON of a list", re.compile(r"\[.*\]", re.DOTALL)),
    ("an error's code", re.compile(r"[A-Za-z]{2,8}\.\d{3,8}")),
)


@dataclass(frozen=True)
class Difference:
    """Where an account's answer is other than the emulator's; ``row`` of docs/assumptions.md."""

    operation: str
    field: str
    what: str
    row: int

    def __str__(self) -> str:
        line, assumption = assumed(self.row)
        where = f"{self.operation}, {self.field}" if self.field else self.operation
        return f"{where}: {self.what}. docs/assumptions.md:{line}, row {self.row}: {assumption}"


def assumed(row: int) -> tuple[int, str]:
    """The line of a row in docs/assumptions.md, and what it assumes."""
    for number, line in enumerate(PAGE.read_text(encoding="utf-8").splitlines(), 1):
        cells = [cell.strip() for cell in line.split("|")]
        if len(cells) > 2 and cells[1] == str(row):
            return number, cells[2]
    raise AssertionError(f"docs/assumptions.md has no row {row}")


def read(path: Path) -> list[dict[str, Any]]:
    """The exchanges of a file."""
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    assert found["format"] == FORMAT, f"{path} has format {found['format']}; this version reads {FORMAT}"
    exchanges: list[dict[str, Any]] = found["exchanges"]
    return exchanges


def differences(exchanges: Sequence[dict[str, Any]], api: Api, control: Control) -> list[Difference]:
    """Ask the emulator the same, about instances of the same kinds and statuses, and compare."""
    ids = _made_alike(exchanges, api, control)
    found: list[Difference] = []
    for one in exchanges:
        request, answer, rows = one["request"], one["answer"], one["assumptions"]
        path = request["path"].replace("{project_id}", api.project_id)
        for recorded, made in ids.items():
            path = path.replace(recorded, made)
        own = api.call(request["method"], path, params=request["query"])
        comparing = _Comparing(one["operation"], rows[0])
        found += comparing.statuses(answer["status"], own.status_code)
        if answer["status"] == own.status_code and answer["json"]:
            found += comparing.values(answer["body"], own.json(), "")
        elif answer["status"] == own.status_code:
            found.append(Difference(one["operation"], "", "the account's answer is no JSON", rows[0]))
    return list(dict.fromkeys(found))


def _made_alike(exchanges: Sequence[dict[str, Any]], api: Api, control: Control) -> dict[str, str]:
    """An instance of the emulator for each that the lists of the file show: recorded id to made id."""
    shown: dict[str, dict[str, Any]] = {}
    for one in exchanges:
        body = one["answer"]["body"]
        entries = body.get("instances") if isinstance(body, dict) else None
        for entry in entries if isinstance(entries, list) else []:
            if isinstance(entry, dict) and isinstance(found := entry.get("id") or entry.get("instance_id"), str):
                shown[found] = {**shown.get(found, {}), **entry}
    made = {}
    for number, (recorded, entry) in enumerate(shown.items()):
        rcu = entry.get("category") not in (None, "roma")
        name = f"recorded-{number}"
        made[recorded] = create_rcu(api, name=name) if rcu else api.create(name=name)
        status = str(entry.get("status") or "").upper()
        if status in READY:
            control.patch_instance(made[recorded], creation_seconds=0)
        elif status not in PENDING:
            control.patch_instance(made[recorded], status=status)
    return made


@dataclass(frozen=True)
class _Comparing:
    """Answers to one question. ``row``: the one that is meant where a field has none of its own."""

    operation: str
    row: int

    def statuses(self, theirs: int, ours: int) -> Iterator[Difference]:
        if theirs != ours:
            yield self._of("", f"the account was answered HTTP {theirs}, the emulator answers {ours}")

    def values(self, theirs: Any, ours: Any, path: str) -> Iterator[Difference]:
        """By kinds, fields and formats: null says nothing of what a value is."""
        if theirs is None or ours is None:
            return
        if _kind(theirs) != _kind(ours):
            yield self._of(path, f"the account has {_kind(theirs)}, the emulator {_kind(ours)}")
        elif isinstance(theirs, dict):
            yield from self._objects(theirs, ours, path)
        elif isinstance(theirs, list):
            yield from self._lists(theirs, ours, path)
        elif isinstance(theirs, str):
            yield from self._texts(theirs, ours, path)

    def _objects(self, theirs: dict[str, Any], ours: dict[str, Any], path: str) -> Iterator[Difference]:
        for key in ours.keys() - theirs.keys():
            yield self._of(_inside(path, key), "the account's answer has no such field, the emulator's has")
        for key in theirs.keys() - ours.keys():
            kind = _kind(theirs[key])
            yield self._of(_inside(path, key), f"the account's answer has it ({kind}), the emulator's has not")
        for key in theirs.keys() & ours.keys():
            yield from self.values(theirs[key], ours[key], _inside(path, key))

    def _lists(self, theirs: list[Any], ours: list[Any], path: str) -> Iterator[Difference]:
        """All entries of one side are alike, but for fields that some of them leave out."""
        if theirs and ours and all(isinstance(entry, dict) for entry in (*theirs, *ours)):
            yield from self.values(_merged(theirs), _merged(ours), f"{path}[]")
            for entry in theirs:  # each has its own words
                yield from (one for one in self.values(entry, entry, f"{path}[]"))
        elif theirs and ours:
            yield from self.values(theirs[0], ours[0], f"{path}[]")

    def _texts(self, theirs: str, ours: str, path: str) -> Iterator[Difference]:
        field = path.rpartition(".")[2].removesuffix("[]")
        known, row = WORDS.get(field, (None, 0))
        # Of a sub-service nobody knows all words; what a wait rests on are the instance's.
        if known is not None and not path.startswith("item[]") and theirs and theirs != SECRET:
            if not {theirs, theirs.upper()} & known:
                yield self._of(path, f'the account says "{theirs[:MOST_SHOWN]}", which is no word that is known', row)
            return
        formats = _format(theirs), _format(ours)
        if None not in formats and formats[0] != formats[1]:
            yield self._of(path, f"the account writes {formats[0]}, the emulator {formats[1]}")

    def _of(self, path: str, what: str, row: int | None = None) -> Difference:
        return Difference(self.operation, path, what, row or ROWS.get(path.rpartition(".")[2], self.row))


def _inside(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _merged(entries: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Every field of them, with a value where one has it."""
    found: dict[str, Any] = {}
    for entry in entries:
        found |= {key: value for key, value in entry.items() if value is not None or key not in found}
    return found


def _format(text: str) -> str | None:
    return next((name for name, shape in FORMATS if shape.fullmatch(text)), None)


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    if value is None:
        return "nothing"
    return "text" if isinstance(value, str) else "a list" if isinstance(value, list) else "an object"
