"""A project with more instances than the pages of the V2 list can show (200, since offset ends at 100)."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from roma_provider.emulator import Emulator
from tests.engine.conftest import StackFor
from tests.engine.programs import program
from tests.engine.seen import counted, new_calls
from tests.support.emulator import Api

pytestmark = pytest.mark.thorough

COUNT = 205


@pytest.fixture
def full(emulator: Emulator) -> Emulator:
    """An emulator whose project is full."""
    emulator.control.settings(list_lag_seconds=0, deletion_seconds=0)
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda number: Api(emulator.url).create(name=f"other-{number}"), range(COUNT)))
    emulator.control.clear_calls()
    return emulator


def test_the_whole_life_of_an_instance_among_205(stack_for: StackFor, full: Emulator) -> None:
    stack = stack_for(full, program())
    stack.up()
    (resource,) = stack.resources()
    assert resource["outputs"]["status"] == "RUNNING"
    calls = new_calls(full)
    assert {call.status for call in calls} == {200}
    operations = Counter(call.operation for call in calls)
    assert operations["create_instance"] == 1
    assert operations["list_instances"] == 2 * operations["list_roma_instances"]  # two pages each time
    stack.refresh()
    assert stack.resources()[0]["id"] == resource["id"]
    # Gone counts from the lists, and they can be read.
    full.control.patch_instance(resource["id"], gone=True)
    stack.refresh()
    assert stack.resources() == []
    stack.up()
    stack.destroy()
    assert len(full.control.instances()) == COUNT
    assert {call.status for call in new_calls(full)} <= {200, 202, 404}


def test_a_name_on_no_page_is_taken_all_the_same(stack_for: StackFor, full: Emulator) -> None:
    run = stack_for(full, program(name=f"other-{COUNT - 1}")).up(expect=None)
    assert run.code > 0
    assert f"other-{COUNT - 1}" in run.text
    assert "adopt_id" in run.text
    assert counted(full)["create_instance"] == 0


def test_without_the_v3_list_nothing_is_ordered(stack_for: StackFor, full: Emulator) -> None:
    full.control.add_fault("list_roma_instances", status=403, times=None)
    run = stack_for(full, program()).up(expect=None)
    assert run.code > 0
    assert "the V2 list counts 205, but shows 200 at most, and the V3 list, which has the rest, is refused" in run.text
    assert counted(full)["create_instance"] == 0
