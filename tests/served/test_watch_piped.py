"""`roma watch` piped: its lines, its JSON, each exit code, and the timeline."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from roma_provider.cli.application import app
from roma_provider.emulator import Control
from tests.support.emulator import Api, SettableClock
from tests.support.watched import PROGRAM, environment, finish, piped, running

ID = "b037d389-62a4-464a-8461-c88797ad4f23"


def test_piped_it_writes_a_line_where_something_changed(api: Api, clock: SettableClock) -> None:
    made = api.create()
    clock.tick(10)
    with running(api, made, FORCE_COLOR="1") as watch:
        assert watch.stdout is not None
        first = watch.stdout.readline()
        finish(clock)
        rest, complaints = watch.communicate(timeout=60)
    assert first.startswith("0% 0:10")
    assert (watch.returncode, complaints, "\x1b" in first + rest) == (0, "", False)
    assert rest.splitlines()[-1] == "created in 16 min 40 s; slowest sub-service: mqs, 12 min 30 s"
    assert len(rest.splitlines()) == 3


def test_a_name_that_the_output_cannot_show_is_no_reason_to_end(api: Api, clock: SettableClock) -> None:
    made = api.create(name="集成")
    finish(clock)
    ended = piped(api, made, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.splitlines()[1].startswith(f"?? ({made}) is RUNNING")


def test_a_failure_exits_with_1_and_says_why(api: Api, control: Control, clock: SettableClock) -> None:
    control.settings(scenario="create-failed")
    made = api.create()
    finish(clock)
    ended = piped(api, made)
    assert (ended.returncode, ended.stderr) == (1, "")
    assert ended.stdout.splitlines() == [
        f"instance {made} could not be created (CREATE_FAILED): ROMA.10010 create task failed: sub-service mqs could "
        "not be created.",
        "sub-service mqs failed: MQS.00500001 Insufficient resources in the availability zone.",
    ]


@pytest.mark.parametrize("status", ["ERROR", "DELETING", "DELETED"])
def test_another_end_exits_with_1(api: Api, control: Control, status: str) -> None:
    made = api.create()
    control.patch_instance(made, status=status)
    ended = piped(api, made)
    assert (ended.returncode, ended.stderr) == (1, "")
    assert status in ended.stdout


def test_a_time_out_exits_with_2(api: Api) -> None:
    made = api.create()
    ended = piped(api, made, "--timeout", "0.2")
    assert (ended.returncode, ended.stderr) == (2, "")
    assert "--timeout allows more" in ended.stdout.splitlines()[-1]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"HW_AUTH_TOKEN": ""}, "roma: "),
        ({"HW_REGION_NAME": ""}, "roma: --region: no region is given"),
        ({"ROMA_POLL_SECONDS": "often"}, "roma: ROMA_POLL_SECONDS: write seconds from 0.05 to 300"),
        ({"ROMA_PROGRESS": "nice"}, "roma: ROMA_PROGRESS: write live or plain, not 'nice'"),
        ({"ROMA_ENDPOINT": "ftp://x"}, "roma: ROMA_ENDPOINT: "),
        ({"HW_REGION_NAME": "evil.com#"}, "roma: HW_REGION_NAME: write a region id"),
    ],
)
def test_what_is_no_verdict_exits_with_3(api: Api, control: Control, changes: dict[str, str], said: str) -> None:
    ended = piped(api, ID, HOME="/nonexistent", **changes)
    assert (ended.returncode, ended.stdout) == (3, "")
    assert ended.stderr.startswith(said)
    assert control.calls() == []


def test_a_sign_in_that_is_refused_exits_with_3_and_shows_no_secret(api: Api) -> None:
    ended = piped(api, api.create(), HW_AUTH_TOKEN="MII-canary-5f1d")
    assert (ended.returncode, ended.stdout) == (3, "")
    assert "the token came from environment variable HW_AUTH_TOKEN" in ended.stderr
    assert "canary" not in ended.stderr


def test_an_unknown_id_exits_with_3_once_the_minute_of_patience_is_over(api: Api, control: Control) -> None:
    # The minute itself is in the unit tests; here it is the API that says no.
    control.add_fault("creation_progress", status=403, body={"error_code": "ROMA.4031", "error_msg": "not yours"})
    ended = piped(api, ID)
    assert (ended.returncode, ended.stderr.count("\n")) == (3, 1)
    assert "HTTP 403: ROMA.4031: not yours" in ended.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["watch"],
        ["watch", ID, "--timeout", "soon"],
        ["watch", ID, "--timeout", "0"],
        ["watch", ID, "--timelnie", "x.svg"],
        ["watch", ID, "y"],
        ["wach", "x"],
        [],
    ],
)
def test_bad_usage_exits_with_64(arguments: list[str]) -> None:
    found = CliRunner().invoke(app, arguments)
    assert found.exit_code == 64
    assert "Usage: " in found.output


def test_the_help_tells_the_exit_codes() -> None:
    found = CliRunner().invoke(app, ["watch", "--help"])
    assert found.exit_code == 0
    shown = " ".join(found.output.split())
    assert "Exit codes: 0 the instance is ready 1 its creation failed" in shown
    for code in ("2 the time", "3 nothing can be said", "64 bad usage", "130 Ctrl-C", "143 SIGTERM"):
        assert code in shown


def test_json_piped(api: Api, clock: SettableClock) -> None:
    made = api.create()
    clock.tick(500)
    with running(api, made, "--json") as watch:
        assert watch.stdout is not None
        first = json.loads(watch.stdout.readline())
        finish(clock)
        rest, complaints = watch.communicate(timeout=60)
    events: list[dict[str, Any]] = [first, *map(json.loads, rest.splitlines())]
    assert (watch.returncode, complaints) == (0, "")
    assert [(event["event"], event["status"], event["verdict"]) for event in events] == [
        ("progress", "CREATING", None),
        ("progress", "RUNNING", None),
        ("end", "RUNNING", "ready"),
    ]
    assert [(entry["name"], entry["progress"], entry["state"]) for entry in first["services"]] == [
        ("mqs", 30, "under way"),
        ("lvs", 100, "done"),
    ]
    assert (events[-1]["id"], events[-1]["seconds"]) == (made, 1000)
    assert {tuple(event) for event in events} == {tuple(first)}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"HW_AUTH_TOKEN": "", "HOME": "/nonexistent"}, "no way to sign in is given"),
        ({"ROMA_PROGRESS": "nice"}, "ROMA_PROGRESS: write live or plain"),
    ],
)
def test_json_of_an_error_is_a_line_too(api: Api, changes: dict[str, str], said: str) -> None:
    ended = piped(api, ID, "--json", **changes)
    last = json.loads(ended.stdout)
    assert (ended.returncode, last["event"], last["verdict"], last["exit_code"]) == (3, "end", "error", 3)
    (reason,) = last["reasons"]
    assert said in reason
    assert (last["messages"], ended.stderr) == ([reason], f"roma: {reason}\n")


def test_a_reader_that_leaves_ends_it_quietly(api: Api, control: Control, clock: SettableClock) -> None:
    made = api.create()
    with running(api, made, "--json") as watch:
        assert watch.stdout is not None
        assert watch.stderr is not None
        watch.stdout.readline()
        watch.stdout.close()
        finish(clock)
        assert watch.wait(60) == 141
        assert watch.stderr.read() == ""


def test_sigterm(api: Api) -> None:
    with running(api, api.create()) as watch:
        assert watch.stdout is not None
        watch.stdout.readline()
        watch.terminate()
        rest, complaints = watch.communicate(timeout=60)
    assert (watch.returncode, complaints) == (143, "")
    assert rest == "stopped watching; the creation goes on at Huawei Cloud\n"


def test_sigterm_of_json_has_its_last_line_too(api: Api) -> None:
    with running(api, api.create(), "--json", ROMA_POLL_SECONDS="300") as watch:
        assert watch.stdout is not None
        watch.stdout.readline()
        watch.terminate()
        last, complaints = watch.communicate(timeout=60)
    assert (watch.returncode, complaints) == (143, "")
    assert [json.loads(last)[key] for key in ("event", "verdict", "exit_code")] == ["end", "interrupted", 143]


@pytest.mark.slow
@pytest.mark.parametrize("option", [[], ["--json"]])
@pytest.mark.parametrize(("to", "why"), [(">&-", "it is closed"), (">/dev/full", "No space left on device")])
def test_the_verdict_stands_where_the_output_cannot_be_written(
    api: Api, control: Control, clock: SettableClock, option: list[str], to: str, why: str
) -> None:
    control.settings(scenario="create-failed")
    made = api.create()
    finish(clock)
    ended = subprocess.run(
        ["sh", "-c", f'exec "$@" {to}', "sh", *PROGRAM, made, *option],
        env=environment(api),
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (1, f"roma: standard output cannot be written: {why}\n")


@pytest.mark.slow
def test_nothing_can_be_said_where_both_outputs_are_closed(api: Api, clock: SettableClock, tmp_path: Path) -> None:
    made = api.create()
    finish(clock)
    ended = subprocess.run(
        ["sh", "-c", 'exec "$@" >&- 2>&-', "sh", *PROGRAM, made], env=environment(api), timeout=60, check=False
    )
    assert ended.returncode == 0


# --- the timeline


@pytest.mark.slow
@pytest.mark.parametrize(("scenario", "code"), [("ready", 0), ("create-failed", 1)])
def test_a_timeline_of_what_has_ended_already(
    api: Api, control: Control, clock: SettableClock, tmp_path: Path, scenario: str, code: int
) -> None:
    control.settings(scenario=scenario)
    made = api.create(enable_all=True)
    finish(clock)
    # The user's own backend for other programs is none of this one's.
    ended = piped(api, made, "--timeline", str(tmp_path / "x.svg"), MPLBACKEND="nonsense")
    assert (ended.returncode, ended.stderr) == (code, "")
    drawn = (tmp_path / "x.svg").read_text()
    assert drawn.count('<g id="bar-') == 5
    assert (", failed" in drawn) == (scenario == "create-failed")


@pytest.mark.slow
def test_a_timeline_after_a_time_out_shows_how_far_it_came(api: Api, clock: SettableClock, tmp_path: Path) -> None:
    made = api.create()
    clock.tick(300)
    ended = piped(api, made, "--timeout", "0.2", "--timeline", str(tmp_path / "x.svg"))
    assert ended.returncode == 2
    assert "5:00, under way 50%" in (tmp_path / "x.svg").read_text()


@pytest.mark.slow
def test_a_timeline_that_cannot_be_written_is_refused_before_anything_is_asked(
    api: Api, control: Control, tmp_path: Path
) -> None:
    for path in (tmp_path / "none" / "x.svg", tmp_path / f"{'x' * 300}.svg"):
        ended = piped(api, ID, "--timeline", str(path))
        assert (ended.returncode, ended.stdout) == (64, "")
        assert ended.stderr.startswith(f"roma: --timeline: {path} cannot be written: ")
    assert control.calls() == []


def test_without_an_answer_there_is_no_timeline(api: Api, control: Control, tmp_path: Path) -> None:
    control.add_fault("creation_progress", status=502, times=None)
    ended = piped(api, ID, "--timeout", "0.2", "--timeline", str(tmp_path / "x.svg"))
    assert (ended.returncode, ended.stderr) == (2, "roma: no timeline is drawn: there was no answer to draw\n")
    assert list(tmp_path.iterdir()) == []


def without(module: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command line where a module is not installed."""
    script = f"import sys; sys.modules[{module!r}] = None; from roma_provider.cli.main import main; main()"
    return subprocess.run(
        [sys.executable, "-c", script, *arguments], capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.slow
def test_without_the_extras_it_says_what_to_install(tmp_path: Path) -> None:
    ended = without("matplotlib", "watch", ID, "--timeline", str(tmp_path / "x.svg"))
    assert (ended.returncode, ended.stdout) == (3, "")
    assert ended.stderr == "roma: --timeline needs its extra: pip install 'roma-provider[timeline]'\n"
    for module in ("rich", "typer"):
        ended = without(module, "watch", ID)
        assert (ended.returncode, ended.stdout) == (3, "")
        assert ended.stderr == "roma: this command needs its extra: pip install 'roma-provider[cli]'\n"


@pytest.mark.slow
def test_what_is_not_used_is_not_loaded(api: Api, clock: SettableClock) -> None:
    made = api.create()
    finish(clock)
    script = (
        "import sys, roma_provider, roma_provider.cli.main, roma_provider.cli.watch.timeline\n"
        "print([name for name in ('typer', 'rich', 'matplotlib') if name in sys.modules])\n"
        "sys.argv[1:] = ['watch', sys.argv[1]]\n"
        "try: roma_provider.cli.main.main()\n"
        "except SystemExit as ended: print(ended.code, 'matplotlib' in sys.modules)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script, made],
        env=environment(api),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert ended.stdout.splitlines()[0] == "[]"
    assert ended.stdout.splitlines()[-1] == "0 False"
