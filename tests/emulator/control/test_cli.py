"""`roma-emulator` as a process: what it prints, and how it ends."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from roma_provider.emulator import (
    ACCESS_KEY,
    DOMAIN_NAME,
    PROJECT_ID,
    SECRET_KEY,
    SECURITY_TOKEN,
    TEMPORARY_ACCESS_KEY,
    TEMPORARY_SECRET_KEY,
    TOKEN,
    USER_NAME,
    USER_PASSWORD,
    Emulator,
)
from roma_provider.emulator.control import cli
from roma_provider.emulator.control.cli import main, past_proxies
from tests.support.emulator import Api
from tests.support.emulator_process import EmulatorProcess, ended_emulator, interrupts
from tests.support.warm import EMULATOR, warm_program

__all__ = ["interrupts"]

pytestmark = pytest.mark.usefixtures("interrupts")


def test_run_sets_the_environment_and_passes_the_exit_status() -> None:
    script = (
        "import json, os, sys, urllib.request as r;"
        "e = os.environ; names = ['HW_REGION_NAME', 'HW_PROJECT_ID', 'HW_AUTH_TOKEN'];"
        "assert e['HW_AUTH_URL'] == e['ROMA_ENDPOINT'] + '/v3';"
        "url = e['ROMA_ENDPOINT'] + '/v2/' + e['HW_PROJECT_ID'] + '/instances';"
        "q = r.Request(url, headers={'X-Auth-Token': e['HW_AUTH_TOKEN']});"
        "print(json.dumps([[e[n] for n in names], json.load(r.build_opener(r.ProxyHandler({})).open(q))]));"
        "sys.exit(7)"
    )
    ended = ended_emulator("run", "--", sys.executable, "-c", script, HW_AUTH_TOKEN="mine", ROMA_ENDPOINT="https://x")
    assert (ended.returncode, ended.stderr) == (7, "")
    assert json.loads(ended.stdout) == [
        ["cn-north-4", PROJECT_ID, TOKEN],
        {"total": 0, "size": 0, "instances": []},
    ]


def test_run_gives_options_to_the_command_after_the_dashes() -> None:
    ended = ended_emulator(
        "run", "--creation-seconds", "1", "--", "sh", "-c", 'echo "$@"', "-", "--scenario", "x", "--"
    )
    assert (ended.returncode, ended.stdout) == (0, "--scenario x --\n")


@pytest.mark.slow
def test_run_keeps_instances_in_its_database_and_takes_settings_from_its_flags(tmp_path: Path) -> None:
    database = str(tmp_path / "new folder" / "emulator.db")
    script = (
        "import os\nfrom roma_provider.emulator import Control\ncontrol = Control(os.environ['ROMA_ENDPOINT'])\n"
        "print(control.settings())\nprint([instance.name for instance in control.instances()])"
    )
    with Emulator(database) as emulator:
        Api(emulator.url).create(name="kept")
    first = ended_emulator("run", "--database", database, "--scenario", "slow", "--creation-seconds", "3", "--", "true")
    assert first.returncode == 0
    second = ended_emulator(
        "run",
        *("--database", database, "--list-lag-seconds", "9", "--clock-offset=-7200"),
        *("--", sys.executable, "-c", script),
    )
    assert "creation_seconds=8.0, scenario='ready', " in second.stdout
    assert "list_lag_seconds=9.0" in second.stdout
    assert "clock_offset_seconds=-7200.0" in second.stdout
    assert second.stdout.endswith("['kept']\n")


def test_serve_prints_what_to_export_and_ends_on_signals(tmp_path: Path) -> None:
    for ending in (signal.SIGINT, signal.SIGTERM):
        running = EmulatorProcess(
            warm_program(EMULATOR), "serve", "--database", str(tmp_path / "emulator.db"), "--list-lag-seconds", "0"
        )
        head = running.line()
        exported = dict(running.line().removeprefix("export ").split("=") for _ in range(5))
        others = [running.line() for _ in range(3)]
        assert f"(database: {tmp_path / 'emulator.db'})" in head
        assert exported["ROMA_ENDPOINT"] in head
        assert exported["HW_AUTH_URL"] == exported["ROMA_ENDPOINT"] + "/v3"
        assert others == [
            f"# or, without HW_AUTH_TOKEN, keys: export HW_ACCESS_KEY={ACCESS_KEY} HW_SECRET_KEY={SECRET_KEY}",
            f"# or, without HW_AUTH_TOKEN, temporary keys: export HW_ACCESS_KEY={TEMPORARY_ACCESS_KEY} "
            f"HW_SECRET_KEY={TEMPORARY_SECRET_KEY} HW_SECURITY_TOKEN={SECURITY_TOKEN}",
            f"# or, without HW_AUTH_TOKEN, an IAM user: export HW_USER_NAME={USER_NAME} "
            f"HW_USER_PASSWORD={USER_PASSWORD} HW_DOMAIN_NAME={DOMAIN_NAME}",
        ]
        assert (exported["HW_REGION_NAME"], exported["HW_PROJECT_ID"]) == ("cn-north-4", PROJECT_ID)
        api = Api(exported["ROMA_ENDPOINT"], exported["HW_PROJECT_ID"], exported["HW_AUTH_TOKEN"])
        made = api.listed()["total"]
        api.create()
        assert api.listed()["total"] == made + 1
        running.process.send_signal(ending)
        assert running.end() == 0
    assert made == 1


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = ended_emulator("serve", "--port", str(port))
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == (
        f"roma-emulator: cannot listen on port {port}: Address already in use; try another --port\n"
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["run", "--scenario", "fast", "--", "true"],
            "unknown scenario 'fast'; write one of ready, create-failed, create-failed-silent, slow, stuck",
        ),
        (["run", "--creation-seconds", "soon", "--", "true"], "'soon' is not a number of seconds"),
        (
            ["run", "--creation-seconds", "1e308", "--", "true"],
            "write a number of seconds, 0 or more and up to ten years",
        ),
        (
            ["run", "--list-lag-seconds", "nan", "--", "true"],
            "write a number of seconds, 0 or more and up to ten years",
        ),
        (["run", "--scenario", "\udcff", "--", "true"], "unknown scenario '\\udcff'"),
        (["run", "--clock-offset", "inf", "--", "true"], "write a number of seconds, up to ten years either way"),
        (["run", "--creation-seconds=-1", "--", "true"], "write a number of seconds, 0 or more"),
        (["run"], "write the command after --, as in: roma-emulator run -- pulumi up"),
        (["run", "pulumi", "up"], "unrecognized arguments: pulumi up"),
        (["serve", "--", "true"], "serve takes no command"),
        (["serve", "--port", "99999"], "'99999' is not a port; write a number from 0 to 65535"),
        ([], "required: serve|run"),
    ],
)
def test_bad_usage(capsys: pytest.CaptureFixture[str], arguments: list[str], message: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert message in capsys.readouterr().err


def test_a_database_whose_name_is_no_text(tmp_path: Path) -> None:
    database = str(tmp_path / "\udcff.db")
    emulator = EmulatorProcess(warm_program(EMULATOR), "serve", "--database", database)
    assert emulator.line().endswith(f"(database: {tmp_path}/\\xff.db); Ctrl-C ends it")
    emulator.process.send_signal(signal.SIGTERM)
    assert emulator.end() == 0


def test_a_database_that_is_none(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "x.db").write_text("no database " * 100)
    assert main(["run", "--database", str(tmp_path / "x.db"), "--", "true"]) == 1
    assert capsys.readouterr().err.startswith("roma-emulator: cannot use the database ")


@pytest.mark.slow
@pytest.mark.parametrize("module", ["fastapi", "uvicorn"])
def test_without_the_extra(module: str) -> None:
    script = (
        f"import sys; sys.modules[{module!r}] = None;"
        "import roma_provider.emulator.control.client;"
        "from roma_provider.emulator.control.cli import main; sys.exit(main(['run', '--', 'true']))"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, ended.stderr) == (
        1,
        "roma-emulator: the emulator needs its extra: pip install 'roma-provider[emulator]'\n",
    )


@pytest.mark.parametrize(
    ("variables", "added"),
    [
        ({}, {}),
        ({"no_proxy": "a"}, {}),
        ({"HTTP_PROXY": "http://p"}, {"no_proxy": "127.0.0.1", "NO_PROXY": "127.0.0.1"}),
        (
            {"all_proxy": "http://p", "NO_PROXY": "a,b"},
            {"no_proxy": "a,b,127.0.0.1", "NO_PROXY": "a,b,127.0.0.1"},
        ),
    ],
)
def test_a_proxy_is_kept_out_of_the_way(variables: dict[str, str], added: dict[str, str]) -> None:
    assert past_proxies(variables) == added


@pytest.mark.parametrize("given", [["serve"], ["run", "--", "true"]])
def test_a_system_without_signals_is_refused(
    given: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cli, "HAS_SIGNALS", False)
    assert main(given) == 1
    said = "this system has no signals by which it could be ended. Use Linux or macOS; on Windows, WSL"
    assert capsys.readouterr().err == f"roma-emulator: {said}\n"
