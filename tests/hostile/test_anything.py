"""Properties: whatever a server, a program or a file says, only our errors come of it, one verdict in its time, a state
of bounded size, and no secret. Bounded examples; docs/reliability.md has the figures."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import fields
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roma_provider.errors import RomaError
from roma_provider.lifecycle.journal import VERSION, Entry, Journal, Stage
from roma_provider.lifecycle.owned import Owned
from roma_provider.lifecycle.referenced import Referenced
from roma_provider.lifecycle.session import Session
from roma_provider.schema.catalogue import INSTANCE
from roma_provider.schema.requests import request_of
from roma_provider.schema.written import refuse_absent
from roma_provider.texts import for_people
from tests.hostile.anything import (
    HEADERS,
    JSON,
    KEYS,
    LEAVES,
    PROCESS_KEYS,
    STATUSES,
    as_bytes,
    bounded,
)
from tests.hostile.corpus import OPERATIONS
from tests.hostile.stack import SECONDS, Stack, answering
from tests.support.fakes import (
    ID,
    OTHER_ID,
    PROJECT,
    REGION,
    TOKEN,
    URN,
    FakeClock,
    FakeOperation,
    inputs,
    plain_settings,
)
from tests.support.hostile import STRANGER, Lies, Said
from tests.support.journal import entry

# 200 sub-services with four texts each, and 60 outputs.
MOST_STATE = 1_000_000
CALLS = ("create", "read", "update", "delete")
LATER = SECONDS + 5.0

PASSWORD = "canary-password"
SIGN_IN = {"HW_USER_NAME": "user", "HW_USER_PASSWORD": PASSWORD, "HW_DOMAIN_NAME": "account"}
ASKING: tuple[Callable[[Session], object], ...] = (
    lambda session: session.project_id(REGION),
    lambda session: session.client(REGION, PROJECT).creation_progress(ID),
    lambda session: session.client(REGION, PROJECT).all_instances(),
    lambda session: session.client(REGION, PROJECT).delete_instance(ID),
    lambda session: session.client(REGION, PROJECT).create_instance(request_of(inputs())),
)
ENTRY = {
    **{key: value for key, value in vars(entry()).items() if key not in ("key", "stage")},
    "version": VERSION,
    "stage": Stage.ORDERED.value,
    "instance_id": ID,
    "urn": URN,
}


@st.composite
def answers(draw: st.DrawFn) -> Any:
    """One answer, as a function of the true one: true, changed in some places, any JSON, or any bytes."""
    kind = draw(st.sampled_from(["true", "true", "changed", "changed", "json", "bytes"]))
    if kind == "true":
        return None
    status = draw(STATUSES) if kind != "changed" else 200
    if kind == "bytes":
        said: Any = draw(st.binary(max_size=300))
        return lambda _truth: (status, said)
    if kind == "json":
        made = as_bytes(draw(JSON))
        return lambda _truth: (status, made)
    changes = draw(st.dictionaries(st.one_of(KEYS, PROCESS_KEYS), st.one_of(LEAVES, JSON), max_size=4))
    inner = draw(st.dictionaries(st.one_of(KEYS, PROCESS_KEYS), LEAVES, max_size=4))

    def changed(truth: Any) -> Said:
        found = copy.deepcopy(truth) if isinstance(truth, dict) else {}
        found.update(changes)
        for part in (
            found.get("instance"),
            *(found.get("instances") or [] if isinstance(found.get("instances"), list) else []),
        ):
            if isinstance(part, dict):
                part.update(inner)
        return status, as_bytes(found)

    return changed


def in_turn(said: list[Any]) -> Any:
    """A sequence of answers, whose last is repeated."""
    left = list(said)

    def answer(truth: Any, _asked: str) -> Said:
        chosen = left.pop(0) if len(left) > 1 else left[0]
        return (200, truth) if chosen is None else chosen(truth)

    return answer


@bounded(100)
@given(said=st.dictionaries(st.sampled_from(OPERATIONS), st.lists(answers(), min_size=1, max_size=5), min_size=1))
def test_any_sequence_of_answers(tmp_path_factory: pytest.TempPathFactory, said: dict[str, list[Any]]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        lies = Lies()
        stack = Stack(tmp_path_factory.mktemp("any"), lies, patch)
        lies.says = {operation: in_turn(turns) for operation, turns in said.items()}
        for call in CALLS:
            stack.call(call)
            if stack.held is not None:
                state = json.dumps(stack.held, ensure_ascii=False)
                assert len(state) < MOST_STATE
                assert TOKEN not in state
        assert lies.posts <= 1
        if not {"list", "roma_list"} & said.keys():
            # Lists that hide the stranger, or give it our name after POST, make it ours.
            assert lies.instances[OTHER_ID] == STRANGER
            if "create" not in said:
                known = [stack.held and stack.held[0], *(entry.instance_id for entry in stack.journal.entries())]
                assert set(lies.ours) <= set(known)
        assert stack.longest <= LATER
        for line in stack.said:
            assert TOKEN not in line
            assert for_people(line) == line


@bounded(60)
@given(status=STATUSES, headers=HEADERS, data=st.one_of(st.binary(max_size=200), JSON.map(as_bytes)))
def test_any_headers(status: int, headers: dict[str, str], data: bytes) -> None:
    """Of the API and of IAM, whose token and projects are in them."""
    with pytest.MonkeyPatch.context() as patch:
        lies = Lies()
        lies.headers = headers
        answering(lies, patch)
        patch.setattr(lies, "answer", lambda *_asked: (status, data))
        for way in ({"HW_AUTH_TOKEN": TOKEN}, SIGN_IN):
            clock = FakeClock()
            environment = {**way, "ROMA_ENDPOINT": "https://roma.example.com", "HW_REGION_NAME": REGION}
            session = Session(plain_settings({}, environment), Journal(None, clock), clock)
            for ask in ASKING:
                said = ""
                try:
                    ask(session)
                except RomaError as error:
                    said = " ".join(error.reasons)
                assert not [secret for secret in way.values() if secret.startswith("canary") and secret in said]
                assert for_people(said, 100_000) == said
            assert clock.now < 3600


ARGUMENTS = st.dictionaries(
    st.one_of(st.sampled_from(sorted(INSTANCE)), st.sampled_from(["instance_id", "__written"]), KEYS),
    JSON,
    max_size=8,
)


@bounded(100)
@given(changes=ARGUMENTS, before=ARGUMENTS)
def test_any_arguments(changes: dict[str, Any], before: dict[str, Any]) -> None:
    """check says what is wrong; what it lets pass is compared, and becomes a request, without an error of Python's."""
    clock = FakeClock()
    session = Session(plain_settings(None, {"HW_AUTH_TOKEN": TOKEN}), Journal(None, clock), clock)
    for life in (Owned(session), Referenced(session)):
        for given_ in (changes, {**inputs(), **changes}):
            op = FakeOperation()
            try:
                found = life.check(op, before, given_)
                json.dumps(found.inputs)
                if not found.failures and isinstance(life, Owned):
                    life.diff(op, ID, {**inputs(), **before}, found.inputs)
                    refuse_absent(found.inputs, "nothing was created")
                    request_of(found.inputs).model_dump(exclude_none=True)
                elif isinstance(life, Referenced):
                    life.diff(op, before, found.inputs)
            except RomaError:
                pass
            assert all(isinstance(reason, str) for _, reason in found.failures)


FILE_KEYS = st.sampled_from([*(field.name for field in fields(Entry)), "version", "stage"])
FILES = st.one_of(
    st.binary(max_size=200),
    JSON.map(as_bytes),
    st.dictionaries(FILE_KEYS, LEAVES, max_size=14).map(as_bytes),
    st.dictionaries(FILE_KEYS, LEAVES, max_size=3).map(lambda changes: as_bytes({**ENTRY, **changes})),
)


@bounded(60)
@given(found=st.lists(st.tuples(FILES, st.sampled_from([".json", ".answered", ".new", ""])), max_size=4))
def test_any_files_in_the_journal(tmp_path_factory: pytest.TempPathFactory, found: list[tuple[bytes, str]]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("files")
        lies = Lies()
        stack = Stack(folder, lies, patch)
        (folder / "roma-provider" / "journal").mkdir(parents=True, mode=0o700)
        for number, (data, suffix) in enumerate(found):
            (folder / "roma-provider" / "journal" / f"{number:032x}{suffix}").write_bytes(data)
        for call in CALLS:
            stack.call(call)
        assert lies.posts <= 1
        assert lies.instances[OTHER_ID] == STRANGER
        known = [stack.held and stack.held[0], *(entry.instance_id for entry in stack.journal.entries())]
        assert set(lies.ours) <= set(known)
