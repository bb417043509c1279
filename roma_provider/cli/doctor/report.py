"""A text to be pasted into an issue: versions, settings, what is reached, the journal's counts.

It is made of words of ours, of numbers, and of what is known beforehand. No value of a secret, no id, no name, no path
and no word of a server's is ever put in, whatever it looks like: so nothing has to be found and taken out.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any
from urllib.parse import urlsplit

from ...api.endpoint import is_loopback
from ...config import keys
from ...config.credentials import CONFIG, ENVIRONMENT
from ...config.keys import REFUSED, SETTINGS, Key
from ...errors import InputError, RomaError
from ...lifecycle.session import Session
from .examination import Findings, plain_error

PACKAGES = ("roma-provider", "pulumi", "grpcio", "requests", "pydantic", "typer", "rich", "matplotlib")
# Of others only whether they are set matters, and what they hold may be secret.
BESIDE = ("HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "REQUESTS_CA_BUNDLE", "PULUMI_BACKEND_URL", "PULUMI_HOME", "CI")
VERSION_SECONDS = 20.0
SECRET, SET = "(secret)", "(set)"

_NUMBER = r"[0-9]{1,6}(\.[0-9]{1,6})?"
_REGION = r"[a-z]{2,4}-[a-z]{2,12}-[0-9]{1,3}"
# What a value has to look like to be shown.
_SHOWN: Mapping[Key, str] = {
    keys.REGION: _REGION,
    keys.CLOUD: r"myhuaweicloud\.(com|eu)",
    keys.POLL: _NUMBER,
    keys.CALLS: _NUMBER,
    keys.RETRIES: _NUMBER,
    keys.TIMEOUT: _NUMBER,
    keys.PROGRESS: "live|plain",
    keys.LOG: "debug",
}
_HUAWEI = re.compile(rf"(roma|iam)\.({_REGION})\.myhuaweicloud\.(com|eu)")
_VERSION = re.compile(r"v?[0-9]+(\.[0-9]+){1,3}([-+.][0-9A-Za-z]{1,12})*")


@dataclass(frozen=True)
class Row:
    """A line of a table: what it is about, and what is said."""

    name: str
    said: str


@dataclass(frozen=True)
class Report:
    """The report, table by table."""

    versions: list[Row]
    settings: list[Row]
    reached: list[Row]
    checks: list[Row]
    journal: list[Row]

    def as_json(self) -> dict[str, Any]:
        """For ``--json``."""
        return asdict(self)

    def as_text(self) -> str:
        """In Markdown, as an issue shows it."""
        parts = ["### roma doctor --report"]
        for title, rows in (
            ("Versions", self.versions),
            ("Settings that are set", self.settings),
            ("Reached", self.reached),
            ("Checks", self.checks),
            ("Journal of this machine", self.journal),
        ):
            lines = [f"| {row.name} | {row.said} |" for row in rows] or ["| none | |"]
            parts.append("\n".join([f"**{title}**", "", "| | |", "|---|---|", *lines]))
        return "\n\n".join([*parts, "No secret, id, name, path and no text of a server's is in here."])


def report(session: Session, findings: Findings, region: str | None) -> Report:
    """Make it. IAM is asked for the region's project, by GET; all else is known from the findings."""
    checks = [Row(check.name, f"{'ok' if check.ok else 'FAIL'}: {_said(check.plain)}") for check in findings.checks]
    serious = sum(entry.serious for entry in findings.deviations)
    told = f"{len(findings.deviations)} fields differ from the models, {serious} of them cannot be read"
    return Report(
        list(_versions()),
        [*_options(region), *_settings(session)],
        list(_reached(session, findings, region)),
        [*checks, Row("fields", told)],
        list(_journal(session)),
    )


def _said(plain: str) -> str:
    return plain or "given"


def _versions() -> Iterator[Row]:
    yield Row("Python", f"{platform.python_implementation()} {platform.python_version()}")
    yield Row("system", f"{platform.system()} {platform.machine()}")
    yield Row("Pulumi CLI", _cli())
    for name in PACKAGES:
        try:
            yield Row(name, _number(version(name)))
        except PackageNotFoundError:
            yield Row(name, "not installed")


def _cli() -> str:
    """What `pulumi version` says, if it is one."""
    program = shutil.which("pulumi")
    if program is None:
        return "not on PATH"
    environment = {**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true"}
    try:
        said = subprocess.run(  # noqa: S603 - the user's own, which every `up` runs
            [program, "version"], capture_output=True, text=True, timeout=VERSION_SECONDS, env=environment, check=False
        ).stdout
    except (OSError, ValueError, subprocess.SubprocessError):
        return "on PATH, and does not start"
    return _number(said.strip())


def _number(text: str) -> str:
    return text if _VERSION.fullmatch(text) else "does not say its version"


def _options(region: str | None) -> Iterator[Row]:
    if region is not None:
        yield Row("--region", _value(keys.REGION, region))


def _settings(session: Session) -> Iterator[Row]:
    """By its name in the environment, since that is where `roma` reads; a secret's place, and never its value."""
    environment = session.settings.environment
    for key in SETTINGS:
        variable = session.settings.variable(key)
        if variable is not None:
            yield Row(variable, _value(key, environment[variable].strip()))
    for refusal in REFUSED:
        if refusal.reason(environment) is not None:
            yield Row(refusal.variable, "set, and not honoured")
    for name in BESIDE:
        if environment.get(name) or environment.get(name.lower()):
            yield Row(name, SET)
    yield Row("sign-in", _sign_in(session))


def _value(key: Key, value: str) -> str:
    if key.secret:
        return SECRET
    if key in (keys.ENDPOINT, keys.AUTH_URL):
        return _host(value)
    shape = _SHOWN.get(key)
    return value if shape is not None and re.fullmatch(shape, value) else SET


def _sign_in(session: Session) -> str:
    try:
        found = session.sign_in.found()
    except InputError as error:
        return plain_error(error)
    where = found.where if found.where in (ENVIRONMENT, CONFIG) else "a file of credentials"
    return f"{found.way.value} from {where}{'' if found.agency is None else ', and an agency'}"


def _host(url: str) -> str:
    """The host of an address, where everybody knows it."""
    try:
        host = urlsplit(url).hostname or ""
        if is_loopback(host):
            return "this machine"
    except ValueError:
        return "not an address"
    return host if _HUAWEI.fullmatch(host) else "a host of your own"


def _reached(session: Session, findings: Findings, region: str | None) -> Iterator[Row]:
    place = region or session.settings.get(keys.REGION)
    if place is None:
        yield Row("ROMA Connect", "not asked: no region is given")
        yield Row("IAM", "not asked: no region is given")
        return
    asked = next((check for check in findings.checks if check.name == "list_instances"), None)
    yield Row(
        f"ROMA Connect, {_address(lambda: session.settings.endpoint(place))}", asked.plain if asked else "not asked"
    )
    try:
        address = _address(lambda: session.settings.auth_url(place, session.sign_in.found()))
    except InputError as error:
        yield Row("IAM", f"not asked: {plain_error(error)}")
        return
    yield Row(f"IAM, {address}", _iam(session, place))


def _address(find: Any) -> str:
    try:
        return _host(find())
    except InputError:
        return "not an address"


def _iam(session: Session, region: str) -> str:
    try:
        session.sign_in.find_project(region)
    except InputError as error:
        # Its own words are about projects; of a setting they are about that.
        return (
            "answered; the region's project is not to be told" if error.key == keys.PROJECT.name else plain_error(error)
        )
    except RomaError as error:
        return plain_error(error)
    return "answered; the region has one project"


def _journal(session: Session) -> Iterator[Row]:
    environment = session.settings.environment
    chosen = next((name for name in (keys.JOURNAL.variable, "XDG_STATE_HOME") if environment.get(name)), None)
    yield Row("folder", f"from {chosen}" if chosen else "the usual one")
    counts = Counter(entry.stage.value for entry in session.journal.entries())
    for stage, count in sorted(counts.items()):
        yield Row(stage, str(count))
    yield Row("files that this version cannot read", str(session.journal.unread()))
