"""`roma journal`: what it says of each entry, by one list a project, and what it exits with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from roma_provider.cli.journal import NOTHING, OPEN, examine, run
from roma_provider.cli.output import Output, with_output
from roma_provider.config.keys import no_stack
from roma_provider.lifecycle.journal import Stage
from roma_provider.lifecycle.session import Session
from tests.support.fakes import ID, OTHER_ID, PROJECT, REGION, URN, FakeClient, Host, lost, summary
from tests.support.journal import entry
from tests.support.orders import POSTED

FOR = f", 5 min ago, for {URN} (project {PROJECT} of {REGION})"
WAYS = (
    "To take it over, run `pulumi up` with that resource in the program. If nobody needs it, delete it in the ROMA "
    "Connect console and run `roma forget "
)


def host_of(tmp_path: Path, *entries: dict[str, Any], **script: Any) -> Host:
    host = Host(FakeClient(**script), tmp_path)
    for changes in entries:
        host.journal.write(entry(**{"posted_at": POSTED - 300.0, **changes}))
    return host


@pytest.mark.parametrize(
    ("changes", "is_open", "said"),
    [
        (
            {"instance_id": ID},
            True,
            f"the order of instance {ID}{FOR}; it is CREATING, and it is billed. No state is known to hold it. "
            f"{WAYS}{ID}`",
        ),
        (
            {"key": "intent"},
            True,
            f"the order of an instance named 'roma-2222', whose id is not known{FOR}; the list shows {ID}, CREATING. "
            f"No state is known to hold it. {WAYS}{ID}`",
        ),
        (
            {"key": "intent", "name": "unseen"},
            True,
            f"the order of an instance named 'unseen', whose id is not known{FOR}; the list does not show it. Run "
            "`pulumi up`, which looks again, or `roma forget intent`",
        ),
        (
            {"instance_id": ID, "answered": True},
            False,
            f"the order of instance {ID}{FOR}; it is CREATING, and it is billed. Pulumi was given it, and its next "
            f"command shows whether it was saved. In a state it needs nothing. Else: {WAYS}{ID}`",
        ),
        (
            {"instance_id": OTHER_ID, "answered": True},
            False,
            f"the order of instance {OTHER_ID}{FOR}; the list does not show it. Pulumi was given it, and its next "
            "command shows whether it was saved. A state that holds it learns of that by `pulumi refresh`. Else: "
            f"`roma forget {OTHER_ID}`",
        ),
        (
            {"instance_id": ID, "answered": True, "host": "roma.example.com"},
            False,
            f"the order of instance {ID}{FOR}; it was made by the API at roma.example.com, and the settings of this "
            "shell lead to roma.cn-north-4.myhuaweicloud.com. Pulumi was given it, and its next command shows whether "
            "it was saved",
        ),
        (
            {"instance_id": ID, "stage": Stage.DELETING},
            True,
            f"the deletion of instance {ID}{FOR}; it is there, with the status CREATING. Run `pulumi up`, which "
            "looks, or `pulumi destroy`, which goes on with it",
        ),
        (
            {"instance_id": OTHER_ID, "stage": Stage.DELETING},
            True,
            f"the deletion of instance {OTHER_ID}{FOR}; the list shows it no more. Run `pulumi up`, which looks, or "
            "`pulumi destroy`, which goes on with it",
        ),
        (
            {"instance_id": ID, "host": "roma.example.com"},
            True,
            f"the order of instance {ID}{FOR}; it was made by the API at roma.example.com, and the settings of this "
            "shell lead to roma.cn-north-4.myhuaweicloud.com",
        ),
    ],
)
def test_what_is_said_of_an_entry(tmp_path: Path, changes: dict[str, Any], is_open: bool, said: str) -> None:
    host = host_of(tmp_path, changes, lists=[[summary(ID, "roma-2222")]])
    (line,) = examine(host.session)
    assert (line.said, line.is_open) == (said, is_open)
    assert len(host.journal.entries()) == 1, "it reads only"


@pytest.mark.parametrize("first", ["here", "there"])
def test_orders_of_two_apis_in_one_project(tmp_path: Path, first: str) -> None:
    """An emulator's and the cloud's: the one's list says nothing of the other's instances."""
    hosts = {"here": {"instance_id": ID}, "there": {"instance_id": OTHER_ID, "host": "127.0.0.1"}}
    other = "there" if first == "here" else "here"
    changes = [{**hosts[which], "posted_at": at, "key": which} for which, at in ((first, 1.0), (other, 2.0))]
    host = host_of(tmp_path, *changes, lists=[[summary(ID, "roma-2222")]])
    said = {("here" if ID in line.said else "there"): line.said for line in examine(host.session)}
    assert "it is CREATING, and it is billed" in said["here"]
    assert "it was made by the API at 127.0.0.1" in said["there"]
    assert "roma forget" not in said["there"]


class Kept(Output):
    """Keeps what it is given."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def write(self, text: str, colour: str | None = None) -> None:
        self.said.append(text)


def test_one_list_a_project_and_the_exit_codes(tmp_path: Path) -> None:
    output = Kept()
    said = output.said
    given = {"instance_id": ID, "answered": True}
    host = host_of(tmp_path, {**given, "key": "1"}, {**given, "key": "2"}, lists=[[summary(ID, "roma-2222")]])
    assert (run(host.session, output), len(said), len(host.client.listed_once)) == (NOTHING, 2, 1)
    assert all(line.startswith("given the order of instance") for line in said)
    host.journal.write(entry(instance_id=OTHER_ID, key="3"))
    assert run(host.session, output) == OPEN
    assert [line for line in said[2:] if line.startswith("open ")] == [said[-1]]


def test_where_the_api_cannot_be_asked(tmp_path: Path) -> None:
    host = host_of(tmp_path, {"instance_id": ID}, lists=[lost()])
    (line,) = examine(host.session)
    assert line.is_open
    assert line.said.startswith(f"the order of instance {ID}{FOR}; it could not be looked at: ")


def test_one_reason_is_said_once_and_names_no_stack_config(tmp_path: Path) -> None:
    host = host_of(tmp_path, {"instance_id": ID}, {"instance_id": OTHER_ID, "key": "3", "region": "cn-east-3"})
    shell = Session.of(no_stack, {"HOME": str(tmp_path)})
    shell.journal = host.journal
    first, second = [line.said for line in examine(shell)]
    assert "HW_AUTH_TOKEN: no way to sign in is given" in first
    assert "pulumi config" not in first
    assert second.endswith("; it could not be looked at, for the same reason")


def test_what_has_come_to_its_end_is_not_said(tmp_path: Path) -> None:
    ended = [{"instance_id": ID, "stage": stage, "key": stage.value} for stage in (Stage.DELETED, Stage.ADOPTED)]
    output = Kept()
    assert run(host_of(tmp_path, *ended).session, output) == NOTHING
    assert output.said == ["the journal of this machine holds no order and no deletion that goes on"]


def test_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    host = host_of(tmp_path, {"instance_id": ID, "key": "1"}, lists=[[summary(ID, "roma-2222")]])
    assert with_output(lambda output: run(host.session, output), "journal", as_json=True) == OPEN
    said = json.loads(capsys.readouterr().out)
    [found] = said.pop("entries")
    assert said == {"command": "journal", "ok": False, "exit_code": 1, "messages": []}
    assert found.pop("said").startswith(f"the order of instance {ID}{FOR}; it is CREATING")
    shown = {"what": "order", "id": ID, "name": "roma-2222", "resource": URN, "region": REGION, "project_id": PROJECT}
    assert found == {**shown, "key": "1", "open": True}
