"""Which way to sign in is configured, and where: environment, then stack config, then the file of Huawei's SDKs.

In each place the order is token, AK/SK, IAM user and password. With any of them an agency can be assumed, which is
found in the same way. A variable of Huawei's own tools that would say otherwise, and is not honoured, is refused.

The environment comes first whatever the way, because a plain ``pulumi refresh`` or ``destroy`` sees the config of the
last ``up``, whose token may have expired long ago. All parts of one way come from one place: the access key of one
account with the secret key of another would only be refused, and five refusals lock the key.
"""

from __future__ import annotations

import configparser
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path

from ..errors import InputError
from . import keys
from .keys import Key

FILE = keys.CREDENTIALS_FILE.variable
DEFAULT_FILE = str(keys.CREDENTIALS_FILE.default)
SECTION = "basic"
ENVIRONMENT = "the environment"
CONFIG = "the stack config"
_SHAPE = f"write the lines `[{SECTION}]`, `ak = …` and `sk = …`"

_VARIABLES = (
    f"environment variables {keys.ACCESS_KEY.variable} and {keys.SECRET_KEY.variable}; environment variable "
    f"{keys.TOKEN.variable}; environment variables {keys.USER_NAME.variable}, {keys.USER_PASSWORD.variable} and "
    f"{keys.DOMAIN_NAME.variable}"
)
_IN_FILE = f"or ak and sk in section [{SECTION}] of the file {DEFAULT_FILE}"
NONE_GIVEN = (
    f"no way to sign in is given; set one of: {_VARIABLES}; the same in the stack config, such as "
    f"`{keys.TOKEN.command}`; {_IN_FILE}; or {keys.TOKEN.provider_input}"
)
NONE_GIVEN_IN_SHELL = f"no way to sign in is given; set one of: {_VARIABLES}; {_IN_FILE}. No stack config is read here"


class SignInMissing(InputError):
    """There is no way to sign in, or a part of one is missing. No call can be made; what needs none goes on."""


class Way(Enum):
    """A way to sign in; its value is what people call it."""

    TOKEN = "an IAM token"  # noqa: S105
    KEYS = "AK/SK"
    PASSWORD = "user name and password"  # noqa: S105
    AGENCY = "an agency"


@dataclass(frozen=True)
class Found:
    """A way to sign in that is whole. ``names`` are those of its parts in their place ``where``.

    ``project_id`` and ``auth_url`` are the file's: they belong to its keys, and count with these alone. ``agency`` is
    what is assumed with this way to sign in.
    """

    way: Way
    where: str
    names: Mapping[Key, str]
    values: Mapping[Key, str] = field(repr=False)
    project_id: str | None = None
    auth_url: str | None = None
    agency: Found | None = None

    @property
    def source(self) -> str:
        """Where it came from; without any value."""
        names = ", ".join(self.names.values())
        if self.where == ENVIRONMENT:
            return f"environment variable{'s' if len(self.names) > 1 else ''} {names}"
        if self.where == CONFIG:
            return f"{names} of the stack config (`refresh` and `destroy` see that of the last `up`)"
        return f"{names} of {self.where}"

    def value(self, key: Key) -> str:
        return self.values[key]


def find(config: Callable[[str], str | None], environment: Mapping[str, str]) -> Found:
    """The way to sign in that comes first, with the agency to assume.

    SignInMissing if there is no way to sign in, or if one of the two is not whole; InputError for a value that cannot
    be one, a file that cannot be read, or a variable that is not honoured. With ``keys.no_stack`` no message names
    stack config.
    """
    for refusal in keys.REFUSED:
        reason = refusal.reason(environment)
        if reason is not None:
            raise InputError(refusal.variable, reason)

    def elsewhere(key: Key) -> str | None:
        """Where a part is given, should it be the one that is missing in its own place."""
        variable = next((name for name in key.variables if environment.get(name, "").strip()), None)
        return variable or (key.name if (config(key.name) or "").strip() else None)

    def first(places: Iterable[_Place]) -> Found | None:
        read = (place.read(environment.get if place.where == ENVIRONMENT else config, elsewhere) for place in places)
        return next((found for found in read if found is not None), None)

    found = first(PLACES) or _file(environment)
    if found is None:
        if config is keys.no_stack:
            raise SignInMissing(keys.TOKEN.variable, NONE_GIVEN_IN_SHELL)
        raise SignInMissing(keys.TOKEN.name, NONE_GIVEN)
    return replace(found, agency=first(AGENCY_PLACES))


@dataclass(frozen=True)
class _Place:
    """Where one way to sign in may be: the names of its parts there. ``needed`` parts make it whole; any of ``telling``
    says that it was meant."""

    way: Way
    where: str
    parts: Mapping[Key, str]
    needed: tuple[Key, ...]
    telling: tuple[Key, ...]

    def read(self, get: Callable[[str], str | None], elsewhere: Callable[[Key], str | None]) -> Found | None:
        """The way to sign in that is configured here; None if there is no sign of it; SignInMissing if it is not
        whole."""
        values = {key: value for key, name in self.parts.items() if (value := _clean(key, get(name)))}
        told = [self.parts[key] for key in self.telling if key in values]
        if not told:
            return None
        for key in self.needed:
            if key not in values:
                raise SignInMissing(self.parts[key], self._half(key, told, elsewhere(key)))
        for key, value in values.items():
            _check_value(key, self.parts[key], self.where, value)
        return Found(self.way, self.where, {key: self.parts[key] for key in values}, values)

    def _half(self, key: Key, told: list[str], other: str | None) -> str:
        name, given = self.parts[key], " and ".join(told)
        are = "is" if len(told) == 1 else "are"
        if self.where == ENVIRONMENT:
            remedy = f"set environment variable {name} too, or unset {given}"
        elif self.where == CONFIG:
            remedy = f"run `{key.command}` too, or `pulumi config rm` for {given}"
        else:
            remedy = f"write {name} = … under [{SECTION}] too"
        unmixed = f"; {other} does not go with it, since all parts come from one place" if other else ""
        return f"no {key.what} is given, while {given} {are} set in {self.where}{unmixed}; {remedy}"


_KEYS = (keys.ACCESS_KEY, keys.SECRET_KEY, keys.SECURITY_TOKEN)
_USER = (keys.USER_NAME, keys.USER_PASSWORD, keys.DOMAIN_NAME)
_AGENCY = (keys.AGENCY_NAME, keys.AGENCY_DOMAIN_NAME)


def _places() -> Iterator[_Place]:
    """Every place of every way but the file, in the order in which they are tried."""
    for where in (ENVIRONMENT, CONFIG):
        environment = where == ENVIRONMENT
        for way, parts, needed in (
            (Way.TOKEN, (keys.TOKEN,), (keys.TOKEN,)),
            (Way.KEYS, _KEYS, _KEYS[:2]),
            (Way.PASSWORD, _USER, _USER),
        ):
            for spelling in range(len(parts[0].variables) if environment else 1):
                names = {key: key.variables[spelling] if environment else key.name for key in parts}
                # The account's name alone is set by many who sign in otherwise.
                telling = tuple(key for key in parts if key != keys.DOMAIN_NAME)
                yield _Place(way, where, names, needed, telling)


PLACES = tuple(_places())
AGENCY_PLACES = tuple(
    _Place(
        Way.AGENCY,
        where,
        {key: key.variable if where == ENVIRONMENT else key.name for key in _AGENCY},
        needed=_AGENCY,
        telling=_AGENCY,
    )
    for where in (ENVIRONMENT, CONFIG)
)


def _clean(key: Key, value: str | None) -> str | None:
    """Without the blanks that copying adds; a password may have its own."""
    text = value or ""
    return (text.strip("\r\n") if key == keys.USER_PASSWORD and text.strip() else text.strip()) or None


def _check_value(key: Key, name: str, where: str, value: str) -> None:
    """Refuse what cannot be sent. Said without the value: whatever it is, it was meant as a secret."""
    if key in (*_USER, *_AGENCY):
        return  # these are sent as JSON, which holds everything
    # The access key stands between commas in the Authorization header.
    if not re.fullmatch(r"[\x21-\x2b\x2d-\x7e]+" if key == keys.ACCESS_KEY else r"[\x21-\x7e]+", value):
        what = "a token" if key == keys.TOKEN else f"a{'n' if key == keys.ACCESS_KEY else ''} {key.what}"
        raise InputError(
            keys.TOKEN.name if key == keys.TOKEN else name,
            f"{what} is one word of visible ASCII characters; copy it again"
            + ("" if where in (ENVIRONMENT, CONFIG) else f" (in {where})"),
        )


def _file(environment: Mapping[str, str]) -> Found | None:
    """The keys in the file of Huawei's SDKs; None if nobody named one and there is none at the usual place."""
    named = environment.get(FILE, "").strip()
    home = environment.get("HOME") or environment.get("USERPROFILE")
    if not named and not home:
        return None
    path = Path(named or DEFAULT_FILE)
    if str(path).startswith("~") and home:
        path = Path(home, *path.parts[1:])
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        if not named:
            return None
        raise InputError(FILE, f"there is no file {path}; write the path of one, or unset {FILE}") from None
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or "it is not UTF-8 text"
        raise InputError(str(path), f"this file of credentials cannot be read: {reason}") from None
    section = _section(path, text)
    names = dict(zip(_KEYS, ("ak", "sk", "security_token"), strict=True))
    found = _Place(Way.KEYS, f"file {path}", names, _KEYS[:2], _KEYS[:2]).read(section.get, lambda _key: None)
    if found is None:
        raise InputError(str(path), f"section [{SECTION}] holds no keys; {_SHAPE}")
    more = {name: (section.get(name) or "").strip() or None for name in ("project_id", "iam_endpoint")}
    return Found(found.way, found.where, found.names, found.values, more["project_id"], more["iam_endpoint"])


def _section(path: Path, text: str) -> Mapping[str, str]:
    # A secret key may hold a percent sign.
    parser = configparser.ConfigParser(interpolation=None, default_section="")
    try:
        parser.read_string(text)
    except configparser.Error as error:
        # Without the parser's own words, which quote the line.
        line = getattr(error, "lineno", None) or next((entry[0] for entry in getattr(error, "errors", ())), None)
        at = f" (line {line})" if line else ""
        raise InputError(str(path), f"this file of credentials is not an INI file{at}; {_SHAPE}") from None
    if not parser.has_section(SECTION):
        raise InputError(str(path), f"this file of credentials has no section [{SECTION}]; {_SHAPE}")
    return parser[SECTION]
