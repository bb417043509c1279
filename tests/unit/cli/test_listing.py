"""`roma list`: rows, marks of the journal, JSON, and what it exits with."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from roma_provider.api.models import RomaInstanceSummary
from roma_provider.cli.listing import NOT_AS_EXPECTED, WELL, Wish, run
from roma_provider.cli.output import with_output
from roma_provider.lifecycle.journal import Stage
from tests.support.fakes import ID, OTHER_ID, PROJECT, REGION, URN, FakeClient, Host, summary
from tests.support.journal import entry

ORDERS = summary(
    ID,
    "orders",
    "running",
    flavor_id="00300-30101-0--0",
    flavor_type="basic",
    category="roma",
    available_zone_ids=["az0.dc0", "az1.dc1"],
    create_time="2025-03-06T11:01:13Z",
)
UNITS = summary(OTHER_ID, "units", "FROZEN", category="rcu")
DELETED = summary("33333333-3", "old", "DELETED")


class Listed:
    """A host with these instances, and what was said of them."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str], *listed: RomaInstanceSummary) -> None:
        self.host = Host(FakeClient(lists=[list(listed)]), folder)
        self._capsys = capsys
        self.err = ""

    def __call__(self, *names: str, **wish: Any) -> tuple[int, str]:
        as_json = wish.pop("as_json", False)
        wanted = Wish(names, **wish)
        code = with_output(lambda output: run(self.host.session, None, None, wanted, output), "list", as_json=as_json)
        said = self._capsys.readouterr()
        self.err = said.err
        return code, said.out


@pytest.fixture
def listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Listed:
    return Listed(tmp_path, capsys, ORDERS, UNITS, DELETED)


ORDERS_LINE = f"{ID}\torders\tRUNNING\tbasic\t1 h\taz0.dc0, az1.dc1\t\n"
UNITS_LINE = f"{OTHER_ID}\tunits\tFROZEN\tRCU\t\t\t\n"


def test_a_line_for_each_that_is_there(listed: Listed) -> None:
    assert listed() == (WELL, ORDERS_LINE + UNITS_LINE)
    assert listed.err == ""
    assert listed.host.client.counts == {"POST": 0, "progress": 0, "list": 1, "DELETE": 0}


def test_by_name_and_by_status(listed: Listed) -> None:
    assert listed("units") == (WELL, UNITS_LINE)
    assert listed(statuses=["Frozen", "x"]) == (WELL, UNITS_LINE)
    assert listed(statuses=["deleted"])[1].startswith(str(DELETED.id))
    assert listed(statuses=["CREATING"]) == (WELL, "")
    assert listed.err == "roma: no instance is CREATING; there are 1 FROZEN, 1 RUNNING\n"


def test_one_that_is_not_there(listed: Listed) -> None:
    assert listed("units", "none") == (NOT_AS_EXPECTED, UNITS_LINE)
    assert "there is no instance with the id or the name 'none' in project" in listed.err


@pytest.mark.parametrize(
    ("names", "wish", "said"),
    [
        (["orders"], {}, ""),
        ([], {"statuses": ["RUNNING"]}, ""),
        ([], {}, f"roma: instance {OTHER_ID} ('units') is FROZEN, not RUNNING\n"),
        (
            [],
            {"statuses": ["ERROR"]},
            "roma: no instance is ERROR; there are 1 FROZEN, 1 RUNNING\n"
            f"roma: no instance is shown, so none is RUNNING (in project {PROJECT} of {REGION})\n",
        ),
    ],
)
def test_a_health_check(listed: Listed, names: list[str], wish: dict[str, Any], said: str) -> None:
    code, _ = listed(*names, expected="running", **wish)
    assert (code, listed.err) == (NOT_AS_EXPECTED if said else WELL, said)


def test_an_empty_project(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    empty = Listed(tmp_path, capsys)
    assert empty() == (WELL, "")
    assert empty.err == f"roma: there is no instance in project {PROJECT} of {REGION}\n"
    assert empty(expected="RUNNING")[0] == NOT_AS_EXPECTED


@pytest.mark.parametrize(
    ("changes", "mark", "what"),
    [
        ({"instance_id": ID}, f"ordered from here for {URN}, in no state", "ordered"),
        ({"name": "orders"}, f"ordered from here for {URN}, in no state", "ordered"),
        ({"instance_id": ID, "urn": ""}, "ordered from here for an unknown resource, in no state", "ordered"),
        ({"instance_id": ID, "answered": True}, f"ordered from here for {URN}", "given"),
        ({"instance_id": ID, "stage": Stage.ADOPTED}, f"adopted from here for {URN}", "adopted"),
        ({"instance_id": ID, "stage": Stage.DELETING}, f"being deleted from here for {URN}", "deleting"),
        ({"instance_id": ID, "stage": Stage.DELETED}, f"deleted from here for {URN}", "deleted"),
    ],
)
def test_what_the_journal_knows_of_an_instance(listed: Listed, changes: dict[str, Any], mark: str, what: str) -> None:
    listed.host.journal.write(entry(**changes))
    assert listed()[1].splitlines()[0] == f"{ORDERS_LINE[:-1]}{mark}"
    [shown, other] = json.loads(listed(as_json=True)[1])["instances"]
    assert (shown["journal"], other["journal"]) == ([{"what": what, "resource": changes.get("urn", URN)}], [])
    assert listed.err == ""


@pytest.mark.parametrize("elsewhere", [{"host": "other.example.com"}, {"region": "eu-west-1"}, {"project_id": "other"}])
def test_the_journal_of_another_place_says_nothing(listed: Listed, elsewhere: dict[str, Any]) -> None:
    listed.host.journal.write(replace(entry(instance_id=ID), **elsewhere))
    assert listed() == (WELL, ORDERS_LINE + UNITS_LINE)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"instance_id": "44444444-4"}, True),
        ({"instance_id": "44444444-4", "name": "orders"}, True),
        ({"name": "unseen"}, True),
        ({"instance_id": "44444444-4", "answered": True}, False),
        ({"instance_id": "44444444-4", "stage": Stage.DELETING}, False),
    ],
)
def test_orders_that_the_list_does_not_show_are_counted(listed: Listed, changes: dict[str, Any], said: bool) -> None:
    listed.host.journal.write(entry(**changes))
    assert listed()[0] == WELL
    more = "roma: this machine has ordered 1 more that the list does not show: run `roma journal`\n"
    assert listed.err == (more if said else "")


def test_json(listed: Listed) -> None:
    found = json.loads(listed(as_json=True)[1])
    ended = {key: found.pop(key) for key in ("command", "ok", "exit_code", "messages")}
    assert ended == {"command": "list", "ok": True, "exit_code": 0, "messages": []}
    orders, units = found.pop("instances")
    assert found == {"region": REGION, "project_id": PROJECT}
    assert orders == {
        "id": ID,
        "name": "orders",
        "status": "RUNNING",
        "edition": "basic",
        "product_id": "00300-30101-0--0",
        "zones": ["az0.dc0", "az1.dc1"],
        "create_time": "2025-03-06T11:01:13Z",
        "age_seconds": 3600,
        "journal": [],
    }
    assert (units["edition"], units["product_id"], units["zones"], units["age_seconds"]) == ("RCU", None, [], None)
    assert json.loads(listed("none", as_json=True)[1])["instances"] == []


@pytest.mark.parametrize(
    ("more", "edition"),
    [
        ({"flavor_id": "00300-30101-0--0"}, "00300-30101-0--0"),
        ({"flavor_type": "basic", "category": "roma"}, "basic"),
        ({"flavor_type": "basic", "category": "pro"}, "RCU"),
        ({}, None),
    ],
)
def test_editions(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], more: dict[str, Any], edition: str | None
) -> None:
    shown = json.loads(Listed(tmp_path, capsys, summary(**more))(as_json=True)[1])
    assert shown["instances"][0]["edition"] == edition


def test_nothing_of_a_servers_moves_the_cursor_or_begins_a_field(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hostile = summary(ID, "a\tb\n\x1b[2J##vso[x]", "RUN\x07", available_zone_ids=["z\r"])
    listed = Listed(tmp_path, capsys, hostile)
    assert listed() == (WELL, f"{ID}\ta b ?[2J# #vso[x]\tRUN?\t\t\tz \t\n")
    assert "##" not in listed(as_json=True)[1]


def test_a_table_on_a_terminal(listed: Listed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "160")
    head, orders, units = re.sub(r"\x1b\[\d+m", "", listed()[1]).splitlines()
    assert head.split() == ["ID", "NAME", "STATUS", "EDITION", "AGE", "ZONES"]
    assert orders.split() == [ID, "orders", "RUNNING", "basic", "1", "h", "az0.dc0,", "az1.dc1"]
    assert units.split() == [OTHER_ID, "units", "FROZEN", "RCU"]
    listed.host.journal.write(entry(instance_id=ID))
    text = listed()[1]
    assert "FROM HERE" in text
    assert "in no state" in " ".join(text.split())
    monkeypatch.setenv("COLUMNS", "60")
    assert listed()[1].endswith(UNITS_LINE), "no room for a table"
