"""The command line of `roma`: what its options become, and its exit codes. (With an API behind it: tests/served.)"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from roma_provider.cli import listing
from roma_provider.cli.application import app
from roma_provider.cli.doctor import examination as doctor
from roma_provider.cli.doctor.examination import Check, Deviation, Findings
from roma_provider.cli.imports import command as imports
from roma_provider.cli.imports.wanted import Wish
from roma_provider.cli.preview import command as preview
from roma_provider.cli.watch import command
from roma_provider.cli.watch.watch import Watch
from roma_provider.clock import Clock
from roma_provider.lifecycle.session import Session
from tests.support.fakes import ID, PROJECT


def roma(*arguments: str, **environment: str | None) -> Result:
    return CliRunner().invoke(app, arguments, env=environment)


# --- --version


def test_the_version() -> None:
    result = roma("--version")
    assert (result.exit_code, result.stdout, result.stderr) == (0, f"roma-provider {version('roma-provider')}\n", "")


# --- doctor


GOOD = Findings("1", "3", [Check("region", True, "[red]fine[/red]")])
BAD = Findings("1", "3", [Check("region", False, "broken")], [Deviation("a", "f", "is missing")])


class Examined:
    """In place of the doctor: what it was asked, and the findings that it gives."""

    def __init__(self) -> None:
        self.asked: list[tuple[str | None, str | None]] = []
        self.settings: list[float] = []
        self.findings = GOOD

    def __call__(self, session: Session, region: str | None, project_id: str | None) -> Findings:
        self.asked.append((region, project_id))
        self.settings.append(session.settings.poll_seconds())
        return self.findings


@pytest.fixture
def examined(monkeypatch: pytest.MonkeyPatch) -> Examined:
    found = Examined()
    monkeypatch.setattr(doctor, "examine", found)
    return found


@pytest.mark.parametrize(
    ("options", "asked"),
    [
        ([], (None, None)),
        (["--region", "eu-west-101"], ("eu-west-101", None)),
        (["--project-id", PROJECT], (None, PROJECT)),
    ],
)
def test_doctor_takes_its_place_from_the_options_and_its_settings_from_the_environment(
    examined: Examined, options: list[str], asked: tuple[str | None, str | None]
) -> None:
    assert roma("doctor", *options, ROMA_POLL_SECONDS="7").exit_code == 0
    assert (examined.asked, examined.settings) == ([asked], [7.0])


@pytest.mark.parametrize(("findings", "code"), [(GOOD, 0), (BAD, 1)])
def test_doctor_writes_its_findings_as_lines(examined: Examined, findings: Findings, code: int) -> None:
    examined.findings = findings
    found = roma("doctor")
    assert (found.exit_code, found.output.splitlines()) == (code, findings.as_lines())


@pytest.mark.parametrize(("findings", "code"), [(GOOD, 0), (BAD, 1)])
def test_doctor_writes_its_findings_as_json(examined: Examined, findings: Findings, code: int) -> None:
    examined.findings = findings
    found = roma("doctor", "--json")
    said = {"command": "doctor", "ok": code == 0, "exit_code": code, "messages": [], **findings.as_json()}
    assert (found.exit_code, found.output) == (code, json.dumps(said) + "\n")


def test_doctor_shows_what_failed_in_red_and_nothing_else(examined: Examined) -> None:
    examined.findings = BAD
    shown = roma("doctor", FORCE_COLOR="1", TERM="xterm", NO_COLOR=None, COLORTERM=None).output.splitlines()
    assert shown == [
        "roma doctor: roma-provider 1, Python 3",
        "\x1b[31mFAIL  region: broken\x1b[0m",
        "note  a: f: is missing",
    ]


# --- watch


class Watched:
    """In place of the watch: what it was given, and the exit code that it gives."""

    def __init__(self) -> None:
        self.seen: list[dict[str, Any]] = []

    def __call__(self, watch: Watch, timeline: Path | None, *, as_json: bool) -> int:
        given = {"id": watch.instance_id, "region": watch.region, "project_id": watch.project_id}
        poll = watch.session.settings.poll_seconds()
        self.seen.append({**given, "seconds": watch.seconds, "poll": poll, "timeline": timeline, "as_json": as_json})
        return 141


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> Watched:
    found = Watched()
    monkeypatch.setattr(command, "run", found)
    return found


PLAIN: dict[str, Any] = {
    "id": ID,
    "region": None,
    "project_id": None,
    "seconds": 5400.0,
    "poll": 7.0,
    "timeline": None,
    "as_json": False,
}


@pytest.mark.parametrize(
    ("options", "changes"),
    [
        ([], {}),
        (["--region", "eu-west-101"], {"region": "eu-west-101"}),
        (["--project-id", PROJECT], {"project_id": PROJECT}),
        (["--timeout", "1h45m"], {"seconds": 6300.0}),
        (["--json"], {"as_json": True}),
        (["--timeline", "x.svg"], {"timeline": Path("x.svg")}),
    ],
)
def test_what_the_options_of_watch_become(watched: Watched, options: Sequence[str], changes: dict[str, Any]) -> None:
    assert roma("watch", ID, *options, ROMA_POLL_SECONDS="7").exit_code == 141
    assert watched.seen == [{**PLAIN, **changes}]


# --- usage


@pytest.mark.parametrize(
    "arguments", [["doctor", "--regoin", "x"], ["doctor", "x"], ["watch"], ["--json"], ["dcotor"], []]
)
def test_bad_usage_of_any_command_exits_with_64_and_runs_none(
    examined: Examined, watched: Watched, arguments: list[str]
) -> None:
    found = roma(*arguments)
    assert found.exit_code == 64
    assert "Usage: " in found.output
    assert (examined.asked, watched.seen) == ([], [])


def test_a_time_out_that_is_none_is_told_in_our_words(watched: Watched) -> None:
    found = roma("watch", ID, "--timeout", "25h", COLUMNS="200", TERM="dumb")
    assert found.exit_code == 64
    assert "write seconds, or a time such as 90m or 1h30m, up to 24h, not '25h'" in found.output
    assert watched.seen == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "write ids or names of instances, --all or --tfstate FILE"),
        (["--existing"], "write ids or names of instances, --all or --tfstate FILE"),
        (["--all", ID], "write --all, or which instances, not both"),
        (["--all", "--tfstate", "x"], "write --all, or which instances, not both"),
    ],
)
def test_what_import_cannot_be_asked(arguments: list[str], said: str) -> None:
    found = roma("import", *arguments, COLUMNS="200", TERM="dumb")
    assert found.exit_code == 64
    assert said in found.output


@pytest.mark.parametrize("name", ["there", "there/new", "nowhere/new", "link", ""])
def test_what_doctor_cannot_record_into_is_bad_usage(examined: Examined, tmp_path: Path, name: str) -> None:
    (tmp_path / "there").write_text("")
    (tmp_path / "link").symlink_to("nowhere")
    found = roma("doctor", "--record", str(tmp_path / name) if name else "", COLUMNS="200", TERM="dumb")
    assert (found.exit_code, examined.asked) == (64, [])
    assert "write the name of a new file in a folder that exists" in found.output


def test_a_name_that_is_too_long_for_a_file_is_no_traceback(examined: Examined, tmp_path: Path) -> None:
    found = roma("doctor", "--record", str(tmp_path / ("a" * 300)), HW_REGION_NAME="")
    assert (found.exit_code, len(examined.asked)) == (0, 1)
    assert found.exception is None or isinstance(found.exception, SystemExit)


def test_what_the_options_of_list_and_import_become(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[object] = []

    def run(_session: Session, *given: object) -> int:
        seen.append(given[:-1])
        return 1

    monkeypatch.setattr(listing, "run", run)
    monkeypatch.setattr(imports, "run", run)
    place = ("--region", "eu-west-101", "--project-id", PROJECT)
    assert roma("list").exit_code == 1
    roma("list", "a", "b", "--status", "x", "--status", "y", "--expect", "z", "--json", *place)
    assert roma("import", "a", "--existing", *place).exit_code == 1
    roma("import", "--tfstate", "-", "b")
    roma("import", "--all")
    assert seen == [
        (None, None, listing.Wish()),
        ("eu-west-101", PROJECT, listing.Wish(["a", "b"], ["x", "y"], "z")),
        (Wish(["a"], existing=True, region="eu-west-101", project_id=PROJECT),),
        (Wish(["b"], tfstate="-"),),
        (Wish((), every=True),),
    ]


def test_what_the_options_of_preview_summary_become(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[preview.Wish] = []

    def run(environment: Mapping[str, str], clock: Clock, wish: preview.Wish, output: object) -> int:
        assert environment["HW_AUTH_TOKEN"] == "x"
        assert abs(clock.epoch() - Clock().epoch()) < 3600
        seen.append(wish)
        return 0

    monkeypatch.setattr(preview, "run", run)
    for arguments in ((), ("-",), ("x.json", "--max-bytes", "4000", "--stack", "web/dev", "--exit-code", "255")):
        assert roma("preview-summary", *arguments, HW_AUTH_TOKEN="x").exit_code == 0
    assert seen == [preview.Wish(), preview.Wish("-", preview.MOST_BYTES), preview.Wish("x.json", 4000, "web/dev", 255)]
    few = roma("preview-summary", "x.json", "--max-bytes", str(preview.LEAST_BYTES - 1), COLUMNS="200", TERM="dumb")
    assert (few.exit_code, "greater than or equal to 4000" in few.stderr) == (64, True)


COMMANDS = ["doctor", "watch", "list", "import", "preview-summary", "journal", "forget", "completion"]


def test_the_help_names_the_commands() -> None:
    found = roma("--help")
    assert found.exit_code == 0
    assert "Huawei Cloud ROMA Connect instances." in found.output
    assert list(dict.fromkeys(word for word in found.output.split() if word in COMMANDS)) == COMMANDS
