"""The JSON of a preview: what is read of it, and what is said of a file that is none."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from roma_provider.cli.preview import document as module
from roma_provider.cli.preview.document import INSTEAD, Diagnostic, State, read
from roma_provider.cli.preview.hiding import Hiding
from roma_provider.errors import InputError
from tests.support.digest import digest, document, replacement, told, urn
from tests.support.fakes import ID

NONE = Hiding({})


def refusal(path: Path | str) -> str:
    with pytest.raises(InputError) as refused:
        read(str(path), NONE)
    assert refused.value.key == "FILE"
    return refused.value.reason


def test_what_is_read(tmp_path: Path) -> None:
    given = replacement()
    given["oldState"] |= {"protect": True, "external": False, "initErrors": ["late", 3], "retainOnDelete": "yes"}
    found = document(tmp_path, digest(given, diagnostics=[told("x"), {"message": 1}], changeSummary={"same": 2}))
    [step] = found.steps
    assert (step.op, step.urn, step.replaces, step.reasons) == ("replace", urn(), ["vpc_id"], [])
    assert step.paths == {"vpc_id": ("update-replace", True)}
    assert step.old is not None
    assert (step.old.id, step.old.inputs) == (ID, {"vpc_id": "vpc-1"})
    assert (step.old.flags, step.old.init_errors) == (frozenset({"protect"}), ["late"])
    assert step.new == State(None, {"vpc_id": "vpc-2"}, {}, [])
    assert list(found.diagnostics) == [Diagnostic("warning", "warning: x\n", urn()), Diagnostic("", "", "")]
    assert (found.counts, found.is_whole) == ({"same": 2}, True)


@pytest.mark.parametrize(
    "given",
    [
        {"same": 1},
        {"same": True, "update": "1", "delete": -1, "create": 1e3, "read": 10**12},
        None,
    ],
)
def test_counts_that_are_none(tmp_path: Path, given: Any) -> None:
    found = document(tmp_path, {"changeSummary": given})
    assert found.counts == ({"same": 1} if given == {"same": 1} else {})


def test_a_preview_that_broke_off(tmp_path: Path) -> None:
    assert not document(tmp_path, {}).is_whole
    assert not document(tmp_path, {"steps": [], "diagnostics": [told("x")]}).is_whole


@pytest.mark.parametrize("odd", [None, 1, "x", [], [1], {"a": 1}, True])
@pytest.mark.parametrize("key", ["op", "urn", "oldState", "newState", "diffReasons", "replaceReasons", "detailedDiff"])
def test_parts_of_another_kind_are_none(tmp_path: Path, key: str, odd: Any) -> None:
    [step] = document(tmp_path, digest(replacement(**{key: odd}))).steps
    assert isinstance(step.urn, str)
    assert all(isinstance(name, str) for name in [*step.replaces, *step.reasons, *step.paths])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(json.dumps(digest(diagnostics=[told("é")]), ensure_ascii=False), encoding=encoding)
    assert read(str(path), NONE).diagnostics[0].message == "warning: é\n"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "is empty: pulumi ended before the preview, and its standard error says why"),
        (" \n\n", "is empty: pulumi ended before the preview, and its standard error says why"),
        ("\ufeff", "is empty: pulumi ended before the preview, and its standard error says why"),
        ("Previewing update (prod):\n", "is no preview: it is not JSON"),
        ('{"steps": [', "is no preview: it is not JSON"),
        ("{}\nerror: preview failed", "is no preview: it is not one JSON document"),
        ("1" * 5000, "is no preview: it is not JSON"),
        ("[" * 100_000, "is no preview: it is nested too deeply"),
        ('{"steps":' + '{"a":' * 100_000, "is no preview: it is nested too deeply"),
        (
            '{"sequence":0,"timestamp":1}\n{"sequence":1}\n',
            "is no preview: it is a stream of events, as PULUMI_ENABLE_STREAMING_JSON_PREVIEW or `pulumi up --json` "
            "has it",
        ),
        ("[]", "is no preview: it is not an object"),
        ("null", "is no preview: it is not an object"),
        ('{"version": 3, "deployment": {}}', "is no preview: it is a state, as `pulumi stack export` prints it"),
        (
            '{"result": "succeeded", "duration": 1, "summary": {}}',
            "is no preview: it is the short form, of `--output json`, which says nothing of properties",
        ),
        (
            '{"planned_values": {}}',
            "is no preview: it has none of changeSummary, config, diagnostics, duration, maybeCorrupt, steps",
        ),
        ('{"steps": {}, "config": {"a": 1}}', None),
        ('{"steps": [1]}', "is no preview: its 'steps' is not a list of objects"),
        ('{"diagnostics": "x"}', "is no preview: its 'diagnostics' is not a list of objects"),
    ],
)
def test_what_is_no_preview(tmp_path: Path, text: str, why: str | None) -> None:
    path = tmp_path / "preview.json"
    path.write_text(text, encoding="utf-8")
    if why is None:
        assert read(str(path), NONE).steps == []
    else:
        assert refusal(path) == f"{path} {why}. {INSTEAD}"


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / "preview.json"
    path.write_bytes(b'{"steps": "\xff\xfe\x80"}')
    assert "is no preview: it is not JSON" in refusal(path)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none") == f"{tmp_path / 'none'} cannot be read: No such file or directory. {INSTEAD}"
    assert refusal(tmp_path) == f"{tmp_path} cannot be read: Is a directory. {INSTEAD}"


def test_what_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_BYTES", 1 << 20)
    path = tmp_path / "preview.json"
    path.write_bytes(b" " * ((1 << 20) + 1))
    assert f"{path} is no preview: it is larger than 1 MiB" in refusal(path)


class Input(io.TextIOWrapper):
    def __init__(self, given: bytes, is_terminal: bool = False) -> None:
        super().__init__(io.BytesIO(given))
        self._is_terminal = is_terminal

    def isatty(self) -> bool:
        return self._is_terminal


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", Input(json.dumps(digest(diagnostics=[told("x")])).encode()))
    assert len(read("-", NONE).diagnostics) == 1
    monkeypatch.setattr(sys, "stdin", Input(b""))
    assert refusal("-").startswith("standard input is empty: ")
    monkeypatch.setattr(sys, "stdin", Input(b"{}", is_terminal=True))
    assert refusal("-") == f"nothing is piped into standard input. {INSTEAD}"
    monkeypatch.setattr(sys, "stdin", None)
    assert refusal("-") == f"standard input is closed. {INSTEAD}"
