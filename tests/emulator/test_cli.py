"""`roma-emulator` as a process: what it prints, how it ends, and which signals reach the command."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

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
from roma_provider.emulator.control.cli import main, past_proxies
from tests.support.emulator import Api, wait_until
from tests.support.watched import interruptible

if TYPE_CHECKING:
    from collections.abc import Iterator

PROGRAM = [sys.executable, "-m", "roma_provider.emulator.control.cli"]

# A command that writes down each signal it gets and leaves on SIGTERM; or by itself, where a test failed to tell it.
LISTENER = """
import os, signal, sys
def note(number, frame):
    os.write(1, f"got {signal.Signals(number).name}\\n".encode())
    if number == signal.SIGTERM:
        os._exit(9)
for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGUSR1", "SIGQUIT"):
    signal.signal(getattr(signal, name), note)
signal.alarm(120)
os.write(1, f"ready {os.getpgrp()}\\n".encode())
while True:
    signal.pause()
"""


def program(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PROGRAM, *arguments],
        env=os.environ | variables,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


class Running:
    """A process whose standard output is read line by line."""

    def __init__(self, *arguments: str, **options: bool) -> None:
        self.process = subprocess.Popen(
            [*PROGRAM, *arguments],
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
            **options,  # type: ignore[call-overload]
        )

    def line(self) -> str:
        return str(self.process.stdout.readline()).rstrip("\n")

    def end(self) -> int:
        """Wait for it; returns its exit status."""
        status = int(self.process.wait(60))
        self.process.stdout.close()
        return status


@pytest.fixture(autouse=True)
def interrupts() -> Iterator[None]:
    """What a test starts can be interrupted, wherever the tests were started."""
    with interruptible():
        yield


@pytest.fixture
def listener() -> Iterator[Running]:
    """`run` around the listener, in a session of its own: without a terminal."""
    running = Running("run", "--", sys.executable, "-c", LISTENER, start_new_session=True)
    yield running
    if running.process.poll() is None:
        running.process.terminate()
    running.end()


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
    ended = program("run", "--", sys.executable, "-c", script, HW_AUTH_TOKEN="mine", ROMA_ENDPOINT="https://x")
    assert (ended.returncode, ended.stderr) == (7, "")
    assert json.loads(ended.stdout) == [
        ["cn-north-4", PROJECT_ID, TOKEN],
        {"total": 0, "size": 0, "instances": []},
    ]


def test_run_gives_options_to_the_command_after_the_dashes() -> None:
    ended = program("run", "--creation-seconds", "1", "--", "sh", "-c", 'echo "$@"', "-", "--scenario", "x", "--")
    assert (ended.returncode, ended.stdout) == (0, "--scenario x --\n")


def test_run_keeps_instances_in_its_database_and_takes_settings_from_its_flags(tmp_path: Path) -> None:
    database = str(tmp_path / "new folder" / "emulator.db")
    script = (
        "import os\nfrom roma_provider.emulator import Control\ncontrol = Control(os.environ['ROMA_ENDPOINT'])\n"
        "print(control.settings())\nprint([instance.name for instance in control.instances()])"
    )
    with Emulator(database) as emulator:
        Api(emulator.url).create(name="kept")
    first = program("run", "--database", database, "--scenario", "slow", "--creation-seconds", "3", "--", "true")
    assert first.returncode == 0
    second = program("run", "--database", database, "--list-lag-seconds", "9", "--", sys.executable, "-c", script)
    assert "creation_seconds=8.0, scenario='ready', " in second.stdout
    assert "list_lag_seconds=9.0" in second.stdout
    assert second.stdout.endswith("['kept']\n")


def run_only(*command: str) -> subprocess.CompletedProcess[str]:
    """The part of `run` that knows of no emulator, which starts sooner."""
    script = (
        "import os, sys; from roma_provider.emulator.control.run import run_command;"
        "sys.exit(run_command(sys.argv[1:], os.environ))"
    )
    return subprocess.run(
        [sys.executable, "-c", script, *command], capture_output=True, text=True, timeout=60, check=False
    )


def test_run_of_what_cannot_run(tmp_path: Path) -> None:
    missing = run_only("no-such-command-anywhere")
    assert missing.returncode == 127
    assert missing.stderr == "roma-emulator: cannot run no-such-command-anywhere: no such command\n"
    (tmp_path / "text").write_text("")
    denied = run_only(str(tmp_path / "text"))
    assert denied.returncode == 126
    assert denied.stderr.endswith("text: Permission denied\n")


def test_run_exits_with_128_and_the_signal_that_ended_the_command() -> None:
    assert run_only("sh", "-c", "kill -KILL $$").returncode == 137


def test_signals_reach_a_command_without_a_terminal(listener: Running) -> None:
    ready = listener.line().split()
    # The same process group: a shell's job control sees one job.
    assert ready == ["ready", str(os.getpgid(listener.process.pid))]
    for name in ("SIGINT", "SIGHUP", "SIGUSR1", "SIGQUIT"):
        listener.process.send_signal(getattr(signal, name))
        assert listener.line() == f"got {name}"
        assert listener.process.poll() is None
    listener.process.send_signal(signal.SIGTERM)
    assert listener.line() == "got SIGTERM"
    assert listener.end() == 9


def test_what_was_ignored_stays_ignored() -> None:
    script = "import signal; print(signal.getsignal(signal.SIGHUP).name)"
    command = "trap '' HUP; exec \"$@\""
    ended = subprocess.run(
        ["sh", "-c", command, "-", *PROGRAM, "run", "--", sys.executable, "-c", script],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert ended.stdout == "SIG_IGN\n"


class Terminal:
    """A program in the foreground of a terminal of its own."""

    def __init__(self, *arguments: str) -> None:
        self.pid, self.master = pty.fork()
        if self.pid == 0:
            os.execvp(arguments[0], arguments)  # noqa: S606
        self.shown = ""

    def read(self) -> str:
        """What has been shown so far; takes what there is to read without waiting."""
        # A terminal whose last process has ended answers with an error instead of an end of file.
        with suppress(OSError):
            while select.select([self.master], [], [], 0)[0]:
                self.shown += os.read(self.master, 4096).decode()
        return self.shown

    def wait_for(self, text: str) -> None:
        wait_until(lambda: text in self.read(), f"{text!r} on the terminal")

    def end(self) -> int:
        def ended() -> bool:
            self.read()
            return os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None

        wait_until(ended, "the program's end")
        status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        self.read()
        os.close(self.master)
        return status


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_ctrl_c_on_a_terminal_reaches_the_command_once() -> None:
    terminal = Terminal(*PROGRAM, "run", "--", sys.executable, "-c", LISTENER)
    terminal.wait_for("ready")
    os.write(terminal.master, b"\x03")
    terminal.wait_for("got SIGINT")
    # SIGINT to run alone, while it is in the foreground, looks as the terminal's does and is not passed on either;
    # a later signal that is passed on shows that nothing else was under way.
    os.kill(terminal.pid, signal.SIGINT)
    os.kill(terminal.pid, signal.SIGUSR1)
    terminal.wait_for("got SIGUSR1")
    os.kill(terminal.pid, signal.SIGTERM)
    assert terminal.end() == 9
    assert re.findall(r"got (\w+)", terminal.shown) == ["SIGINT", "SIGUSR1", "SIGTERM"]
    assert "Traceback" not in terminal.shown


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_signals_reach_a_command_in_the_background_of_a_terminal() -> None:
    # With -m a shell's background job has a process group of its own, which the terminal's Ctrl-C does not reach.
    script = 'set -m; "$@" & wait; exit 3'
    terminal = Terminal("sh", "-c", script, "-", *PROGRAM, "run", "--", sys.executable, "-c", LISTENER)
    terminal.wait_for("\n")
    (group,) = re.findall(r"ready (\d+)", terminal.shown)
    assert int(group) != terminal.pid
    os.kill(int(group), signal.SIGINT)
    terminal.wait_for("got SIGINT")
    os.kill(int(group), signal.SIGTERM)
    terminal.wait_for("got SIGTERM")
    assert terminal.end() == 3


def test_serve_prints_what_to_export_and_ends_on_signals(tmp_path: Path) -> None:
    for ending in (signal.SIGINT, signal.SIGTERM):
        running = Running("serve", "--database", str(tmp_path / "emulator.db"), "--list-lag-seconds", "0")
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
        ended = program("serve", "--port", str(port))
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


def test_a_database_that_is_none(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "x.db").write_text("no database " * 100)
    assert main(["run", "--database", str(tmp_path / "x.db"), "--", "true"]) == 1
    assert capsys.readouterr().err.startswith("roma-emulator: cannot use the database ")


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


def test_importing_the_package_loads_neither_fastapi_nor_uvicorn() -> None:
    script = (
        "import sys, roma_provider, roma_provider.emulator, roma_provider.emulator.control.client;"
        "print([name for name in ('fastapi', 'uvicorn', 'pulumi') if name in sys.modules])"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True)
    assert ended.stdout in ("[]\n", "['pulumi']\n")  # pulumi comes with roma_provider itself


def test_no_module_of_the_emulator_imports_pulumi_or_the_client() -> None:
    folder = Path(__file__).parents[2] / "roma_provider" / "emulator"
    sources = {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*.py")}
    assert "control/server.py" in sources
    for name, source in sources.items():
        imports = re.findall(r"^\s*(?:from|import) (\S+)", source, re.MULTILINE)
        dots = "." * (len(Path(name).parts) + 1)
        outside = [one for one in imports if one.startswith(("pulumi", "roma_provider", dots))]
        assert outside == [], name


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
