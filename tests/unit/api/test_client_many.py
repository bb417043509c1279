"""Lists of more instances than the pages of the V2 list can show: 200, since offset is documented up to 100."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from roma_provider.api.budget import CALLS, WINDOW_SECONDS, Rank
from roma_provider.api.client import RomaClient
from roma_provider.errors import Answer, InputError, RomaApiError
from tests.support.server import Server, raw
from tests.support.transport import Made
from tests.unit.api.test_client import FakeTransport, page

IDS = [f"i{number}" for number in range(250)]
V2, V3 = "list_instances", "list_roma_instances"
NO_V3 = RomaApiError(V3, Answer(404, "APIGW.0101", "The API does not exist"))
TROUBLE = RomaApiError(V3, Answer(503, None, "down"))


@pytest.fixture
def server() -> Iterator[Server]:
    found = Server()
    yield found
    found.close()


def pages(total: object, count: int = 200) -> list[Any]:
    """The two pages that can be asked for, of a list that counts ``total``."""
    return [page(total, *IDS[:100]), page(total, *IDS[100:count])]


def refused(client: RomaClient) -> str:
    with pytest.raises(RomaApiError) as caught:
        client.all_instances()
    assert (caught.value.status, caught.value.operation) == (200, V2)
    return caught.value.message


@pytest.mark.parametrize("once", [True, False])
def test_what_pages_cannot_show_comes_from_the_v3_list(once: bool) -> None:
    transport = FakeTransport(*pages(250), page(250, *IDS))
    assert sorted(str(entry.id) for entry in transport.client().list_instances(once=once)) == sorted(IDS)
    assert [entry["params"]["offset"] for entry in transport.more[:2]] == ["0", "100"]
    assert [operation for operation, _, _ in transport.calls] == [V2, V2, V3]
    assert [entry.get("once", False) for entry in transport.more] == [once] * 3


@pytest.mark.parametrize("rcu", [False, True])
def test_all_instances_of_a_project_with_more_than_200(rcu: bool) -> None:
    v2, v3 = pages(250), [page(251, *IDS, "rcu-1")]
    transport = FakeTransport(*(v3 + v2 if rcu else v2 + v3))
    client = transport.client().for_rcu() if rcu else transport.client()
    assert {entry.id for entry in client.all_instances()} == {*IDS, "rcu-1"}
    assert len(transport.calls) == 3


@pytest.mark.parametrize("total", [200, 201])
def test_200_exactly_are_all_that_pages_show(total: int) -> None:
    transport = FakeTransport(*pages(total), page(total, *IDS[:total]))
    assert len(transport.client().all_instances()) == total
    assert len(transport.calls) == 3  # never offset 200


def test_one_that_neither_list_shows_is_an_error() -> None:
    said = refused(FakeTransport(*pages(250), page(249, *IDS[:249])).client())
    assert said == "the V2 list counts 250, but shows 200 at most, and with the V3 list there are 249"
    with pytest.raises(RomaApiError, match="and with the V3 list there are 249"):
        FakeTransport(*pages(250), page(249, *IDS[:249])).client().list_instances()
    # The V3 list does not add up by itself.
    with pytest.raises(RomaApiError, match="the list counts 250, but shows 249"):
        FakeTransport(*pages(250), page(250, *IDS[:249])).client().all_instances()


@pytest.mark.parametrize(
    ("total", "counts"),
    [(250, "counts 250, but shows"), (None, "has no count, and shows"), (0, "has no count, and shows")],
)
def test_more_than_pages_show_on_a_cloud_without_the_v3_list(total: int | None, counts: str) -> None:
    said = refused(FakeTransport(*pages(total), NO_V3).client())
    assert said == (
        f"the V2 list {counts} 200 at most, and the V3 list, which has the rest, is refused: "
        "list_roma_instances was answered with HTTP 404: APIGW.0101: The API does not exist"
    )
    with pytest.raises(RomaApiError, match="is refused"):
        FakeTransport(*pages(total), NO_V3).client().list_instances()
    # Where its own count says so, nothing is missing.
    assert len(FakeTransport(*pages(200), NO_V3).client().all_instances()) == 200
    assert len(FakeTransport(*pages(200), NO_V3).client().list_instances()) == 200


def test_a_v3_list_in_trouble_says_nothing() -> None:
    for call in (RomaClient.all_instances, RomaClient.list_instances):
        with pytest.raises(RomaApiError, match="503"):
            call(FakeTransport(*pages(250), TROUBLE).client())


def test_a_server_that_pages_by_fewer_is_asked_up_to_offset_100() -> None:
    shown = [page(125, *IDS[begin : begin + 30]) for begin in range(0, 120, 30)]
    transport = FakeTransport(*shown, page(125, *IDS[:125]))
    assert len(transport.client().list_instances()) == 125
    assert [entry["params"]["offset"] for entry in transport.more[:-1]] == ["0", "30", "60", "90"]


class TestFind:
    """One instance by its id."""

    def test_it_is_looked_for_in_both_lists(self) -> None:
        for id_, found in (("a", "na"), ("r", "nr"), ("x", None)):
            transport = FakeTransport(page(1, "a"), page(2, "a", "r"))
            entry = transport.client().find(id_, once=True)
            assert (entry.name if entry is not None else None) == found
            assert [more["once"] for more in transport.more] == [True, True]

    def test_where_the_lists_cannot_show_it_the_v2_list_is_asked_for_it(self) -> None:
        transport = FakeTransport(*pages(250), NO_V3, page(1, "i240"))
        entry = transport.client().find("i240")
        assert entry is not None
        assert (entry.id, entry.name) == ("i240", "ni240")
        assert transport.more[-1] == {"params": {"id": "i240"}}
        assert FakeTransport(*pages(250), NO_V3, page(0)).client().find("gone") is None

    @pytest.mark.parametrize("answer", [page(250, *IDS[:10]), page(250), page(1, "other")])
    def test_a_server_that_does_not_know_the_filter_says_nothing(self, answer: Any) -> None:
        with pytest.raises(RomaApiError, match="the V2 list counts 250, but shows 200 at most"):
            FakeTransport(*pages(250), NO_V3, answer).client().find("i240")

    def test_an_id_that_cannot_be_one_is_not_sent(self) -> None:
        with pytest.raises(InputError):
            FakeTransport(*pages(250), NO_V3).client().find("a&b")


def test_a_page_that_waits_for_its_turn_longer_than_a_window(server: Server) -> None:
    """Seen with 200 creations together: one of them was not ordered, since the list before it was given up."""
    server.first = [raw(200, json.dumps(body)) for body in pages(150, 150)]
    made = Made(server)

    def calls_of_others(count: int) -> None:
        for _ in range(count):
            made.budget.take(Rank.FREE, made.clock, threading.Event())

    calls_of_others(CALLS - 1)
    made.clock.at(WINDOW_SECONDS, lambda: calls_of_others(CALLS))
    assert len(RomaClient(made.transport, "p").list_instances()) == 150
    assert made.clock.now == 2 * WINDOW_SECONDS


def test_the_pages_of_a_list_that_has_begun_go_before_lists_that_have_not() -> None:
    transport = FakeTransport(*pages(150, 150))
    transport.client().list_instances()
    assert transport.ranks == [Rank.LIST, Rank.ORDER]
