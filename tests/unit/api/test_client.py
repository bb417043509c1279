"""What each method of the client asks for, on a transport that remembers."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Mapping
from typing import Any, cast

import pytest

from roma_provider.api.auth import TokenAuth
from roma_provider.api.budget import Rank
from roma_provider.api.client import RomaClient
from roma_provider.api.models import CreateInstanceRequest, CreateRcuInstanceRequest, CreationProgress
from roma_provider.api.transport import Request, Transport
from roma_provider.errors import Answer, InputError, RomaApiError, RomaConnectionError, RomaError
from roma_provider.schema.requests import request_of
from tests.support.fakes import ID, PROJECT, SEED, TOKEN, inputs, rcu_inputs


class FakeTransport:
    """Answers with the next of ``answers``, parsed as the model that was asked for."""

    def __init__(self, *answers: Any) -> None:
        self._answers = list(answers)
        self.calls: list[tuple[str, str, str]] = []
        self.more: list[dict[str, Any]] = []
        self.ranks: list[Rank] = []
        self.host = "roma.example.com"
        self.now = 0.0
        self.is_stopped = False

    def shared(self, _what: Any, ask: Any, _patience: float) -> Any:
        return ask()

    def call(self, request: Request, model: Any = None, **more: Any) -> Any:
        self.calls.append((request.operation, request.method, request.path))
        self.ranks.append(request.rank)
        more |= {"params": request.params, "json": request.json}
        self.more.append({key: value for key, value in more.items() if value not in (None, False)})
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return None if model is None else model.model_validate(answer)

    def client(self, project_id: str = PROJECT) -> RomaClient:
        return RomaClient(cast(Transport, self), project_id)

    @property
    def offsets(self) -> list[str]:
        return [entry["params"]["offset"] for entry in self.more]


def page(total: object, *ids: object) -> Mapping[str, Any]:
    return {"total": total, "size": len(ids), "instances": [{"id": entry, "name": f"n{entry}"} for entry in ids]}


def request() -> CreateInstanceRequest | CreateRcuInstanceRequest:
    return request_of(inputs())


def test_the_host_is_the_transport_s() -> None:
    assert FakeTransport().client().host == "roma.example.com"


def test_create_instance() -> None:
    transport = FakeTransport({"instance_id": ID})
    assert transport.client().create_instance(request()) == ID
    assert transport.calls == [("create_instance", "POST", f"/v1/{PROJECT}/instances")]
    [sent] = transport.more
    assert list(sent) == ["json"]
    assert sent["json"] == request().model_dump(exclude_none=True)
    assert None not in sent["json"].values()


def test_rcu_instances_have_their_own_endpoints() -> None:
    rcu = request_of(rcu_inputs())
    transport = FakeTransport({"id": ID}, page(2, "a", "b"))
    client = transport.client().for_rcu()
    assert client.create_instance(rcu) == ID
    assert [entry.id for entry in client.own_instances(once=True)] == ["a", "b"]
    assert transport.calls == [
        ("create_rcu_instance", "POST", f"/v3/{PROJECT}/roma/instances"),
        ("list_roma_instances", "GET", f"/v3/{PROJECT}/roma/instances"),
    ]
    assert transport.more == [{"json": rcu.model_dump(exclude_none=True)}, {"once": True}]


def test_a_list_that_leaves_some_out_is_no_list() -> None:
    client = FakeTransport(page(3, "a", "b")).client().for_rcu()
    with pytest.raises(RomaApiError, match="the list counts 3, but shows 2"):
        client.own_instances()


def listed(*entries: dict[str, Any]) -> dict[str, Any]:
    return {"total": len(entries), "instances": list(entries)}


@pytest.mark.parametrize("rcu", [False, True])
def test_all_instances_are_those_of_both_lists(rcu: bool) -> None:
    v2 = listed({"id": "a", "name": "one", "create_time": "2019-12-06T06:49:04Z", "vpc_id": ""})
    v3 = listed({"id": "a", "name": "one", "category": "roma", "vpc_id": "v"}, {"id": "b", "category": "rcu"})
    transport = FakeTransport(*((v3, v2) if rcu else (v2, v3)))
    client = transport.client().for_rcu() if rcu else transport.client()
    found = {
        entry.id: (entry.name, entry.category, entry.create_time, entry.vpc_id) for entry in client.all_instances()
    }
    assert found == {"a": ("one", "roma", "2019-12-06T06:49:04Z", "v"), "b": (None, "rcu", None, None)}
    assert len(transport.calls) == 2


def test_a_cloud_without_the_other_list_has_none_of_its_kind() -> None:
    missing = RomaApiError("list_roma_instances", Answer(404, "APIGW.0101", "The API does not exist"))
    found = FakeTransport(page(1, "a"), missing).client().all_instances()
    assert [(entry.id, entry.category) for entry in found] == [("a", None)]
    with pytest.raises(RomaApiError, match=r"APIGW\.0101"):
        FakeTransport(missing).client().for_rcu().all_instances()


@pytest.mark.parametrize("answers", [(502,), (page(1, "a"), 502)])
def test_a_list_in_trouble_says_nothing(answers: tuple[Any, ...]) -> None:
    trouble = RomaApiError("list", Answer(502, None, "Bad Gateway"))
    transport = FakeTransport(*(trouble if answer == 502 else answer for answer in answers))
    with pytest.raises(RomaApiError, match="502"):
        transport.client().all_instances()


@pytest.mark.parametrize("answer", [{}, {"id": None}, {"id": ""}, {"message": "accepted"}])
def test_create_instance_without_an_id(answer: object) -> None:
    assert FakeTransport(answer).client().create_instance(request()) is None


def test_creation_progress() -> None:
    transport = FakeTransport(SEED, SEED, SEED)
    client = transport.client()
    assert client.creation_progress(ID) == CreationProgress.model_validate(SEED)
    client.creation_progress(ID, timeout=1.5)
    client.creation_progress(ID, once=True)
    assert transport.calls == [("creation_progress", "GET", f"/v2/{PROJECT}/instances/{ID}/process")] * 3
    assert transport.more == [{}, {"read_timeout": 1.5}, {"once": True}]


def test_delete_instance() -> None:
    transport = FakeTransport(None)
    transport.client().delete_instance(ID)
    assert transport.calls == [("delete_instance", "DELETE", f"/v1/{PROJECT}/roma/instances/{ID}")]
    assert transport.more == [{}]


@pytest.mark.parametrize(
    ("odd", "quoted"),
    [
        ("a/b", "a%2Fb"),
        ("a b", "a%20b"),
        ("a?x=1#y", "a%3Fx%3D1%23y"),
        ("ä", "%C3%A4"),
        ("%2e", "%252e"),
        ("a\nb", "a%0Ab"),
    ],
)
def test_the_project_id_is_quoted(odd: str, quoted: str) -> None:
    transport = FakeTransport(SEED, None, page(0))
    client = transport.client(odd)
    client.creation_progress(ID)
    client.delete_instance(ID)
    client.list_instances()
    assert [path for _, _, path in transport.calls] == [
        f"/v2/{quoted}/instances/{ID}/process",
        f"/v1/{quoted}/roma/instances/{ID}",
        f"/v2/{quoted}/instances",
    ]


@pytest.mark.parametrize("odd", ["", ".", "..", "a/b", "a b", "a?x=1#y", "ä", "%2e", "a\nb", f"{ID}\n", "²"])
def test_an_id_that_could_name_another_resource_is_never_sent(odd: str) -> None:
    transport = FakeTransport()
    client = transport.client()
    for call in (client.creation_progress, client.raw_progress, client.delete_instance):
        with pytest.raises(InputError) as caught:
            call(odd)
        assert str(caught.value) == f"id: write an instance id, such as {ID}, not {odd!r}"
    assert transport.calls == []


def test_the_list_of_one_page() -> None:
    transport = FakeTransport(page(2, "a", "b"))
    assert [(entry.id, entry.name) for entry in transport.client().list_instances()] == [("a", "na"), ("b", "nb")]
    assert transport.calls == [("list_instances", "GET", f"/v2/{PROJECT}/instances")]
    assert transport.more == [{"params": {"offset": "0", "limit": "100"}}]


def test_the_answers_as_they_came() -> None:
    transport = FakeTransport([1, {"x": None}], "nonsense")
    client = transport.client()
    assert client.raw_list() == [1, {"x": None}]
    assert client.raw_progress(ID) == "nonsense"
    assert transport.calls == [
        ("list_instances", "GET", f"/v2/{PROJECT}/instances"),
        ("creation_progress", "GET", f"/v2/{PROJECT}/instances/{ID}/process"),
    ]
    assert transport.more[0] == {"params": {"offset": "0", "limit": "100"}}


def test_a_client_that_is_stopped_is_of_the_same_project_and_transport() -> None:
    transport = Transport("https://roma.example.com", TokenAuth(TOKEN))
    stop = threading.Event()
    client = RomaClient(transport, "a/b").stopped_by(stop)
    assert (client._project, client._transport._stop) == ("a%2Fb", stop)
    assert client._transport._local is transport._local
    assert transport._stop is not stop


def test_a_server_with_a_smaller_limit_than_was_asked_for() -> None:
    transport = FakeTransport(page(5, "a", "b"), page(5, "c", "d"), page(5, "e"))
    assert [entry.id for entry in transport.client().list_instances()] == ["a", "b", "c", "d", "e"]
    assert transport.offsets == ["0", "2", "4"]


def counted(transport: FakeTransport) -> str:
    """What is said of a list that lacks instances of its own count."""
    with pytest.raises(RomaApiError) as caught:
        transport.client().list_instances()
    assert (caught.value.status, caught.value.code, caught.value.transient) == (200, None, True)
    return caught.value.message


def test_a_list_that_shows_less_than_it_counts_is_no_list() -> None:
    # What it lacks would count as gone, and its name as free.
    transport = FakeTransport(page(9, "a", "b"), page(9))
    assert counted(transport) == "the list counts 9, but shows 2"
    assert transport.offsets == ["0", "2"]
    assert counted(FakeTransport(page(2))) == "the list counts 2, but shows 0"
    assert counted(FakeTransport(page(2, None, "a"), page(2))) == "the list shows an instance without an id"


def test_a_server_that_shows_the_same_page_again_and_again_ends_nothing_well() -> None:
    ids = [f"i{number}" for number in range(100)]
    transport = FakeTransport(page(300, *ids), page(300, *ids))
    assert counted(transport) == "the list counts 300, but shows 100"
    assert transport.offsets == ["0", "100"]


@pytest.mark.parametrize("totals", [(100, 101, 101), (None, None, None), (0, 0, 0), (-5, "x", 101)])
def test_a_full_page_is_followed_by_another_whatever_the_total(totals: tuple[object, ...]) -> None:
    ids = [f"i{number}" for number in range(101)]
    transport = FakeTransport(page(totals[0], *ids[:100]), page(totals[1], *ids[100:]), page(totals[2], *ids))
    assert [entry.id for entry in transport.client().list_instances()] == ids
    assert [entry["params"]["offset"] for entry in transport.more[:2]] == ["0", "100"]
    # Without a total, only a page that shows nothing new is an end: offset 101 cannot be asked for, the V3 list can.
    v3 = [operation for operation, _, _ in transport.calls[2:]]
    assert v3 == ["list_roma_instances"] * (totals[1] in (None, "x"))


def test_without_a_total_a_server_that_pages_by_fewer_is_read_to_the_end() -> None:
    transport = FakeTransport(page(None, "a", "b"), page(None, "c", "d"), page(None, "e"), page(None))
    assert [entry.id for entry in transport.client().list_instances()] == ["a", "b", "c", "d", "e"]


def test_a_total_that_is_too_low_hides_nothing_of_a_page() -> None:
    assert len(FakeTransport(page(1, "a", "b", "c")).client().list_instances()) == 3


def test_the_same_id_on_two_pages_is_one_instance_as_it_was_seen_last() -> None:
    later = {"total": 3, "instances": [{"id": "b", "name": "new"}, {"id": "c"}]}
    transport = FakeTransport(page(3, "a", "b"), later)
    found = transport.client().list_instances()
    assert [(entry.id, entry.name) for entry in found] == [("a", "na"), ("b", "new"), ("c", None)]


def test_no_instances() -> None:
    transport = FakeTransport(page(0))
    assert transport.client().list_instances() == []
    assert transport.offsets == ["0"]


class Endless(FakeTransport):
    """Pages that never end, each with a new instance or several; ``seconds`` pass at each."""

    def __init__(self, seconds: float = 0.0, entries: int = 1) -> None:
        super().__init__()
        self.seconds, self.entries = seconds, entries

    def call(self, request: Request, model: Any = None, **more: Any) -> Any:
        self.now += self.seconds
        first = len(self.calls) * self.entries
        self._answers = [page(None, *(f"i{number}" for number in range(first, first + self.entries)))]
        return super().call(request, model, **more)

    def fails(self, kind: type[RomaError], seconds: float | None = None) -> str:
        client = self.client()
        client._until = float("inf") if seconds is None else seconds
        with pytest.raises(kind) as caught:
            client.own_instances()
        return str(caught.value)


def test_pages_that_never_end() -> None:
    for entries in (1, 10_000):
        transport = Endless(entries=entries)
        with contextlib.suppress(RomaError):
            assert len(transport.client().list_instances()) <= 20_000
        assert len(transport.calls) <= 105


def test_pages_end_with_the_time_of_a_list() -> None:
    transport = Endless(seconds=29.0)
    assert "its time was over between two pages" in transport.fails(RomaConnectionError)
    assert (len(transport.calls), transport.now) == (21, 609.0)
    assert [round(more["read_timeout"]) for more in transport.more[1:3]] == [571, 542]


def test_pages_end_with_the_time_of_the_hook() -> None:
    transport = Endless(seconds=5.0)
    assert "its time was over between two pages" in transport.fails(RomaConnectionError, seconds=12.0)
    assert len(transport.calls) == 3


def test_pages_end_when_the_hook_is_stopped() -> None:
    transport = Endless(seconds=5.0)
    transport.is_stopped = True
    assert "it was stopped between two pages" in transport.fails(RomaConnectionError)
    assert len(transport.calls) == 1
