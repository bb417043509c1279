"""How far a creation is, at each moment of each scenario."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roma_provider.emulator.core.defaults import SCENARIOS
from roma_provider.emulator.core.timeline import STEPS, Creation, creation_at, minutes

START = 1_000_000


def at(seconds: float, scenario: str = "ready", enable_all: bool = False, total: float = 100) -> Creation:
    return creation_at(START + round(seconds * 1000), START, total, scenario, enable_all)


def test_a_ready_creation_passes_through_every_step() -> None:
    assert [at(second).progress for second in (0, 24, 29, 40, 49, 70, 84, 85, 99.999, 100, 5000)] == [
        0,
        0,
        30,
        50,
        50,
        80,
        80,
        90,
        90,
        100,
        100,
    ]
    assert {at(tenth / 10).progress for tenth in range(1001)} == set(STEPS)


def test_a_ready_creation_ends_running_and_says_when() -> None:
    assert (at(99.999).status, at(99.999).end_time) == ("CREATING", 0)
    done = at(500)
    assert (done.status, done.end_time, done.taken_time) == ("RUNNING", START + 100_000, 2)
    assert [(s.name, s.start_time - START, s.end_time - START, s.status) for s in done.services] == [
        ("mqs", 25_000, 100_000, "running"),
        ("lvs", 0, 50_000, "running"),
    ]


def test_a_sub_service_has_no_time_before_it_starts() -> None:
    mqs, lvs = at(24.999).services
    assert (mqs.name, mqs.start_time, mqs.taken_time, mqs.progress, mqs.status) == (
        "mqs",
        0,
        0,
        0,
        "creating",
    )
    assert (lvs.name, lvs.start_time, lvs.taken_time, lvs.progress) == ("lvs", START, 1, 30)
    assert at(25).services[0].start_time == START + 25_000


def test_the_family_bucket_has_five_sub_services() -> None:
    assert [service.name for service in at(100, enable_all=True).services] == [
        "mqs",
        "lvs",
        "apic",
        "fdi",
        "link",
    ]


@pytest.mark.parametrize(("enable_all", "culprit"), [(False, "mqs"), (True, "link")])
def test_create_failed_names_one_sub_service_at_half_time(enable_all: bool, culprit: str) -> None:
    before = at(49.999, "create-failed", enable_all)
    assert (before.status, before.error_code, before.error_message) == ("CREATING", None, None)
    failed = at(3000, "create-failed", enable_all)
    assert (failed.status, failed.end_time - START, failed.progress) == ("CREATE_FAILED", 50_000, 50)
    assert failed.error_code == "ROMA.10010"
    assert failed.error_message == f"create task failed: sub-service {culprit} could not be created."
    broken = [service for service in failed.services if service.error_code]
    assert [(s.name, s.status, s.end_time - START, s.error_code) for s in broken] == [
        (culprit, "create_failed", 50_000, f"{culprit.upper()}.00500001")
    ]
    assert broken[0].error_msg == "Insufficient resources in the availability zone."


def test_create_failed_silent_says_nothing() -> None:
    failed = at(50, "create-failed-silent")
    assert (failed.status, failed.error_code, failed.error_message) == ("CREATE_FAILED", None, None)
    assert {(s.error_code, s.error_msg, s.status == "create_failed") for s in failed.services} == {("", "", False)}


def test_slow_takes_ten_times_as_long() -> None:
    assert (at(999.9, "slow").status, at(1000, "slow").status) == ("CREATING", "RUNNING")


@pytest.mark.parametrize("enable_all", [False, True])
def test_stuck_stays_at_eighty(enable_all: bool) -> None:
    stuck = at(10**7, "stuck", enable_all)
    assert (stuck.status, stuck.progress, stuck.end_time) == ("CREATING", 80, 0)
    assert stuck.taken_time == minutes(10**10)


def test_no_time_at_all_is_ready_at_once() -> None:
    assert (at(0, total=0).status, at(0, total=0).progress) == ("RUNNING", 100)
    assert at(0, "create-failed", total=0).status == "CREATE_FAILED"


@pytest.mark.parametrize(("milliseconds", "expected"), [(0, 0), (1, 1), (30_109, 1), (60_000, 1), (60_001, 2)])
def test_minutes_are_rounded_up(milliseconds: int, expected: int) -> None:
    assert minutes(milliseconds) == expected


@given(
    times=st.lists(st.integers(-5, 4_000_000), min_size=2, max_size=6),
    total=st.floats(0, 400, allow_nan=False),
    scenario=st.sampled_from(SCENARIOS),
    enable_all=st.booleans(),
)
def test_nothing_ever_goes_back(times: list[int], total: float, scenario: str, enable_all: bool) -> None:
    creations = [creation_at(START + time, START, total, scenario, enable_all) for time in sorted(times)]
    for creation in creations:
        assert creation.progress in STEPS
        assert (creation.status == "RUNNING") == (creation.progress == 100)
        assert (creation.end_time == 0) == (creation.status == "CREATING")
        for service in creation.services:
            assert (service.end_time == 0) == (service.status == "creating")
            assert service.start_time <= max(service.end_time, START + max(*times, 0))
    for earlier, later in itertools.pairwise(creations):
        assert earlier.progress <= later.progress
        assert earlier.taken_time <= later.taken_time
        for before, after in zip(earlier.services, later.services, strict=True):
            assert before.progress <= after.progress
            assert before.start_time in (0, after.start_time)
            assert before.end_time in (0, after.end_time)
