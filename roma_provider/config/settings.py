"""Where to talk to and as whom: argument > stack config > environment; secrets from the environment first.

| stack config          | environment                    | what it is                                       |
|-----------------------|--------------------------------|--------------------------------------------------|
| `roma:region`         | `HW_REGION_NAME`               | region of the instances, such as cn-north-4      |
| `roma:projectId`      | `HW_PROJECT_ID`                | id of the project; default: the region's own     |
|                       | `HUAWEICLOUD_SDK_PROJECT_ID`   |                                                  |
| `roma:endpoint`       | `ROMA_ENDPOINT`                | instead of https://roma.REGION.CLOUD             |
| `roma:authUrl`        | `HW_AUTH_URL`                  | instead of https://iam.REGION.CLOUD, with or     |
|                       | `HUAWEICLOUD_SDK_IAM_ENDPOINT` | without /v3                                      |
| `roma:cloud`          | `HW_CLOUD`                     | CLOUD (myhuaweicloud.com; .eu for eu-west-1…)    |
| `roma:productIds`     |                                | JSON object from edition to product id           |
| `roma:pollSeconds`    | `ROMA_POLL_SECONDS`            | seconds between two questions in a wait (5)      |
| `roma:maxRetries`     | `HW_MAX_RETRIES`               | repetitions of a call outside a wait (5)         |
| `roma:timeoutSeconds` | `ROMA_TIMEOUT_SECONDS`         | seconds that one call may take (30)              |

The ways to sign in are in ``credentials``. The variables are those of Huawei's own Terraform and Pulumi
providers and of its SDKs.
"""

from __future__ import annotations

import json
import os
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import TYPE_CHECKING, TypeVar

from ..clock import Clock
from ..errors import InputError, RomaApiError, RomaError
from . import credentials
from .credentials import Found, Way
from .keys import (
    ACCESS_KEY,
    AUTH_URL,
    CLOUD,
    DOMAIN_NAME,
    ENDPOINT,
    POLL,
    PRODUCTS,
    PROGRESS,
    PROJECT,
    REGION,
    RETRIES,
    SECRET_KEY,
    SECRETS,
    SECURITY_TOKEN,
    TIMEOUT,
    TOKEN,
    USER_NAME,
    USER_PASSWORD,
    Key,
)

if TYPE_CHECKING:
    from ..api.auth import Auth
    from ..api.client import RomaClient
    from ..api.transport import Limits

__all__ = ["ENDPOINT", "POLL", "PRODUCTS", "PRODUCT_IDS", "PROJECT", "REGION", "SECRETS", "TOKEN", "Key", "Settings"]

POLL_SECONDS = 5.0
# A signature counts for 15 minutes; a third of that is no doubt about which clock is to be set.
SKEW_SECONDS = 300.0

# Product ids of the editions, from Huawei's Terraform provider for Cloud Stack. They differ by environment
# (the public cloud's examples begin with 00400), so that `roma:productIds` can say otherwise.
PRODUCT_IDS: Mapping[str, str] = {
    "basic": "00300-30101-0--0",
    "professional": "00300-30102-0--0",
    "enterprise": "00300-30103-0--0",
    "platinum": "00300-30104-0--0",
    "platinumXB": "00300-30105-0--0",
}

# As in Huawei's Terraform provider.
CLOUD_OF_EUROPE = ("eu-west-1", "myhuaweicloud.eu")

LIVE, PLAIN = "live", "plain"

Made = TypeVar("Made")


def live_wish(environment: Mapping[str, str]) -> bool | None:
    """Whether the environment asks for a live status; None where it does not say. InputError for another word."""
    word = environment.get(PROGRESS.variable, "").strip()
    if word not in ("", LIVE, PLAIN):
        raise InputError(PROGRESS.variable, f"write {LIVE} or {PLAIN}, not {word!r}; unset, the terminal decides")
    return word == LIVE if word else None


class _Shared:
    """What is made once in a process, whoever asks for it, and remembered with its outcome, good or bad."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._made: dict[tuple[object, ...], Callable[[], object]] = {}

    def get(self, key: tuple[object, ...], make: Callable[[], Made]) -> Made:
        """``make``'s result for ``key``; the others wait while the first makes it."""
        with self._lock:
            if key not in self._made:
                try:
                    result = make()
                except RomaError as error:
                    self._made[key] = _raises(error)
                else:
                    self._made[key] = lambda: result
            made = self._made[key]
        return made()  # type: ignore[return-value]

    def forget(self) -> None:
        """As in a process that begins."""
        with self._lock:
            self._made.clear()


def _raises(error: RomaError) -> Callable[[], object]:
    def again() -> object:
        raise error.again()

    return again


shared_auths = _Shared()
shared_projects = _Shared()


@dataclass(frozen=True)
class Settings:
    """The settings of one call. ``config`` reads a key of the stack config, such as ``roma:region``."""

    config: Callable[[str], str | None]
    environment: Mapping[str, str]
    clock: Clock = field(default_factory=Clock, kw_only=True)

    @classmethod
    def of(cls, config: Callable[[str], str | None]) -> Settings:
        return cls(config, os.environ)

    # --- single values -------------------------------------------------------------------------------------

    def from_config(self, key: Key) -> str | None:
        return (self.config(key.config) or "").strip() or None

    def from_environment(self, key: Key) -> str | None:
        variable = self._variable(key)
        return self.environment[variable].strip() if variable else None

    def _variable(self, key: Key) -> str | None:
        return next((name for name in key.variables if self.environment.get(name, "").strip()), None)

    def get(self, key: Key) -> str | None:
        """The value of a setting, from the place that comes first for its kind."""
        places = [self.from_environment(key), self.from_config(key)]
        return next(filter(None, places if key.secret else reversed(places)), None)

    def source(self, key: Key) -> str:
        """Where the value of a setting that is no secret was found: its key, or its variable."""
        return (None if self.from_config(key) else self._variable(key)) or key.config

    def product_ids(self) -> dict[str, str]:
        """Edition to product id."""
        text = self.config(PRODUCTS)
        if not text:
            return dict(PRODUCT_IDS)
        shape = 'write a JSON object from edition to product id, such as {"basic": "00400-30101-0--0"}'
        try:
            table = json.loads(text)
        except (ValueError, RecursionError):
            raise InputError(PRODUCTS, shape) from None
        if not isinstance(table, dict) or not all(isinstance(id_, str) and id_.strip() for id_ in table.values()):
            raise InputError(PRODUCTS, shape)
        return {**PRODUCT_IDS, **table}

    def _seconds(self, key: Key, least: float, most: float) -> float | None:
        text = self.get(key)
        if text is None:
            return None
        try:
            seconds = float(text)
        except ValueError:
            seconds = -1.0
        if not least <= seconds <= most:
            say = f"write seconds from {least:g} to {most:g}, such as {key.example}, not {text!r}"
            raise InputError(self.source(key), say)
        return seconds

    def poll_seconds(self) -> float:
        """Seconds between two questions in a wait."""
        return self._seconds(POLL, 0.05, 300) or POLL_SECONDS

    def limits(self) -> Limits:
        """How often a call is repeated, and how long it may take."""
        from ..api.transport import Limits

        usual = Limits()
        retries = self.get(RETRIES)
        if retries is not None and not re.fullmatch(r"[0-9]|10", retries):
            raise InputError(self.source(RETRIES), f"write a whole number from 0 to 10, such as 5, not {retries!r}")
        return Limits(
            max_retries=usual.max_retries if retries is None else int(retries),
            timeout_seconds=self._seconds(TIMEOUT, 1, 600) or usual.timeout_seconds,
        )

    # --- where ---------------------------------------------------------------------------------------------

    def _cloud(self, region: str) -> str:
        cloud = self.get(CLOUD)
        if cloud is None:
            prefix, europe = CLOUD_OF_EUROPE
            return europe if region.startswith(prefix) else CLOUD.example
        if not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", cloud.lower()):
            raise InputError(self.source(CLOUD), f"write a domain, such as {CLOUD.example}, not {cloud!r}")
        return cloud.lower()

    def endpoint(self, region: str) -> str:
        """The address of ROMA Connect in a region."""
        from ..api.transport import checked_endpoint

        endpoint = self.get(ENDPOINT) or f"https://roma.{region}.{self._cloud(region)}"
        return checked_endpoint(endpoint, self.source(ENDPOINT))

    def auth_url(self, region: str) -> str:
        """The address of IAM for a region, without /v3."""
        from ..api.transport import checked_endpoint

        url, source = self.get(AUTH_URL), self.source(AUTH_URL)
        if url is None:
            found = self._found()
            url, source = found.auth_url, f"iam_endpoint of {found.where}"
        url = url or f"https://iam.{region}.{self._cloud(region)}"
        return checked_endpoint(re.sub(r"/+(v3/*)?$", "", url), source)

    def surrounding(self, key: Key) -> tuple[str | None, str]:
        """The value of a setting that is neither an argument's nor the stack config's, and what it was found in:
        the environment, or for a project id the credentials file, if that is the way in."""
        value = self.from_environment(key)
        if value is None and key == PROJECT:
            try:
                found = self._found()
            except InputError:
                return None, key.variable  # told where the way in is checked
            return found.project_id, f"project_id of {found.where}"
        return value, self._variable(key) or key.variable

    def find_project(self, region: str) -> str:
        """The id of the project that is called as the region is, by IAM; asked at most once in a process.

        InputError where there is none or there are several; RomaApiError or RomaConnectionError where IAM cannot
        say.
        """
        from ..api.iam import find_project

        found, url = self._found(), self.auth_url(region)
        auth, limits = self.credentials(region=region), self.limits()
        # A failure too is remembered: asking again for each instance of a program could lock the key.
        return shared_projects.get(
            (url, region, *_identity(found)), lambda: find_project(url, auth, region, limits=limits, clock=self.clock)
        )

    def project_id(self, region: str) -> str:
        """The project id that a call without one is about; looked up where it is not given."""
        return self.from_config(PROJECT) or self.surrounding(PROJECT)[0] or self.find_project(region)

    # --- as whom -------------------------------------------------------------------------------------------

    def _found(self) -> Found:
        return credentials.find(self.config, self.environment)

    def credentials(self, region: str | None = None, project_id: str | None = None) -> Auth:
        """The way in, for one project, or with a region alone for what IAM is asked about that region.

        One object in a process for the same way and project, so that all who wait share one renewal. InputError
        where there is none, or where it is not whole.
        """
        from ..api.auth import TokenAuth
        from ..api.iam import PasswordAuth
        from ..api.signing import AkSkAuth

        found = self._found()
        if found.way is Way.TOKEN:
            return shared_auths.get(_identity(found), lambda: TokenAuth(found.value(TOKEN)))
        if found.way is Way.KEYS:
            return shared_auths.get(
                (*_identity(found), project_id),
                lambda: AkSkAuth(
                    found.value(ACCESS_KEY),
                    found.value(SECRET_KEY),
                    found.values.get(SECURITY_TOKEN),
                    project_id,
                    clock=self.clock,
                ),
            )
        region = region or self.get(REGION)
        if region is None:
            raise InputError(REGION.config, REGION.missing("region"))
        url, limits = self.auth_url(region), self.limits()
        return shared_auths.get(
            (*_identity(found), url, project_id or region),
            lambda: PasswordAuth(
                url,
                found.value(USER_NAME),
                found.value(USER_PASSWORD),
                found.value(DOMAIN_NAME),
                project_id=project_id,
                region=region,
                limits=limits,
                clock=self.clock,
            ),
        )

    def way_in(self) -> str:
        """Which way in is used, and where its parts came from; no values. InputError as for `credentials`."""
        found = self._found()
        return f"signing in with {found.way.value} from {found.source}"

    def sign_in_hints(self, error: RomaApiError, now: float) -> list[str]:
        """What to say to an answer that refuses the sign-in. ``now`` is this machine's time, in epoch seconds."""
        hints = [self.sign_in_hint()]
        try:
            signed = self._found().way is Way.KEYS
        except InputError:
            signed = False
        server = error.server_date
        if signed and server is not None and abs(now - server) > SKEW_SECONDS:
            wrong = f"{abs(now - server) / 60:.0f} min {'ahead' if now > server else 'behind'}"
            hints.insert(
                0,
                f"this machine's clock says {_spelled(now)}, the server's {_spelled(server)}: it is {wrong}, and a "
                "signature counts for 15 minutes only; set the clock",
            )
        return hints

    def sign_in_hint(self) -> str:
        """Which settings an answer is about that refuses the sign-in; never their values."""
        try:
            found = self._found()
        except InputError as error:
            return f"the sign-in was refused: {error}"
        refused = "the sign-in was refused"
        if found.way is Way.TOKEN:
            return (
                f"{refused}: the token came from {found.source}; it may have expired (after 24 hours) or be "
                f"another project's. Get a new one and set {TOKEN.variable}, or {TOKEN.config} with --secret"
            )
        if found.way is Way.PASSWORD:
            return (
                f"{refused}: user name, password and account name came from {found.source}. They must be those of "
                "an IAM user (a HUAWEI ID gets no token); repeated wrong passwords lock the user"
            )
        said = f"{refused}: AK/SK came from {found.source}."
        if SECURITY_TOKEN in found.values:
            return f"{said} Temporary keys expire, at the latest after 24 hours: get new ones, all three together"
        return (
            f"{said} Check that the two belong together and are active; temporary keys need their security token "
            "too. Five wrong signatures in a row lock a key for five minutes"
        )

    def client(self, region: str, project_id: str) -> RomaClient:
        """A client for the instances of one project; InputError where no way to sign in is given."""
        from ..api.client import RomaClient
        from ..api.transport import Transport

        auth = self.credentials(region, project_id)
        return RomaClient(Transport(self.endpoint(region), auth, self.limits(), self.clock), project_id)


def _identity(found: Found) -> tuple[object, ...]:
    return (found.way, *((key.config, value) for key, value in sorted(found.values.items(), key=_config_key)))


def _config_key(entry: tuple[Key, str]) -> str:
    return entry[0].config


def _spelled(moment: float) -> str:
    return f"{datetime.fromtimestamp(moment, tz=timezone.utc):%Y-%m-%d %H:%M:%S} UTC"
