"""Input that nobody means well with: each is a 400 in the vendor's words, and afterwards everything else answers."""

from __future__ import annotations

import json
import socket
from typing import Any

import pytest

from roma_provider.emulator import PROJECT_ID, TOKEN, Control, ControlError, Emulator
from roma_provider.emulator.core.settings import BadInputError
from tests.support.emulator import Api, order

DEEP = b"[" * 100_000 + b"]" * 100_000
DEEP_OBJECT = b'{"a":' * 100_000 + b"1" + b"}" * 100_000
HOSTILE = {
    "deep arrays": DEEP,
    "deep objects": DEEP_OBJECT,
    "not closed": DEEP[:100_000],
    "half a pair": b'{"name": "\\ud800"}',
    "half a pair as a key": b'{"\\udfff": 1}',
    "NaN": b'{"name": NaN}',
    "Infinity": b'{"creation_seconds": Infinity}',
    "an infinite number": b'{"creation_seconds": 1e999}',
    "a huge number": b'{"creation_seconds": ' + b"9" * 10_000 + b"}",
    "beyond 64 bits": b'{"times": 9223372036854775808}',
    "no UTF-8": b'{"name": "\xff"}',
    "UTF-16": '{"name": "x"}'.encode("utf-16"),
    "a mark of UTF-8": b"\xef\xbb\xbf{}",
    "cut": b'{"name": "x',
    "a list": b"[1]",
    "null": b"null",
    "a number": b"5",
}
API_POSTS = [f"/v1/{PROJECT_ID}/instances", f"/v3/{PROJECT_ID}/roma/instances", "/v3/auth/tokens"]
JSON = {"Content-Type": "application/json"}


def assert_all_answer(api: Api, control: Control, instance_id: str) -> None:
    assert api.get_list().status_code == 200
    assert api.call("GET", f"/v3/{PROJECT_ID}/roma/instances").status_code == 200
    assert api.get_process(instance_id).status_code == 200
    assert api.sign_in().status_code == 201
    assert api.projects().status_code == 200
    assert instance_id in [instance.id for instance in control.instances()]
    control.calls(), control.faults(), control.settings(), control.statistics()


def assert_vendor_error(answer: Any) -> None:
    body = answer.json()
    if "error" in body:
        assert sorted(body["error"]) == ["code", "message", "title"]
    else:
        assert {"error_code", "error_msg", "request_id"} <= set(body)


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_body_is_refused_everywhere(api: Api, control: Control, body: bytes) -> None:
    instance_id = api.create()
    # With a rule that looks into bodies, and without.
    for _ in range(2):
        for path in API_POSTS:
            answer = api.call("POST", path, data=body)
            assert answer.status_code == 400
            assert_vendor_error(answer)
        control.add_fault("create_instance", name="somebody", status=500)
    ways = [("POST", "/faults"), ("PATCH", "/settings"), ("PATCH", f"/instances/{instance_id}")]
    for method, path in ways:
        answer = api.call(method, "/_emulator" + path, data=body, headers=JSON)
        assert (answer.status_code, list(answer.json())) == (400, ["error"])
    assert_all_answer(api, control, instance_id)


@pytest.mark.parametrize("name", ["description", "name", "vpc_id", "product_id"])
@pytest.mark.parametrize("value", ["\ud800", float("nan"), float("inf"), 10**400, {"a": [1]}], ids=repr)
def test_a_hostile_value_of_an_order(api: Api, control: Control, name: str, value: Any) -> None:
    answer = api.call("POST", API_POSTS[0], data=json.dumps(order(**{name: value})))
    assert (answer.status_code, answer.json()["error_code"]) == (400, "ROMA.13000")
    assert control.instances() == []


@pytest.mark.parametrize("user", [{"name": "\ud800", "password": "p"}, {"name": "x", "password": "\udfff"}])
def test_half_a_pair_as_a_user(api: Api, user: dict[str, str]) -> None:
    body = {"auth": {"identity": {"methods": ["password"], "password": {"user": user}}}}
    answer = api.call("POST", API_POSTS[2], json=body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, 400)


SECONDS = ("creation_seconds", "deletion_seconds", "list_lag_seconds", "token_seconds")


@pytest.mark.parametrize("name", SECONDS)
@pytest.mark.parametrize("value", [1e308, 1e12, -1e308, -0.001])
def test_seconds_beyond_all_time(api: Api, control: Control, name: str, value: float) -> None:
    instance_id = api.create()
    with pytest.raises(ControlError, match=f"^{name} is "):
        control.settings(**{name: value})  # type: ignore[arg-type]
    if name == "creation_seconds":
        with pytest.raises(ControlError, match=f"^{name} is "):
            control.patch_instance(instance_id, creation_seconds=value)
    for fault in ("drip_seconds", "delay_seconds"):
        with pytest.raises(ControlError, match=f"^{fault} is "):
            control.add_fault("*", **{fault: value})  # type: ignore[arg-type]
    assert_all_answer(api, control, instance_id)


@pytest.mark.parametrize("value", [10**5000, -(10**5000), float("inf")], ids=["huge", "hugely negative", "infinite"])
def test_seconds_of_an_emulator_in_code(value: float) -> None:
    for name in (*SECONDS, "clock_offset_seconds"):
        with pytest.raises(BadInputError, match=f"^{name} is "):
            Emulator(**{name: value})  # type: ignore[arg-type]


def test_the_longest_times_work(api: Api, control: Control) -> None:
    control.settings(**dict.fromkeys(SECONDS, 10 * 365 * 86400.0), scenario="slow")  # type: ignore[arg-type]
    control.settings(list_lag_seconds=0)
    instance_id = api.create()
    assert_all_answer(api, control, instance_id)
    assert api.delete(instance_id).status_code == 202


@pytest.mark.parametrize(
    "fields",
    [
        {"createdAt": 10**18},
        {"createdAt": "x"},
        {"updatedAt": 1e300},
        {"availableZones": "[" * 100_000},
        {"availableZones": "[NaN]"},
        {"availableZones": '["\\ud800"]'},
        {"availableZones": {"a": 1}},
    ],
    ids=repr,
)
def test_an_override_that_the_lists_cannot_show(api: Api, control: Control, fields: dict[str, Any]) -> None:
    instance_id = api.create()
    for spelling in ("as-ordered", "upper-case", "padded"):
        control.settings(listed_names=spelling)
        with pytest.raises(ControlError, match=r"^fields: a value that the lists cannot show"):
            control.patch_instance(instance_id, fields=fields)
        assert_all_answer(api, control, instance_id)


@pytest.mark.parametrize("name", [None, 5, [], {"a": 1}, True])
def test_an_override_of_the_name_by_anything(api: Api, control: Control, name: Any) -> None:
    instance_id = api.create()
    control.patch_instance(instance_id, fields={"name": name})
    for spelling in ("as-ordered", "upper-case", "padded"):
        control.settings(listed_names=spelling)
        assert api.listed()["instances"][0].get("name") == name
        assert api.process(instance_id)["name"] == name


@pytest.mark.parametrize(
    "fault",
    [
        {"headers": {"X": "a\r\nY: b"}},
        {"headers": {"X": "a\x00"}},
        {"headers": {"X": "中"}},
        {"headers": {"X": " a"}},
        {"headers": {"X Y": "a"}},
        {"headers": {"": "a"}},
        {"headers": {"中": "a"}},
        {"headers": {"Content-Length": "5"}},
        {"headers": {"transfer-encoding": "chunked"}},
        {"status": 204, "body": "x"},
        {"status": 304, "body": {}},
    ],
    ids=repr,
)
def test_a_fault_that_http_cannot_send(api: Api, control: Control, fault: dict[str, Any]) -> None:
    with pytest.raises(ControlError):
        control.add_fault("*", **{"status": 500, **fault})
    assert_all_answer(api, control, api.create())


@pytest.mark.parametrize("status", [200, 201, 204, 205, 206, 299, 302, 304, 399, 400, 418, 429, 500, 599])
def test_an_injected_answer_of_any_status_arrives(shared: tuple[Api, Control], status: int) -> None:
    api, control = shared
    control.add_fault("list_instances", status=status)
    assert api.call("GET", f"/v2/{PROJECT_ID}/instances", allow_redirects=False).status_code == status


@pytest.fixture(scope="module")
def shared() -> Any:
    with Emulator() as running:
        yield Api(running.url), running.control


@pytest.mark.parametrize(
    "query",
    [
        "limit=-1",
        "limit=1e3",
        "limit=%D9%A3",
        "limit=" + "9" * 5000,
        "offset=%00",
        "offset=%ff",
        "limit=",
        "limit=%ed%a0%80",
        "status=%ff",
        "status=" + "x" * 129,
        "limit=200&" * 500,
    ],
)
def test_an_odd_query(api: Api, query: str) -> None:
    answer = api.call("GET", f"/v2/{PROJECT_ID}/instances?{query}")
    assert (answer.status_code, answer.json()["error_code"]) == (400, "ROMA.00013000")


@pytest.mark.parametrize("query", ["id=%ff%00", "x[a][b]=1", "&&==&", "%", "id=" + "a" * 30_000, "category=%ed%a0%80"])
def test_a_query_that_means_nothing(api: Api, query: str) -> None:
    for path in (f"/v2/{PROJECT_ID}/instances", f"/v3/{PROJECT_ID}/roma/instances", "/v3/projects", "/_emulator/calls"):
        assert api.call("GET", f"{path}?{query}").status_code == 200


@pytest.mark.parametrize("segment", ["%ff%fe%fd%00" * 8, "%ed%a0%80" * 8, "%0d%0a" * 8, "a" * 129, "%2e%2e" * 8])
def test_an_odd_path(api: Api, control: Control, segment: str) -> None:
    for method, path in (
        ("GET", f"/v2/{segment}/instances"),
        ("GET", f"/v2/{segment}/instances/{segment}/process"),
        ("DELETE", f"/v1/{segment}/roma/instances/{segment}"),
        ("PUT", f"/{segment}"),
    ):
        assert api.call(method, path).status_code in (200, 400, 404)
    control.calls()


def exchange(emulator: Emulator, head: str, body: bytes = b"") -> bytes:
    host, port = emulator.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        connection.sendall(head.replace("\n", "\r\n").encode("latin-1") + body)
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        while part := connection.recv(65536):
            answer += part
    return answer


@pytest.mark.parametrize("host", ["[", "[::1", "a]b", "x:y:z", "://", "\xe4"])
def test_an_odd_host_is_no_matter_to_the_api(api: Api, emulator: Emulator, control: Control, host: str) -> None:
    for path in (f"/v2/{PROJECT_ID}/instances", "/nowhere"):
        request = f"GET {path} HTTP/1.1\nHost: {host}\nX-Auth-Token: {TOKEN}\nConnection: close\n\n"
        assert exchange(emulator, request).split(b" ")[1] in (b"200", b"404")
    control.calls()


WRONG = {
    "no number": "Content-Length: x\n\n",
    "negative": "Content-Length: -5\n\n",
    "two of them": "Content-Length: 2\nContent-Length: 3\n\n",
    "huge": f"Content-Length: {'9' * 5000}\n\n",
    "bad chunk": "Transfer-Encoding: chunked\n\n-5\n",
    "another coding": "Transfer-Encoding: gzip\n\n",
    "no header": "nonsense\n\n",
}


@pytest.mark.parametrize("rest", WRONG.values(), ids=WRONG.keys())
def test_a_wrong_length_is_a_bad_request(api: Api, emulator: Emulator, control: Control, rest: str) -> None:
    instance_id = api.create()
    answer = exchange(emulator, f"POST {API_POSTS[0]} HTTP/1.1\nHost: x\nX-Auth-Token: {TOKEN}\n{rest}", b"{}")
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.split(b" ")[1] in (b"400", b"501")
    assert {"error_code", "error_msg", "request_id"} == set(json.loads(body))
    assert_all_answer(api, control, instance_id)


@pytest.mark.parametrize("length", [1, 50_000])
def test_a_body_that_is_not_as_long_as_it_says(api: Api, emulator: Emulator, control: Control, length: int) -> None:
    instance_id = api.create()
    head = f"POST {API_POSTS[0]} HTTP/1.1\nHost: x\nX-Auth-Token: {TOKEN}\nContent-Length: {length}\n\n"
    answer = exchange(emulator, head, json.dumps(order()).encode())
    assert not answer or answer.startswith(b"HTTP/1.1 400 ")
    assert [instance.id for instance in control.instances()] == [instance_id]
    assert_all_answer(api, control, instance_id)
