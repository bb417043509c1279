"""Which lines a log gets: news, signs of life, and how many in half an hour whatever happens."""

from __future__ import annotations

import random
from collections.abc import Callable, Hashable
from itertools import pairwise
from typing import Any, cast

import pytest

from roma_provider.api.client import RomaClient
from roma_provider.api.models import CreationProgress
from roma_provider.creation.pace import ALLOWANCE, Pace
from roma_provider.hosts.dynamic.call import Call
from roma_provider.hosts.link import Link
from roma_provider.lifecycle.access import Target
from roma_provider.lifecycle.operation import News
from roma_provider.lifecycle.remedies import OWNED
from roma_provider.lifecycle.waiting import Waiting
from tests.support.fakes import ID, PROJECT, REGION, FakeClient, FakeClock, fake_session, inputs, lost, refused

START = 1741262473785
HALF_AN_HOUR = 1800.0
NAMES = ("lvs", "mqs", "apic", "fdi", "link", "eip", "dns", "obs")


def moments(pace: Pace, seconds: float, news: Callable[[float], Hashable], every: float = 5.0) -> list[float]:
    """When lines are due, of news asked for every so often."""
    return [now for now in (n * every for n in range(int(seconds / every) + 1)) if pace.is_due(news(now), now)]


def test_news_is_due_at_once_and_the_same_again_is_none() -> None:
    pace = Pace()
    assert [pace.is_due(news, now) for now, news in enumerate("aabbab")] == [True, False, True, False, True, True]


def test_signs_of_life_get_rarer() -> None:
    found = moments(Pace(), 2 * 3600, lambda now: "same")
    assert found[:11] == [60.0 * n for n in range(11)]
    gaps = [after - before for before, after in pairwise(found)]
    assert gaps == sorted(gaps)
    assert max(gaps) <= 0.1 * 2 * 3600 + 5.0
    assert len(found) < 40


def test_a_sign_of_life_counts_from_the_last_line() -> None:
    assert moments(Pace(), 130, lambda now: now >= 50) == [0.0, 50.0, 110.0]


def test_news_without_end_is_ten_lines_and_then_one_a_minute() -> None:
    found = moments(Pace(), HALF_AN_HOUR, lambda now: now)
    assert found[: int(ALLOWANCE)] == [5.0 * n for n in range(10)]
    assert len(found) == 40
    assert all(after - before == 60.0 for before, after in pairwise(found[12:]))


def test_what_was_held_back_is_said_when_there_is_room_if_it_still_is_news() -> None:
    pace = Pace()
    for now in range(10):
        assert pace.is_due(now, 0.0)
    assert not pace.is_due("failed", 1.0)
    assert not pace.is_due("failed", 59.0)
    assert pace.is_due("failed", 60.0)
    assert not pace.is_due("other", 61.0)
    assert not pace.is_due("failed", 119.0)  # as it was: nothing to catch up with


# --- through the link and the wait


class Log:
    """What a log gets of a creation of half an hour, on a clock that only sleeping moves."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, answer: Callable[[float], Any]) -> None:
        self.clock = FakeClock()
        self.lines: list[tuple[float, str, bool]] = []
        link = Link(self.clock)
        monkeypatch.setattr(link, "log", self._log)
        self.call = Call(None, None, link)
        self.call.urn = "urn"
        self.call.timeout = 2 * HALF_AN_HOUR
        client = FakeClient(progress=[lambda: answer(self.clock.now)])
        session = fake_session(client, self.clock, {"roma:pollSeconds": "5"})
        found = Target(REGION, PROJECT, cast(RomaClient, client), ID)
        Waiting(session, self.call, found, inputs(), OWNED).until_ready(early=True, since=0.0)

    def _log(self, _severity: Any, text: str, urn: str | None, *, ephemeral: bool) -> None:
        assert urn == "urn"
        self.lines.append((self.clock.now, text, ephemeral))

    @property
    def texts(self) -> list[str]:
        return [text for _, text, _ in self.lines]


def at(now: float) -> CreationProgress:
    """Half an hour with eight sub-services, each of which starts before the one ahead of it ends."""
    share = HALF_AN_HOUR / len(NAMES)
    items = []
    for number, name in enumerate(NAMES):
        begin, end = number * share * 0.9, (number + 1) * share
        begun, ended = now >= begin, now >= end
        items.append(
            {
                "name": name,
                "start_time": START + round(begin * 1000) if begun else 0,
                "end_time": START + round(end * 1000) if ended else 0,
                "status": "running" if ended else "creating",
                "progress": min(100, max(0, round(100 * (now - begin) / (end - begin)))),
            }
        )
    ready = now >= HALF_AN_HOUR
    return CreationProgress.model_validate(
        {
            "instance": {"status": "RUNNING" if ready else "CREATING"},
            "progress": min(100, int(now * 100 / HALF_AN_HOUR)),
            "start_time": START,
            "end_time": START + round(HALF_AN_HOUR * 1000) if ready else 0,
            "currentTime": START + round(now * 1000),
            "item": items,
        }
    )


def test_the_log_of_half_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    log = Log(monkeypatch, at)
    assert log.clock.now == HALF_AN_HOUR
    assert len(log.lines) == 26
    assert log.lines[0] == (0.0, "0% 0:00: lvs 0%, 7 not started", True)
    assert "50% 15:00, ~15m left: link 29%, lvs done, mqs done, apic done, fdi done, 3 not started" in log.texts
    assert log.lines[-1] == (
        HALF_AN_HOUR,
        "created in 30 min; slowest sub-service: obs, 6 min 22 s",
        False,
    )
    # Every start and end of a sub-service, and every quarter, is told at the poll that shows it.
    told = [now for now, _, _ in log.lines]
    share = HALF_AN_HOUR / 8
    starts = [n * share * 0.9 for n in range(8)]
    for due in [*starts, *(n * share for n in range(1, 9)), *(n * HALF_AN_HOUR / 4 for n in range(1, 4))]:
        assert any(due <= now < due + 5.0 for now in told), due


def flapping(period: float) -> Callable[[float], Any]:
    def answer(now: float) -> Any:
        if now >= HALF_AN_HOUR or int(now / period) % 2 == 0:
            return at(now)
        return refused(502) if int(now / 10) % 2 else lost()

    return answer


@pytest.mark.parametrize("period", [5.0, 10.0, 30.0, 60.0, 120.0])
def test_the_log_of_half_an_hour_of_trouble_that_comes_and_goes(monkeypatch: pytest.MonkeyPatch, period: float) -> None:
    log = Log(monkeypatch, flapping(period))
    assert 20 <= len(log.lines) <= 41
    assert any("trying again" in text for text in log.texts)
    assert log.texts[-1].startswith("created in 30 min")


def test_one_trouble_is_told_when_it_begins_and_when_it_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    log = Log(monkeypatch, lambda now: refused(502) if 400 <= now < 430 else at(now))
    near = [(now, "502, trying again" in text) for now, text, _ in log.lines if 400 <= now <= 430]
    assert near == [(400.0, True), (430.0, False)]


def test_sub_services_under_new_names_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(7)

    def answer(now: float) -> CreationProgress:
        items = [{"name": f"s{chance.random()}", "start_time": START} for _ in range(8)]
        return at(now).model_copy(update={"services": CreationProgress.model_validate({"item": items}).services})

    assert len(Log(monkeypatch, answer).lines) == 40


def test_what_is_not_worth_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    lines: list[str] = []
    link = Link(FakeClock())
    monkeypatch.setattr(link, "log", lambda _severity, text, _urn, ephemeral: lines.append(text))
    call = Call(None, None, link)
    call.say("reading", News.NONE)
    call.say("one")
    call.say("one")
    call.say("two", "news")
    call.say("three", "news")
    call.say("reading again", News.NONE)
    call.note("stays")
    assert lines == ["one", "two", "stays"]


def test_on_a_terminal_each_status_replaces_the_last(monkeypatch: pytest.MonkeyPatch) -> None:
    lines: list[str] = []
    link = Link(FakeClock())
    monkeypatch.setattr(link, "log", lambda _severity, text, _urn, ephemeral: lines.append(text))
    monkeypatch.setattr(Link, "is_live", True)
    call = Call(None, None, link)
    for text in ("reading", "1", "2", "2", "3"):
        call.say(text, News.NONE)
    assert lines == ["reading", "1", "2", "3"]


@pytest.mark.parametrize(
    ("later", "said"),
    [(60.0, ["created in 30 min; slowest sub-service: obs, 6 min 22 s"]), (30 * 24 * 3600.0, [])],
    ids=["lately", "long ago"],
)
def test_one_that_is_ready_at_the_first_look(monkeypatch: pytest.MonkeyPatch, later: float, said: list[str]) -> None:
    ready = at(HALF_AN_HOUR)
    assert ready.end_time is not None
    found = ready.model_copy(update={"current_time": ready.end_time + round(later * 1000)})
    assert Log(monkeypatch, lambda _now: found).texts == said
