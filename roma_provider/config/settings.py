"""The values of the settings: argument before stack config before environment; secrets from the environment first.

Values only: nothing here asks anybody, and importing it loads neither requests nor pydantic. Which settings there are
is in ``keys``; what is made of them to sign in, in ``sign_in``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..api.endpoint import checked_endpoint
from ..api.retry import Limits
from ..errors import InputError
from . import keys
from .credentials import Found
from .keys import Key

# As in Huawei's Terraform provider.
CLOUD_OF_EUROPE = ("eu-west-1", "myhuaweicloud.eu")

LIVE, PLAIN = "live", "plain"

POLL_SECONDS = 5.0


@dataclass(frozen=True)
class Adoption:
    """An instance that a resource (its name or URN) is to take over, and the setting that says so."""

    resource: str
    instance_id: str
    setting: str


@dataclass(frozen=True)
class Settings:
    """The settings of one configuration. ``config`` reads a key of the stack config, such as ``roma:region``.

    What a method says of a value that it refuses is an InputError, by the name under which the value was found.
    """

    config: Callable[[str], str | None]
    environment: Mapping[str, str]

    # --- any setting ---------------------------------------------------------------------------------------

    def from_config(self, key: Key) -> str | None:
        return ((self.config(key.config) if key.config else None) or "").strip() or None

    def from_environment(self, key: Key) -> str | None:
        variable = self.variable(key)
        return self.environment[variable].strip() if variable else None

    def variable(self, key: Key) -> str | None:
        """The variable that gives a setting its value; None if none of its variables does."""
        return next((name for name in key.variables if self.environment.get(name, "").strip()), None)

    def get(self, key: Key) -> str | None:
        """The value of a setting, from the place that comes first for its kind."""
        places = [self.from_environment(key), self.from_config(key)]
        return next(filter(None, places if key.secret else reversed(places)), None)

    def source(self, key: Key) -> str:
        """Where the value of a setting that is no secret was found: its key, or its variable."""
        return (None if self.from_config(key) else self.variable(key)) or key.name

    # --- where ---------------------------------------------------------------------------------------------

    def endpoint(self, region: str) -> str:
        """The address of ROMA Connect in a region."""
        endpoint = self.get(keys.ENDPOINT) or f"https://roma.{region}.{self._cloud(region)}"
        return checked_endpoint(endpoint, self.source(keys.ENDPOINT))

    def auth_url(self, region: str, found: Found) -> str:
        """The address of IAM for a region, without /v3: the setting's, or that of the file which ``found`` is from."""
        url, source = self.get(keys.AUTH_URL), self.source(keys.AUTH_URL)
        if url is None:
            url, source = found.auth_url, f"iam_endpoint of {found.where}"
        url = url or f"https://iam.{region}.{self._cloud(region)}"
        return checked_endpoint(re.sub(r"/+(v3/*)?$", "", url), source)

    def product_ids(self) -> dict[str, str]:
        """Edition to product id."""
        text = self.config(keys.PRODUCTS.name)
        if not text:
            return dict(keys.PRODUCT_IDS)
        shape = f"write a JSON object from edition to product id, such as {keys.PRODUCTS.example}"
        try:
            table = json.loads(text)
        except (ValueError, RecursionError):
            raise InputError(keys.PRODUCTS.name, shape) from None
        if not isinstance(table, dict) or not all(isinstance(id_, str) and id_.strip() for id_ in table.values()):
            raise InputError(keys.PRODUCTS.name, shape)
        return {**keys.PRODUCT_IDS, **table}

    def adoptions(self) -> dict[str, Adoption]:
        """Resource (its name or URN) to the instance that it is to take over. Each from the environment first, since
        that is the word for one run."""
        config, variable = str(keys.ADOPT.config), keys.ADOPT.variable
        text, wish = self.from_config(keys.ADOPT), (self.from_environment(keys.ADOPT) or "").strip()
        found: dict[str, Adoption] = {}
        if text is not None:
            say = f"write it by `pulumi config set --path {config}.RESOURCE ID`, as text"
            found |= _adoptions(config, _texts(config, text, say))
        if wish.startswith("{"):
            found |= _adoptions(
                variable, _texts(variable, wish, 'write RESOURCE=ID, or JSON such as {"RESOURCE": "ID"}')
            )
        else:
            found |= _adoptions(variable, dict(_pair(part) for part in wish.split(",") if part.strip()))
        return found

    # --- how -----------------------------------------------------------------------------------------------

    def poll_seconds(self) -> float:
        """Seconds between two looks, where none is told by a schedule."""
        return self.fixed_pause() or POLL_SECONDS

    def fixed_pause(self) -> float | None:
        """Seconds between two questions in a wait; None where nobody sets them, and the wait decides."""
        return None if self.get(keys.POLL) is None else self._seconds(keys.POLL, 0.05, 300)

    def calls(self) -> int:
        """The most calls to a host in five minutes."""
        text = self.get(keys.CALLS) or str(keys.CALLS.default)
        if not re.fullmatch(r"[0-9]{2,6}", text) or not 20 <= int(text) <= 100_000:
            say = f"write a whole number from 20 to 100000, such as {keys.CALLS.example}, not {text!r}"
            raise InputError(self.source(keys.CALLS), say)
        return int(text)

    def limits(self) -> Limits:
        """How often a call outside waits is repeated, and how long each attempt may take."""
        retries = self.get(keys.RETRIES)
        if retries is not None and not re.fullmatch(r"[0-9]|10", retries):
            say = f"write a whole number from 0 to 10, such as {keys.RETRIES.example}, not {retries!r}"
            raise InputError(self.source(keys.RETRIES), say)
        return Limits(int(retries or str(keys.RETRIES.default)), self._seconds(keys.TIMEOUT, 1, 600))

    def live_wish(self) -> bool | None:
        """Whether a live status is asked for; None where nobody says."""
        word = self.get(keys.PROGRESS)
        if word not in (None, LIVE, PLAIN):
            say = f"write {LIVE} or {PLAIN}, not {word!r}; unset, the terminal decides"
            raise InputError(keys.PROGRESS.name, say)
        return None if word is None else word == LIVE

    def journal(self) -> str | None:
        """The folder of the journal; None where nobody names one."""
        folder = self.get(keys.JOURNAL)
        if folder is not None and not Path(folder).is_absolute():
            raise InputError(
                keys.JOURNAL.name, f"write an absolute path, such as {keys.JOURNAL.example}, not {folder!r}"
            )
        return folder

    def log_wish(self) -> str:
        """The kind of log of calls that is asked for, "" for none; any word, since a wrong one is no error."""
        return (self.get(keys.LOG) or "").lower()

    # --- helpers -------------------------------------------------------------------------------------------

    def _cloud(self, region: str) -> str:
        cloud = self.get(keys.CLOUD)
        if cloud is None:
            prefix, europe = CLOUD_OF_EUROPE
            return europe if region.startswith(prefix) else str(keys.CLOUD.default)
        if not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", cloud.lower()):
            say = f"write a domain, such as {keys.CLOUD.example}, not {cloud!r}"
            raise InputError(self.source(keys.CLOUD), say)
        return cloud.lower()

    def _seconds(self, key: Key, least: float, most: float) -> float:
        text = self.get(key)
        if text is None:
            return float(str(key.default))
        try:
            seconds = float(text)
        except ValueError:
            seconds = -1.0
        if not least <= seconds <= most:
            say = f"write seconds from {least:g} to {most:g}, such as {key.example}, not {text!r}"
            raise InputError(self.source(key), say)
        return seconds


def _texts(key: str, text: str, say: str) -> dict[str, str]:
    """A JSON object of texts; InputError of ``key``, which says ``say``, for anything else."""
    try:
        table = json.loads(text)
    except (ValueError, RecursionError):
        table = None
    if not isinstance(table, dict) or not all(isinstance(value, str) for value in table.values()):
        raise InputError(key, say)
    return table


def _pair(part: str) -> tuple[str, str]:
    resource, _, instance_id = part.rpartition("=")
    if not resource.strip() or not instance_id.strip():
        raise InputError(keys.ADOPT.variable, f"write RESOURCE=ID, several with commas, not {part.strip()!r}")
    return resource.strip(), instance_id.strip()


def _adoptions(setting: str, table: Mapping[str, str]) -> dict[str, Adoption]:
    return {resource: Adoption(resource, instance_id, setting) for resource, instance_id in table.items()}
