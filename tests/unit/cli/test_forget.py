"""`roma forget`: what it takes out of the journal, and that it asks first."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from roma_provider.cli.forget import FORGOTTEN, NOTHING, describe, matching, run
from roma_provider.cli.output import Output, with_output
from roma_provider.lifecycle.journal import Stage
from tests.support.fakes import ID, OTHER_ID, PROJECT, REGION, URN, FakeClient, Host
from tests.support.journal import entry
from tests.support.orders import POSTED

PLACE = f"(project {PROJECT} of {REGION})"


@pytest.fixture
def host(tmp_path: Path) -> Host:
    host = Host(FakeClient(), tmp_path)
    entries: list[dict[str, Any]] = [
        {"instance_id": ID, "key": "order"},
        {"instance_id": ID, "key": "deletion", "stage": Stage.DELETING},
        {"key": "intent"},
        {"instance_id": OTHER_ID, "key": "other", "answered": True},
    ]
    for changes in entries:
        host.journal.write(entry(**{"posted_at": POSTED - 300.0, **changes}))
    return host


def left(host: Host) -> list[str]:
    return sorted(found.key for found in host.journal.entries())


@pytest.mark.parametrize(
    ("what", "keys"), [(ID, ["deletion", "order"]), ("intent", ["intent"]), ("other", ["other"]), ("None", [])]
)
def test_an_id_names_all_its_entries_and_a_key_its_own(host: Host, what: str, keys: list[str]) -> None:
    assert sorted(found.key for found in matching(host.session, what)) == keys


def test_how_an_entry_is_said(host: Host) -> None:
    said = {found.key: describe(host.session, found) for found in host.journal.entries()}
    assert said["order"] == f"the order of instance {ID}, 5 min ago, for {URN} {PLACE}"
    assert said["deletion"] == f"the deletion of instance {ID}, 5 min ago, for {URN} {PLACE}"
    assert said["intent"] == (
        f"the order of an instance named 'roma-2222', whose id is not known, 5 min ago, for {URN} {PLACE}"
    )


def test_it_asks_first_and_touches_no_instance(host: Host, capsys: pytest.CaptureFixture[str]) -> None:
    asked: list[str] = []

    def yes(question: str) -> bool:
        asked.append(question)
        return True

    assert run(host.session, ID, lambda _question: False, Output()) == NOTHING
    assert capsys.readouterr().err == "roma: nothing was forgotten\n"
    assert left(host) == ["deletion", "intent", "order", "other"]
    assert run(host.session, ID, yes, Output()) == FORGOTTEN
    assert capsys.readouterr().out.splitlines()[-1] == "forgotten"
    assert (left(host), len(asked)) == (["intent", "other"], 1)
    assert "No instance is touched" in asked[0]
    assert sum(host.client.counts.values()) == 0


def test_what_nobody_knows(host: Host, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(host.session, "unknown", lambda _question: True, Output()) == NOTHING
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "roma: the journal of this machine holds nothing of unknown\n")


@pytest.mark.parametrize(("answer", "code"), [(True, 0), (False, 1)])
def test_json(host: Host, capsys: pytest.CaptureFixture[str], answer: bool, code: int) -> None:
    def do(output: Output) -> int:
        return run(host.session, "intent", lambda _question: answer, output)

    assert with_output(do, "forget", as_json=True) == code
    entry = {"what": "order", "id": None, "name": "roma-2222", "resource": URN}
    assert json.loads(capsys.readouterr().out) == {
        "command": "forget",
        "ok": answer,
        "exit_code": code,
        "messages": [] if answer else ["nothing was forgotten"],
        "forgotten": answer,
        "entries": [{**entry, "region": REGION, "project_id": PROJECT, "key": "intent"}],
    }
