"""At most so many calls in any five minutes, and who of many is next."""

from __future__ import annotations

import threading
from collections.abc import Sized
from functools import partial
from itertools import pairwise

import pytest

from roma_provider.api.auth import TokenAuth
from roma_provider.api.budget import CALLS, WINDOW_SECONDS, Budget, Budgets, Rank
from roma_provider.api.client import RomaClient
from roma_provider.api.transport import Transport
from roma_provider.errors import RomaApiError, RomaConnectionError
from tests.support.fakes import ID, PROJECT, TOKEN, FakeClock, refused
from tests.support.server import Server
from tests.support.until import wait_until

NEVER = threading.Event()


def fullest(sent: list[float]) -> int:
    """The most calls in any five minutes."""
    return max(sum(begun <= other < begun + 300.0 for other in sent) for begun in sent)


def taken(budget: Budget, clock: FakeClock, count: int, rank: Rank = Rank.LOOK) -> list[float]:
    """When so many calls were begun, one after another."""
    found = []
    for _ in range(count):
        assert budget.take(rank, clock, NEVER)
        found.append(clock.now)
    return found


def test_no_more_than_the_budget_in_any_five_minutes() -> None:
    assert (CALLS, WINDOW_SECONDS) == (150, 300.0)
    budget, clock = Budget(), FakeClock()
    sent = []
    for _ in range(500):
        sent += taken(budget, clock, 1)
        clock.now += 0.7
    assert fullest(sent) == 150
    # And no less, where that many are wanted.
    assert sent[149] == pytest.approx(149 * 0.7)
    assert sent[150] == pytest.approx(300.0, abs=1.0)


def test_what_is_free_is_never_held_and_counts() -> None:
    budget, clock = Budget(20), FakeClock()
    assert taken(budget, clock, 25, Rank.FREE) == [0.0] * 25
    assert taken(budget, clock, 1)[0] >= 300.0


def test_the_time_of_a_call_ends_its_wait_and_so_does_a_stop() -> None:
    budget, clock, stop = Budget(20), FakeClock(), threading.Event()
    taken(budget, clock, 20)
    assert not budget.take(Rank.LOOK, clock, NEVER, until=100.0)
    assert clock.now == 0.0
    clock.at(5.0, stop.set)
    assert not budget.take(Rank.ORDER, clock, stop)
    assert clock.now == 5.0
    clock.now = 300.0
    assert taken(budget, clock, 1) == [300.0]  # whoever has gone is in nobody's way


def test_the_better_rank_goes_first() -> None:
    """With threads: four that wait, of which each later one is better."""
    budget, clock = Budget(20), Hurried()
    for _ in range(20):
        budget.take(Rank.LOOK, clock, NEVER)
    order: list[Rank] = []

    def call(rank: Rank) -> None:
        assert budget.take(rank, clock, NEVER)
        order.append(rank)

    ranks = [Rank.LOOK, Rank.LIST, Rank.VERDICT, Rank.ORDER]
    threads = [threading.Thread(daemon=True, target=call, args=(rank,)) for rank in ranks]
    for number, thread in enumerate(threads, 1):
        thread.start()
        wait_until(partial(is_long, budget._queue, number), "nobody waits", 10)
    for done in range(4):
        budget._sent.popleft()  # room for one
        wait_until(partial(is_long, order, done + 1), "nobody goes on", 10)
    assert order == ranks[::-1]


def is_long(found: Sized, length: int) -> bool:
    return len(found) == length


class Hurried(FakeClock):
    """Real sleep, and short."""

    def sleep(self, seconds: float, stop: threading.Event) -> bool:  # type: ignore[override]
        return stop.wait(0.005)


def test_a_crowd_is_what_would_take_more_than_two_thirds() -> None:
    budget = Budget()
    for number in range(10):
        budget.wants(number, 0.0, 30.0)
    assert not budget.is_crowded  # 100 calls in five minutes
    assert budget.crowd is None
    budget.wants(10, 0.0, 30.0)
    assert budget.is_crowded
    assert budget.crowd == "asked seldom: 11 wait, 150 calls per 5m"
    budget.leaves(10)
    assert not budget.is_crowded


def test_orders_that_are_to_come_count_as_waits() -> None:
    budget, clock = Budget(), FakeClock()
    with budget.expecting("one"), budget.expecting("two"), budget.expecting("three"), budget.expecting("four"):
        assert budget.is_crowded  # each as 30 calls in five minutes
        budget.wants("ready", 0.0, 0.0)
        assert not budget.is_short(0.0)
        for _ in range(150 - 34 - 1):
            assert budget.take(Rank.FREE, clock, NEVER)
        assert not budget.is_short(0.0)
        assert budget.take(Rank.FREE, clock, NEVER)
        assert budget.is_short(0.0)  # 4 orders, 5 verdicts and 25 lists
        assert not budget.is_turn("ready", 0.0, watched=True)
    assert budget.waits == 1
    assert not budget.is_short(0.0)
    assert not budget.is_short(301.0)


def test_who_has_ordered_in_a_crowd_waits_for_the_orders_of_the_others() -> None:
    budget, clock = Budget(), FakeClock()
    with budget.expecting("one"), budget.expecting("two"):
        budget.ordered("one", clock, NEVER)
        assert clock.now == 0.0  # no crowd
    with budget.expecting("one"), budget.expecting("two"), budget.expecting("three"), budget.expecting("four"):
        budget.ordered("one", clock, NEVER)
        assert clock.now == 10.0  # and not for longer
        done = threading.Event()
        done.set()
        budget.ordered("two", clock, done)
        assert clock.now == 10.0
        budget.ordered("three", clock, NEVER)
        assert clock.now == 20.0
        budget.ordered("four", clock, NEVER)
        assert clock.now == 20.0  # it is the last


def test_in_a_crowd_the_most_overdue_by_its_own_pause_goes_first_and_a_third_is_kept() -> None:
    budget, clock = Budget(30), FakeClock()
    budget.wants("slow", 0.0, 30.0)
    budget.wants("quick", 8.0, 2.0)
    assert [budget.is_turn(who, 10.0) for who in ("slow", "quick", "nobody")] == [False, True, False]
    assert [budget.is_turn(who, 8.5) for who in ("slow", "quick")] == [True, False]
    taken(budget, clock, 19)
    assert budget.is_turn("quick", 10.0)
    taken(budget, clock, 1)
    assert not budget.is_turn("quick", 10.0)
    assert taken(budget, clock, 10, Rank.VERDICT) == [0.0] * 10  # the reserve is for these


def test_a_429_without_a_time_shrinks_the_budget_and_good_answers_let_it_grow() -> None:
    budget, clock = Budget(), FakeClock()
    taken(budget, clock, 100)
    budget.note(0.0, refused(429))
    assert budget.left(0.0) == 5.0
    clock.now = 10.0
    assert taken(budget, clock, 1)[0] >= 300.0  # 80 by now
    for _ in range(280):
        budget.passed()
    clock.now = 1000.0
    assert taken(budget, clock, 150) == [1000.0] * 150
    clock.now = 2000.0
    budget.note(2000.0, refused(429))
    assert taken(budget, clock, 50) == [2000.0] * 50  # a third is left in any case


def test_a_429_with_a_time_empties_it_for_that_time_only() -> None:
    budget, clock = Budget(), FakeClock()
    taken(budget, clock, 10)
    budget.note(0.0, refused(429, retry_after=40.0))
    assert budget.left(39.0) == 1.0
    clock.now = 40.0
    assert taken(budget, clock, 140) == [40.0] * 140


def test_every_sending_counts_and_lists_and_posts_do() -> None:
    clock, server = FakeClock(), Server()
    try:
        server.answers(503)
        budgets = Budgets(lambda: 20)
        made = Transport(server.endpoint, TokenAuth(TOKEN), clock=clock, budgets=budgets, chance=lambda: 0.0)
        client = RomaClient(made, PROJECT)
        for _ in range(8):
            with pytest.raises(Exception, match="503"):
                client.list_instances()
        assert len(server.requests) == 48
        assert clock.now > 2 * 300  # the last of them had to wait for the first
    finally:
        server.close()


def test_a_stop_ends_the_wait_of_a_call_for_its_turn_and_nothing_is_sent() -> None:
    clock, server, stop = FakeClock(), Server(), threading.Event()
    try:
        budgets = Budgets(lambda: 20)
        taken(budgets.of(server.host), clock, 20)
        made = Transport(server.endpoint, TokenAuth(TOKEN), clock=clock, budgets=budgets).stopped_by(stop)
        clock.at(1.0, stop.set)
        with pytest.raises(RomaConnectionError, match="stopped before it was sent"):
            RomaClient(made, PROJECT).creation_progress(ID, once=True)
        free = RomaClient(Transport(server.endpoint, TokenAuth(TOKEN), clock=clock, budgets=budgets), PROJECT)
        with pytest.raises(RomaConnectionError, match="did not come in time"):
            free.creation_progress(ID, timeout=30.0)
        assert server.requests == []
        server.answers(204)
        free.delete_instance(ID)  # never held
        assert len(server.requests) == 1
    finally:
        server.close()


def test_the_look_before_a_deletion_counts_for_both() -> None:
    """Each DELETE counted when it was sent: many looks at one moment, then as many DELETEs, were over any throttle."""
    budget, clock = Budget(21), FakeClock()
    assert taken(budget, clock, 10, Rank.DELETION) == [0.0] * 10
    assert taken(budget, clock, 10, Rank.PAID) == [0.0] * 10  # never held
    assert not budget.take(Rank.DELETION, clock, NEVER, until=100.0)  # there is room for one, not for two
    assert taken(budget, clock, 1) == [0.0]
    assert taken(budget, clock, 1)[0] >= 300.0


def test_a_repetition_of_delete_waits_for_its_turn() -> None:
    clock, server = FakeClock(), Server()
    try:
        server.answers(503)
        budgets = Budgets(lambda: 20)
        client = RomaClient(Transport(server.endpoint, TokenAuth(TOKEN), clock=clock, budgets=budgets), PROJECT)
        taken(budgets.of(server.host), clock, 18)
        with pytest.raises(RomaApiError):
            client.delete_instance(ID)
        assert len(server.requests) == 6
        assert clock.now >= 300.0  # after three: the first, and two for which there was room
    finally:
        server.close()


def test_a_budget_for_each_host() -> None:
    budgets = Budgets(lambda: 40)
    assert budgets.of("a") is budgets.of("a") is not budgets.of("b")
    assert budgets.of("a").calls == 40


def test_the_order_of_ranks() -> None:
    assert all(
        one < other
        for one, other in pairwise([Rank.FREE, Rank.ORDER, Rank.VERDICT, Rank.LIST, Rank.LOOK, Rank.DELETION])
    )
