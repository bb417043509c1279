"""A server that lies, on the real engine: nothing is lost, doubled or destroyed, and nothing hangs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from roma_provider.lifecycle.custody import FRESH_SECONDS
from roma_provider.schema.outputs import ORDERED_AT
from tests.engine.conftest import SETTINGS, MakeStack
from tests.engine.harness import Stack
from tests.engine.programs import program
from tests.support.fakes import OTHER_ID, body
from tests.support.hostile import Hostile, clean

pytestmark = pytest.mark.thorough


@pytest.fixture
def server() -> Iterator[Hostile]:
    with Hostile() as found:
        yield found


def stack(make_stack: MakeStack, server: Hostile, seconds: int = 3, **environment: str) -> Stack:
    text = program(name="ours", options=f'custom_timeouts=pulumi.CustomTimeouts(create="{seconds}s")')
    settings = {"ROMA_ENDPOINT": server.url, **SETTINGS, "ROMA_POLL_SECONDS": "0.1", **environment}
    return make_stack(text, environment=settings)


def test_an_id_of_post_and_of_the_list_that_is_none(make_stack: MakeStack, server: Hostile) -> None:
    def listed(truth: Any, _asked: str) -> tuple[int, object]:
        odd = [{**one, "id": "a/b"} if one["name"] == "ours" else one for one in truth["instances"]]
        return 200, {**truth, "instances": odd}

    server.says.update(create=lambda _truth, _asked: (200, {"id": "a/b"}), list=listed, roma_list=listed)
    made = stack(make_stack, server)
    failed = made.up(expect=None)
    clean(failed.text)
    assert failed.code > 0
    assert made.resources() == []
    made.refresh()  # other commands go on
    server.says.clear()
    made.up()
    assert [held["id"] for held in made.resources()] == server.ours
    assert server.posts == 1


def test_post_that_names_a_stranger(make_stack: MakeStack, server: Hostile) -> None:
    server.says["create"] = lambda _truth, _asked: (200, {"instance_id": OTHER_ID})
    made = stack(make_stack, server, seconds=60)
    made.up()
    (held,) = made.resources()
    assert [held["id"]] == server.ours
    made.destroy()
    assert OTHER_ID in server.instances
    assert server.deleted == [held["id"]]


def test_post_that_names_what_nobody_has_made(make_stack: MakeStack, server: Hostile) -> None:
    """New, and shaped like one: so it is held, and that of its name which the list shows is told, for adopt_id."""
    made_up = "00000000-aaaa-4bbb-8ccc-dddddddddddd"
    server.says["create"] = lambda _truth, _asked: (200, {"instance_id": made_up})
    made = stack(make_stack, server, seconds=60)
    failed = made.up(expect=None)
    clean(failed.text)
    (real,) = server.ours
    assert failed.code > 0
    assert real in failed.text
    assert made_up in failed.text
    assert [held["id"] for held in made.resources()] == [made_up]
    server.says.clear()
    clean(made.destroy(expect=None).text)
    assert server.deleted == [made_up]
    assert server.posts == 1
    # What two minutes do: neither the journal nor the state calls it new any more.
    for entry in (made.state_home / "roma-provider").rglob("*.answered"):
        entry.unlink()
    state = made.export()
    [held] = [entry for entry in state["deployment"]["resources"] if entry.get("id") == made_up]
    held["outputs"][ORDERED_AT] -= 2 * FRESH_SECONDS
    made.import_state(state)
    made.write(program(name="ours", adopt_id=real))
    made.up()
    assert [held["id"] for held in made.resources()] == [real]
    assert (server.posts, server.deleted) == (1, [made_up])


@pytest.mark.parametrize("status", ["RUNNING", "DELETED", "CREATE_FAILED"])
def test_what_is_said_of_another_instance(make_stack: MakeStack, server: Hostile, status: str) -> None:
    made = stack(make_stack, server, ROMA_MAX_RETRIES="0")
    made.up()
    before = made.resources()
    server.says["process"] = lambda _truth, _asked: (200, body(status, instanceId=OTHER_ID, connectAddress="1.2.3.4"))
    refreshed = made.refresh(expect=None)
    clean(refreshed.text)
    assert "about another instance" in refreshed.text
    assert [(held["id"], held["outputs"]) for held in made.resources()] == [
        (held["id"], held["outputs"]) for held in before
    ]
    server.says.clear()
    made.up()
    assert (server.posts, server.deleted) == (1, [])


def test_deleted_has_one_witness(make_stack: MakeStack, server: Hostile) -> None:
    made = stack(make_stack, server)
    made.up()
    server.says["process"] = lambda truth, _asked: (
        200,
        {**truth, "instance": {**truth["instance"], "status": "DELETED"}},
    )
    refreshed = made.refresh(expect=None)
    clean(refreshed.text)
    assert "is DELETED, but it was not seen to have left the list of instances" in refreshed.text
    (held,) = made.resources()
    assert ([held["id"]], held["outputs"]["status"]) == (server.ours, "RUNNING")
    server.says.clear()
    made.refresh("--expect-no-changes")


def test_a_failure_with_more_words_than_can_be_sent(make_stack: MakeStack, server: Hostile) -> None:
    server.status = "CREATE_FAILED"
    words = "no room\n::error file=a.py::x ##vso[task]\x1b[2J" + "y" * 300_000

    def say(truth: Any, _asked: str) -> tuple[int, object]:
        items = [{"name": "z" * 100_000, "start_time": 1, "error_msg": "\n::error::x" * 50} for _ in range(4)]
        items += [{"name": f"s{number}", "error_msg": "\u202e::warning::x"} for number in range(500)]
        return 200, {**truth, "instance": {**truth["instance"], "errorMessage": words}, "item": items}

    server.says["process"] = say
    made = stack(make_stack, server, seconds=60)
    failed = made.up(expect=None)
    clean(failed.text)
    assert failed.code > 0
    assert "could not be created (CREATE_FAILED): no room ::error" in failed.text
    (held,) = made.resources()
    assert [held["id"]] == server.ours
    assert held["outputs"]["vpc_id"] == held["inputs"]["vpc_id"]
    server.status = "RUNNING"
    server.says.clear()
    made.up()  # replaces it
    assert len(server.ours) == 1


def test_a_name_of_100_000_letters(make_stack: MakeStack, server: Hostile) -> None:
    server.status = "CREATING"

    def say(truth: Any, _asked: str) -> tuple[int, object]:
        return 200, {**truth, "item": [{"name": "x" * 100_000, "start_time": 1, "progress": 5}] * 5}

    server.says["process"] = say
    made = stack(make_stack, server, seconds=2)
    failed = made.up(expect=None)
    clean(failed.text)
    assert "was not ready after 2 s" in failed.text
    assert [held["id"] for held in made.resources()] == server.ours


def test_a_good_answer_that_repeats_the_token(make_stack: MakeStack, server: Hostile) -> None:
    token = SETTINGS["HW_AUTH_TOKEN"]
    server.says["process"] = lambda truth, _asked: (
        200,
        {**truth, "instance": {**truth["instance"], "connectAddress": f"at {token}", "orderId": token}},
    )
    made = stack(make_stack, server)
    run = made.up()
    assert token not in run.text
    (held,) = made.resources()
    assert held["outputs"]["connect_address"] == "at [secret]"
    assert token not in str(made.export()).replace(str(SETTINGS), "")
