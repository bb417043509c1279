"""What the program's process tells the plugins of its run, and by which address it knows them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import grpc
import pulumi
import pytest
from pulumi.runtime import settings
from pulumi.runtime.proto import engine_pb2_grpc

import roma_provider as roma
from roma_provider.hosts.dynamic import program
from roma_provider.lifecycle.run import Run
from tests.support.fakes import ID
from tests.support.mocks import Mocks, engine, run

__all__ = ["engine"]

ADDRESS = "127.0.0.1:4711"
OTHER = "00000000-0000-0000-0000-000000000000"
NEW = f"{program.INSTANCE}::new"

# The SDK's mocks ask for the current event loop, which Python 3.12 and later frown upon.
pytestmark = pytest.mark.filterwarnings("ignore:There is no current event loop:DeprecationWarning")


@pytest.mark.parametrize(
    ("arguments", "address"),
    [
        (["exec", "--engine", ADDRESS, "--monitor", "127.0.0.1:1", "."], ADDRESS),
        (["exec", "--monitor=127.0.0.1:1", f"--engine={ADDRESS}", "."], ADDRESS),
        (["exec", "--monitor", "m", "--engine", "[::1]:4711"], "[::1]:4711"),
        (["exec", "--monitor", "m", "--engine"], None),
        (["exec", "--monitor", "m", "--engine", "steam"], None),
        (["deploy.py", "--engine", ADDRESS], None),  # a program of somebody else's
        ([], None),
    ],
)
def test_the_address_by_the_language_host(
    arguments: list[str], address: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "orig_argv", ["python", "-u", *arguments])
    monkeypatch.setattr(settings, "get_engine", lambda: None)
    assert program.engine_address() == address


@pytest.mark.parametrize(
    ("client", "address"),
    [
        (engine_pb2_grpc.EngineStub(grpc.insecure_channel(ADDRESS)), ADDRESS),
        (SimpleNamespace(Log=SimpleNamespace(_channel=SimpleNamespace(target=lambda: "10.0.0.5:4711"))), None),
        (SimpleNamespace(), None),
        (None, None),
    ],
)
def test_the_address_in_an_inline_program(client: Any, address: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "get_engine", lambda: client)
    assert program.engine_address() == address


def test_with_mocks_there_is_no_engine(engine: Mocks) -> None:
    assert program.engine_address() is None
    run(engine, lambda: roma.ExistingInstance("shared", instance_id=ID).urn)


@pytest.fixture
def noted(engine: Mocks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """What the plugins of a run know that the program is of."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setattr(program, "engine_address", lambda: ADDRESS)
    program._run.cache_clear()
    program._warn.cache_clear()
    yield Run.of({"XDG_STATE_HOME": str(tmp_path)}, ADDRESS)
    program._run.cache_clear()
    program._warn.cache_clear()


ARGUMENTS: dict[str, Any] = {
    "available_zones": ["az0.dc0"],
    "vpc_id": "v",
    "subnet_id": "s",
    "security_group_id": "g",
    "edition": "basic",
}


def declared(given: Any) -> pulumi.Output[str]:
    return roma.ExistingInstance("shared", instance_id=given).urn


@pytest.mark.parametrize("given", [ID, "output", "secret"])
def test_a_reference_is_noted(engine: Mocks, noted: Run, given: str) -> None:
    def made() -> Any:
        forms = {"output": pulumi.Output.from_input(OTHER), "secret": pulumi.Output.secret(OTHER)}
        return declared(forms.get(given, given))

    run(engine, made)
    assert noted.referrers(ID if given == ID else OTHER) == ["shared"]


def test_a_look_up_is_noted(engine: Mocks, noted: Run) -> None:
    run(engine, lambda: roma.Instance.get("found", OTHER).urn)
    assert noted.referrers(OTHER) == ["found"]


def test_an_instance_is_no_reference_but_with_the_option_id(engine: Mocks, noted: Run) -> None:
    run(engine, lambda: roma.Instance("mine", **ARGUMENTS).urn)
    assert noted.referrers(ID) == []
    run(engine, lambda: roma.Instance("theirs", **ARGUMENTS, opts=pulumi.ResourceOptions(id=OTHER)).urn)
    assert noted.referrers(OTHER) == ["theirs"]


def test_what_is_to_be_adopted_is_noted_for_every_resource_but_the_one_that_adopts(engine: Mocks, noted: Run) -> None:
    for given in (ID, pulumi.Output.from_input(OTHER)):
        run(engine, lambda given=given: roma.Instance("new", **ARGUMENTS, adopt_id=given).urn)
    for adopted in (ID, OTHER):
        assert noted.referrers(adopted, f"urn:pulumi:dev::test::{program.INSTANCE}::old") == [NEW]
        assert noted.referrers(adopted, f"urn:pulumi:dev::test::{program.INSTANCE}::new") == []


def test_one_that_was_moved_to_another_parent_and_keeps_its_name_is_another_resource(engine: Mocks, noted: Run) -> None:
    def moved() -> Any:
        group = pulumi.ComponentResource("x:y:Group", "group")
        return roma.Instance("new", **ARGUMENTS, adopt_id=ID, opts=pulumi.ResourceOptions(parent=group)).urn

    run(engine, moved)
    child = f"x:y:Group${program.INSTANCE}::new"
    assert noted.referrers(ID, f"urn:pulumi:dev::test::{NEW}") == [child]
    assert noted.referrers(ID, f"urn:pulumi:dev::test::{child}") == []


def test_one_that_waits_for_an_instance_of_the_program_is_no_reference(engine: Mocks, noted: Run) -> None:
    run(engine, lambda: declared(roma.Instance("mine", **ARGUMENTS).id))
    assert noted.referrers(ID) == []
    run(engine, lambda: declared(roma.Instance("mine", **ARGUMENTS).name.apply(lambda _name: OTHER)))
    assert noted.referrers(OTHER) == ["shared"]


def test_that_it_cannot_be_noted_is_said_once(
    engine: Mocks, noted: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", said.append)
    (tmp_path / "roma-provider").write_text("a file")
    run(engine, lambda: declared(ID))
    run(engine, lambda: declared(ID))
    [text] = said
    assert "cannot be told which instances the program refers to (File exists)" in text
