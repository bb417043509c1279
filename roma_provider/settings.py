"""Where to talk to and as whom: argument > stack config > environment; secrets from the environment first.

| stack config      | environment      | what it is                                                     |
|-------------------|------------------|----------------------------------------------------------------|
| `roma:region`     | `HW_REGION_NAME` | region of the instances, such as cn-north-4                    |
| `roma:projectId`  | `HW_PROJECT_ID`  | id of the Huawei Cloud project (16–128 characters)             |
| `roma:token`      | `HW_AUTH_TOKEN`  | an IAM token of that project; secret                           |
| `roma:endpoint`   | `ROMA_ENDPOINT`  | instead of https://roma.REGION.myhuaweicloud.com               |
| `roma:productIds` |                  | JSON object from edition to product id, over the built-in table |
| `roma:pollSeconds`| `ROMA_POLL_SECONDS` | seconds between two questions in a wait (default 5)         |

The variables are those of Huawei's own Terraform and Pulumi providers. Secrets come from the environment
first, because a plain ``pulumi refresh`` or ``destroy`` sees the config of the last ``up``.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .errors import InputError

if TYPE_CHECKING:
    from .api.client import RomaClient

POLL_SECONDS = 5.0

# Product ids of the editions, from Huawei's Terraform provider for Cloud Stack. They differ by environment
# (the public cloud's examples begin with 00400), so that `roma:productIds` can say otherwise.
PRODUCT_IDS: Mapping[str, str] = {
    "basic": "00300-30101-0--0",
    "professional": "00300-30102-0--0",
    "enterprise": "00300-30103-0--0",
    "platinum": "00300-30104-0--0",
    "platinumXB": "00300-30105-0--0",
}


@dataclass(frozen=True)
class Key:
    """A setting: its key in stack config, its environment variable, and an example of a value."""

    config: str
    variable: str
    example: str
    what: str
    secret: bool = False

    def missing(self, argument: str | None = None) -> str:
        """What to write where this setting was found nowhere."""
        flag = "--secret " if self.secret else ""
        ways = [f"argument {argument}"] if argument else []
        ways += [
            f"`pulumi config set {flag}{self.config} {self.example}`",
            f"environment variable {self.variable}",
        ]
        return f"no {self.what} is given; set one of: {', '.join(ways)}"


REGION = Key("roma:region", "HW_REGION_NAME", "cn-north-4", "region")
PROJECT = Key("roma:projectId", "HW_PROJECT_ID", "c29445cce74b445682de4fcf3102cec4", "project id")
TOKEN = Key("roma:token", "HW_AUTH_TOKEN", "MIIE…", "IAM token", secret=True)
ENDPOINT = Key("roma:endpoint", "ROMA_ENDPOINT", "https://roma.cn-north-4.myhuaweicloud.com", "endpoint")
POLL = Key("roma:pollSeconds", "ROMA_POLL_SECONDS", "5", "pause between two polls")
PRODUCTS = "roma:productIds"

SECRETS = (TOKEN,)


@dataclass(frozen=True)
class Settings:
    """The settings of one call. ``config`` reads a key of the stack config, such as ``roma:region``."""

    config: Callable[[str], str | None]
    environment: Mapping[str, str]

    @classmethod
    def of(cls, config: Callable[[str], str | None]) -> Settings:
        return cls(config, os.environ)

    def from_config(self, key: Key) -> str | None:
        return (self.config(key.config) or "").strip() or None

    def from_environment(self, key: Key) -> str | None:
        return (self.environment.get(key.variable) or "").strip() or None

    def get(self, key: Key) -> str | None:
        """The value of a setting, from the place that comes first for its kind."""
        places = [self.from_environment(key), self.from_config(key)]
        return next(filter(None, places if key.secret else reversed(places)), None)

    def source(self, key: Key) -> str:
        """Where the value of a setting that is no secret was found: its key, or its variable."""
        return key.variable if self.from_config(key) is None and self.from_environment(key) else key.config

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

    def poll_seconds(self) -> float:
        """Seconds between two questions in a wait."""
        text = self.get(POLL)
        if text is None:
            return POLL_SECONDS
        try:
            seconds = float(text)
        except ValueError:
            seconds = 0.0
        if not 0.05 <= seconds <= 300:
            raise InputError(self.source(POLL), f"write seconds from 0.05 to 300, such as 5, not {text!r}")
        return seconds

    def endpoint(self, region: str) -> str:
        """The address of ROMA Connect in a region."""
        from .api.transport import checked_endpoint

        endpoint = self.get(ENDPOINT) or f"https://roma.{region}.myhuaweicloud.com"
        return checked_endpoint(endpoint, self.source(ENDPOINT))

    def token(self) -> str:
        """The token; InputError if there is none, or it cannot be one."""
        token = self.get(TOKEN)
        if token is None:
            raise InputError(TOKEN.config, TOKEN.missing())
        if not re.fullmatch(r"[\x21-\x7e]+", token):
            # Said without the value: whatever it is, it was meant as a secret.
            raise InputError(TOKEN.config, "a token is one word of visible ASCII characters; copy it again")
        return token

    def sign_in_hint(self) -> str:
        """Which setting an answer is about that refuses the sign-in; never its value."""
        if self.from_environment(TOKEN) is not None:
            place = f"environment variable {TOKEN.variable}"
        else:
            place = f"{TOKEN.config} of the stack config (`refresh` and `destroy` see that of the last `up`)"
        return (
            f"the sign-in was refused: the token came from {place}; it may have expired (after 24 hours) or be "
            f"another project's. Get a new one and set {TOKEN.variable}, or {TOKEN.config} with --secret"
        )

    def client(self, region: str, project_id: str) -> RomaClient:
        """A client for the instances of one project; InputError where no way to sign in is given."""
        from .api.auth import TokenAuth
        from .api.client import RomaClient
        from .api.transport import Transport

        return RomaClient(Transport(self.endpoint(region), TokenAuth(self.token())), project_id)
