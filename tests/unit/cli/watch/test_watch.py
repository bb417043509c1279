"""What `roma watch` makes of a creation: its verdicts, exit codes and words, however odd the progress is."""

from __future__ import annotations

from typing import Any

import pytest

from roma_provider.cli.watch.watch import Outcome
from tests.support.fakes import ID, OTHER_ID, PROJECT, REGION, lost, refused, summary
from tests.support.watch import Watching, answer, service

CREATING = answer("CREATING", 30, service("lvs", 30, start=0))


def ready(**more: Any) -> Any:
    done = [
        service("lvs", 100, "running", start=0, end=2),
        service("mqs", 100, "running", start=1, end=12.5),
    ]
    return answer("RUNNING", 100, *done, minutes=12.5, instance={"connectAddress": "10.0.0.2"}, **more)


def test_a_creation_is_watched_until_it_is_ready() -> None:
    watching = Watching([CREATING, CREATING, ready()])
    ending = watching.run()
    assert (ending.outcome, ending.outcome.code, ending.reasons) == (Outcome.READY, 0, [])
    assert ending.lines == [
        f"roma-2222 ({ID}) is RUNNING at 10.0.0.2",
        "created in 12 min 30 s; slowest sub-service: mqs, 11 min 30 s",
    ]
    assert [(look.status, look.percent) for look in watching.view.looks] == [
        ("CREATING", 30),
        ("CREATING", 30),
        ("RUNNING", 100),
    ]
    assert watching.clock.slept == [5.0, 5.0]
    assert watching.client.counts == {"POST": 0, "progress": 3, "list": 0, "DELETE": 0}
    assert watching.client.asked_once == [True, True, True]
    assert watching.session.places == [(REGION, PROJECT)]


def test_one_that_is_ready_already_ends_at_once() -> None:
    watching = Watching([ready(end_time=0)])
    assert watching.run().lines == [f"roma-2222 ({ID}) is RUNNING at 10.0.0.2"]
    assert watching.clock.slept == []


@pytest.mark.parametrize(
    ("last", "outcome", "code", "reason"),
    [
        (
            answer("CREATE_FAILED", 45, instance={"errorCode": "ROMA.10010", "errorMessage": "no room"}),
            Outcome.FAILED,
            1,
            f"instance {ID} could not be created (CREATE_FAILED): ROMA.10010 no room",
        ),
        (answer("FROZEN", 45), Outcome.ENDED, 1, f"the creation of instance {ID} ended in status FROZEN"),
        (
            answer("DELETED", 45),
            Outcome.GONE,
            1,
            f"instance {ID} does not exist any more: its status is DELETED",
        ),
    ],
)
def test_a_creation_that_ends_otherwise(last: Any, outcome: Outcome, code: int, reason: str) -> None:
    watching = Watching([CREATING, last])
    ending = watching.run()
    assert (ending.outcome, ending.outcome.code) == (outcome, code)
    assert ending.reasons[0] == ending.lines[0] == reason
    # What is drawn in the end is the last answer, which the wait itself shows nobody.
    assert ending.look.progress is last
    assert ending.look.percent == 45


def test_control_characters_of_the_api_do_not_reach_the_terminal() -> None:
    failed = answer("CREATE_FAILED", 0, instance={"errorMessage": "a\x1b[2Jb\nc"})
    assert Watching([failed]).run().lines[0].endswith("(CREATE_FAILED): a?[2Jb c")


def test_one_that_vanishes_is_gone_by_two_witnesses() -> None:
    watching = Watching([*[CREATING] * 14, refused(404)], lists=[[summary(ID)], [summary(OTHER_ID)]])
    ending = watching.run()
    assert (ending.outcome, ending.outcome.code) == (Outcome.GONE, 1)
    # The first look at the lists still found it; then it was missing twice.
    assert watching.client.counts["list"] == 3
    assert ending.look.progress is CREATING


def test_lists_in_trouble_are_no_witness() -> None:
    ending = Watching([*[CREATING] * 14, refused(404)], lists=[refused(503)], seconds=200.0).run()
    assert ending.outcome is Outcome.TIMED_OUT


def test_an_id_that_nobody_knows_gets_a_minute_and_then_an_error() -> None:
    watching = Watching([refused(404)])
    ending = watching.run()
    assert (ending.outcome, ending.outcome.code, ending.lines) == (Outcome.ERROR, 3, [])
    assert ending.reasons == [
        f"there is no instance {ID} in project {PROJECT} of {REGION}; check the id, --region and --project-id"
    ]
    assert sum(watching.clock.slept) == 65.0  # a minute, and the pause between the two looks that say "gone"
    assert {look.brief for look in watching.view.looks} == {"not shown yet"}
    assert watching.view.looks[0].line.startswith("0:00 not shown yet")


def test_a_time_out() -> None:
    watching = Watching([CREATING], seconds=90.0)
    ending = watching.run()
    assert (ending.outcome, ending.outcome.code) == (Outcome.TIMED_OUT, 2)
    assert ending.lines == [
        f"instance {ID} was not ready after 1 min 30 s of watching: 30%: lvs 30%",
        "its creation goes on at Huawei Cloud; --timeout allows more, such as --timeout 2h",
    ]
    assert sum(watching.clock.slept) == 90.0


def test_a_time_out_in_trouble_says_which() -> None:
    ending = Watching([CREATING, refused(502)], seconds=90.0).run()
    assert ending.outcome is Outcome.TIMED_OUT
    assert ending.lines[1:] == [
        "the last question got no good answer: operation was answered with HTTP 502: said no",
        "its creation goes on at Huawei Cloud; --timeout allows more, such as --timeout 2h",
    ]
    # Trouble that has passed is no reason.
    assert len(Watching([refused(502), CREATING], seconds=90.0).run().lines) == 2


def test_a_time_out_without_one_answer_says_nothing_of_a_creation() -> None:
    assert Watching([refused(502)], seconds=90.0).run().lines == [
        f"instance {ID} was not ready after 1 min 30 s of watching: without one answer about its progress",
        "the last question got no good answer: operation was answered with HTTP 502: said no",
        "--timeout allows more, such as --timeout 2h",
    ]


def test_a_time_out_before_the_api_has_shown_such_an_instance() -> None:
    ending = Watching([refused(404)], seconds=30.0).run()
    assert ending.outcome.code == 2
    assert ending.lines == [
        f"instance {ID} was not ready after 30 s of watching: without one answer about its progress",
        "the API has not shown such an instance; check the id, --region and --project-id",
        "if it was ordered a moment ago, it may show within a minute: --timeout allows more, such as --timeout 2h",
    ]


def test_trouble_is_ridden_out_and_shown() -> None:
    troubles = [refused(502), lost(), refused(429, retry_after=30.0)]
    watching = Watching([CREATING, *troubles, CREATING, ready()])
    assert watching.run().outcome is Outcome.READY
    assert [look.brief for look in watching.view.looks] == [None, "502", "connection was reset", "429", None, None]
    assert watching.view.looks[1].trouble == "operation was answered with HTTP 502: said no; asking again"
    # While there is trouble the last answer stays on the screen.
    assert [look.percent for look in watching.view.looks[:5]] == [30] * 5
    assert watching.clock.slept == [5.0, 5.0, 5.0, 30.0, 5.0]


def test_trouble_without_end_is_an_error_and_no_verdict() -> None:
    ending = Watching([refused(502)]).run()
    assert (ending.outcome.code, ending.reasons) == (3, ["operation was answered with HTTP 502: said no"])


def test_a_sign_in_that_is_refused_says_which_setting_it_is_about() -> None:
    ending = Watching([refused(401, "APIGW.0301")]).run()
    assert ending.outcome.code == 3
    assert "the token came from environment variable HW_AUTH_TOKEN" in ending.reasons[1]


def test_ctrl_c() -> None:
    watching = Watching([CREATING, KeyboardInterrupt()])
    ending = watching.run()
    assert (ending.outcome, ending.outcome.code) == (Outcome.INTERRUPTED, 130)
    assert ending.lines == ["stopped watching; the creation goes on at Huawei Cloud"]
    # Without one answer nobody knows of a creation.
    assert Watching([KeyboardInterrupt()]).run().lines == ["stopped watching"]


def test_without_a_region_nothing_is_asked() -> None:
    watching = Watching([CREATING], environment={"HW_PROJECT_ID": PROJECT})
    ending = watching.run()
    assert (ending.outcome.code, watching.client.counts["progress"]) == (3, 0)
    assert ending.reasons == ["--region: no region is given; write --region cn-north-4, or set HW_REGION_NAME"]


def test_the_options_come_before_the_environment() -> None:
    watching = Watching([ready()], options={"region": "eu-west-101", "project_id": "d" * 32})
    watching.run()
    assert watching.session.places == [("eu-west-101", "d" * 32)]


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"HW_REGION_NAME": "evil.com#"}, "HW_REGION_NAME: write a region id, such as cn-north-4, not "),
        ({"ROMA_PROGRESS": "nice"}, "ROMA_PROGRESS: write live or plain, not 'nice'"),
    ],
)
def test_what_is_written_wrongly_is_named_before_anything_is_asked(environment: dict[str, str], said: str) -> None:
    given = {"HW_REGION_NAME": REGION, "HW_PROJECT_ID": PROJECT, **environment}
    watching = Watching([CREATING], environment=given)
    ending = watching.run()
    assert (ending.outcome.code, len(ending.reasons)) == (3, 1)
    assert ending.reasons[0].startswith(said)
    assert (watching.client.counts["progress"], watching.session.places) == (0, [])


ODD: list[tuple[list[Any], list[int | None]]] = [
    ([80, 30, 30], [80, 30, 30, 100]),
    ([150, -5, 3000], [100, 0, 100, 100]),
    ([None, "n/a", 40], [None, None, 40, 100]),
    ([100, 100, 100], [100, 100, 100, 100]),
]


@pytest.mark.parametrize(("told", "shown"), ODD)
def test_odd_progress_is_shown_within_bounds_and_decides_nothing(told: list[Any], shown: list[int | None]) -> None:
    answers = [answer("CREATING", far, service("lvs", far, start=0), minutes=n + 1) for n, far in enumerate(told)]
    watching = Watching([*answers, ready()])
    assert watching.run().outcome is Outcome.READY
    assert [look.percent for look in watching.view.looks] == shown
    assert [look.parts[0].percent for look in watching.view.looks[:3]] == shown[:3]
    assert all(look.remaining is None or look.remaining > 0 for look in watching.view.looks)


def test_sub_services_that_come_and_go() -> None:
    lvs, mqs = service("lvs", 30, start=0), service("mqs", 50, start=1)
    answers = [answer("CREATING", 10), answer("CREATING", 20, lvs, mqs), answer("CREATING", 20, mqs), ready()]
    watching = Watching(answers)
    assert watching.run().outcome is Outcome.READY
    assert [[part.name for part in look.parts] for look in watching.view.looks] == [
        [],
        ["lvs", "mqs"],
        ["mqs"],
        ["lvs", "mqs"],
    ]


def test_a_status_that_nobody_documented_is_waited_out_with_one_warning() -> None:
    watching = Watching([answer("BUILDING"), answer("BUILDING"), ready()])
    assert watching.run().outcome is Outcome.READY
    assert [look.warning for look in watching.view.looks] == [
        "the status 'BUILDING' is not known here; waiting on",
        None,
        None,
    ]
