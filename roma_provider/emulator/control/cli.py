"""`roma-emulator`: the emulator from a shell, as a server (`serve`) or around one command (`run`)."""

import argparse
import os
import shlex
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..core.defaults import (
    ACCESS_KEY,
    CLOCK_OFFSET_SECONDS,
    CREATION_SECONDS,
    DOMAIN_NAME,
    LIST_LAG_SECONDS,
    PROJECT_ID,
    REGION,
    SCENARIOS,
    SECRET_KEY,
    SECURITY_TOKEN,
    TEMPORARY_ACCESS_KEY,
    TEMPORARY_SECRET_KEY,
    TOKEN,
    USER_NAME,
    USER_PASSWORD,
)
from ..core.settings import BadInputError, checked_offset, checked_scenario, checked_seconds, checked_throttle
from ..core.store import StoreError
from .run import HAS_SIGNALS, SignalQueue, run_command

if TYPE_CHECKING:
    from .server import Emulator

_EXTRA_MISSING = "the emulator needs its extra: pip install 'roma-provider[emulator]'"
_NO_SIGNALS = "this system has no signals by which it could be ended. Use Linux or macOS; on Windows, WSL"
_EXTRA_MODULES = ("fastapi", "starlette", "uvicorn", "h11")
_SEPARATOR = "--"


def environment(url: str) -> dict[str, str]:
    """The variables that lead the provider to the emulator at `url`."""
    return {
        "ROMA_ENDPOINT": url,
        "HW_REGION_NAME": REGION,
        "HW_PROJECT_ID": PROJECT_ID,
        "HW_AUTH_URL": f"{url}/v3",
        "HW_AUTH_TOKEN": TOKEN,
    }


def _other_ways_in() -> list[tuple[str, dict[str, str]]]:
    """What to set in the place of HW_AUTH_TOKEN, which comes first where it is set."""
    temporary = {
        "HW_ACCESS_KEY": TEMPORARY_ACCESS_KEY,
        "HW_SECRET_KEY": TEMPORARY_SECRET_KEY,
        "HW_SECURITY_TOKEN": SECURITY_TOKEN,
    }
    user = {"HW_USER_NAME": USER_NAME, "HW_USER_PASSWORD": USER_PASSWORD, "HW_DOMAIN_NAME": DOMAIN_NAME}
    return [
        ("keys", {"HW_ACCESS_KEY": ACCESS_KEY, "HW_SECRET_KEY": SECRET_KEY}),
        ("temporary keys", temporary),
        ("an IAM user", user),
    ]


def _exports(variables: Mapping[str, str]) -> str:
    return " ".join(f"{name}={shlex.quote(value)}" for name, value in variables.items())


def past_proxies(variables: Mapping[str, str]) -> dict[str, str]:
    """What keeps calls to loopback from a proxy, which could not reach it; empty where no proxy is set."""
    if not any(name.lower() in ("http_proxy", "all_proxy") and value for name, value in variables.items()):
        return {}
    known = variables.get("no_proxy") or variables.get("NO_PROXY")
    bypass = ",".join(filter(None, [known, "127.0.0.1"]))
    return {"no_proxy": bypass, "NO_PROXY": bypass}


def _seconds(text: str, check: Callable[[str, float], float] = checked_seconds) -> float:
    try:
        return check("the value", float(text))
    except BadInputError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds") from error


def _offset(text: str) -> float:
    return _seconds(text, checked_offset)


def _scenario(text: str) -> str:
    try:
        return checked_scenario(text)
    except BadInputError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _throttle(text: str) -> str:
    try:
        return checked_throttle(text)
    except BadInputError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 5 and int(text) <= 65535):
        raise argparse.ArgumentTypeError(f"{text!r} is not a port; write a number from 0 to 65535")
    return int(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="roma-emulator", description="The Huawei Cloud ROMA Connect instance API on this machine."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="serve|run")
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--database",
        type=Path,
        metavar="FILE",
        help="SQLite file for instances, made if missing (default: they end with the emulator)",
    )
    common.add_argument(
        "--creation-seconds",
        type=_seconds,
        default=CREATION_SECONDS,
        metavar="S",
        help=f"how long a creation takes (default: {CREATION_SECONDS:g})",
    )
    common.add_argument(
        "--scenario",
        type=_scenario,
        default=SCENARIOS[0],
        metavar="NAME",
        help=f"how new creations go: {', '.join(SCENARIOS)} (default: {SCENARIOS[0]})",
    )
    common.add_argument(
        "--list-lag-seconds",
        type=_seconds,
        default=LIST_LAG_SECONDS,
        metavar="S",
        help=f"how long a new instance is missing from lists (default: {LIST_LAG_SECONDS:g})",
    )
    common.add_argument(
        "--clock-offset",
        type=_offset,
        default=CLOCK_OFFSET_SECONDS,
        metavar="S",
        help="how far the API's clock is ahead of this machine's; behind it as --clock-offset=-S (default: 0)",
    )
    _add_limits(common)
    serve = commands.add_parser("serve", parents=[common], help="serve until Ctrl-C or SIGTERM")
    serve.add_argument("--port", type=_port, default=0, metavar="N", help="port on 127.0.0.1 (default: a free one)")
    commands.add_parser(
        "run",
        parents=[common],
        help="serve for as long as COMMAND runs, with the environment set for it; exits as COMMAND does",
        usage="roma-emulator run [options] -- COMMAND...",
    )
    return parser


def _add_limits(common: argparse.ArgumentParser) -> None:
    common.add_argument(
        "--status-lag-seconds",
        type=_seconds,
        default=0.0,
        metavar="S",
        help="how far the statuses in lists are behind those of /process (default: 0)",
    )
    common.add_argument(
        "--throttle",
        type=_throttle,
        default="",
        metavar="CALLS/SECONDS",
        help="answer 429 to more calls of one user in so many seconds, such as 200/300 (default: none)",
    )


class _StartError(Exception):
    """The emulator cannot start; the message says why."""


def _started(arguments: argparse.Namespace, port: int = 0) -> "Emulator":
    try:
        from .server import Emulator
    except ModuleNotFoundError as error:
        if error.name not in _EXTRA_MODULES:
            raise
        raise _StartError(_EXTRA_MISSING) from error
    try:
        return Emulator(
            arguments.database,
            creation_seconds=arguments.creation_seconds,
            scenario=arguments.scenario,
            list_lag_seconds=arguments.list_lag_seconds,
            clock_offset_seconds=arguments.clock_offset,
            throttle=arguments.throttle,
            status_lag_seconds=arguments.status_lag_seconds,
            port=port,
        ).start()
    except StoreError as error:
        raise _StartError(str(error)) from error
    except OSError as error:
        raise _StartError(f"cannot listen on port {port}: {error.strerror}; try another --port") from error


def _serve(arguments: argparse.Namespace) -> int:
    endings = SignalQueue((signal.SIGINT, signal.SIGTERM))
    with _started(arguments, arguments.port) as emulator:
        # A file's name is any bytes; what is no text is shown escaped, not in a traceback.
        kept = os.fsencode(arguments.database or "none, instances end with this process").decode(
            "utf-8", "backslashreplace"
        )
        print(f"ROMA Connect emulator: {emulator.url} (database: {kept}); Ctrl-C ends it")  # noqa: T201
        for name, value in environment(emulator.url).items():
            print(f"export {name}={shlex.quote(value)}")  # noqa: T201
        for way, variables in _other_ways_in():
            print(f"# or, without HW_AUTH_TOKEN, {way}: export {_exports(variables)}")  # noqa: T201
        sys.stdout.flush()
        endings.wait()
    return 0


def _run(arguments: argparse.Namespace, command: Sequence[str]) -> int:
    with _started(arguments) as emulator:
        return run_command(command, {**os.environ, **past_proxies(os.environ), **environment(emulator.url)})


def main(argv: Sequence[str] | None = None) -> int:
    """The entry point.

    Returns:
        The exit status: COMMAND's for `run`, 0 for a `serve` that was ended, 1 if the emulator cannot start.
        Bad usage exits with 2, as argparse does.
    """
    given = list(sys.argv[1:] if argv is None else argv)
    # Split by hand: what argparse does with "--" and what follows it differs from one Python to the next.
    split = given.index(_SEPARATOR) if _SEPARATOR in given else len(given)
    parser = _parser()
    arguments = parser.parse_args(given[:split])
    command = given[split + 1 :]
    if arguments.command == "run" and not command:
        parser.error("write the command after --, as in: roma-emulator run -- pulumi up")
    if arguments.command == "serve" and split < len(given):
        parser.error("serve takes no command; roma-emulator run -- COMMAND... does")
    if not HAS_SIGNALS:
        print(f"roma-emulator: {_NO_SIGNALS}", file=sys.stderr)  # noqa: T201
        return 1
    try:
        return _run(arguments, command) if arguments.command == "run" else _serve(arguments)
    except KeyboardInterrupt:
        # Before the command was started; from then on its own status counts.
        return 128 + signal.SIGINT
    except _StartError as error:
        print(f"roma-emulator: {error}", file=sys.stderr)  # noqa: T201
        return 1


if __name__ == "__main__":
    sys.exit(main())
