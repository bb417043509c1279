"""What an account's answers hold without what is the account's own: secrets out, ids and names replaced.

What is kept has to look like what it is kept for: a word of a vocabulary, a time, a small number, an error's code.
All other texts are replaced, the same text by the same everywhere, and by one of the same shape, so that an id goes on
to be an id. A text that holds a known secret becomes ``[secret]``.
"""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Iterable
from typing import Any

SECRET = "[secret]"  # noqa: S105 # what stands for one
# Shorter ones are only taken out where they are the whole text.
LEAST_LENGTH = 4
MOST_ENTRIES, MOST_DEPTH, MOST_KEYS = 50, 12, 300

# Fields whose words say what something is, by their names without "_" and in small letters.
VOCABULARY = frozenset(
    [
        *("status", "taskstatus", "category", "chargetype", "chargingmode", "flavorid", "flavortype", "productid"),
        *("type", "engine", "engineversion", "cpuarch", "scope", "errorcode", "code", "speccode", "cryptotype"),
    ]
)
# Names of sub-services say what they are.
SERVICES = frozenset({"item[].name", "services[].name"})
_WORD = re.compile(
    r"[A-Za-z][A-Za-z_]{0,23}"
    r"|x86|x86_64|arm64|[0-9]{1,3}(\.[0-9]{1,3}){1,3}"
    r"|[a-z]{2,8}\.[a-z]{2,16}\.[0-9]{3}"  # roma.basic.001
    r"|[0-9]{5}-[0-9]{5}-[0-9]{1,2}--[0-9]"  # 00300-30101-0--0
)
_CODE = re.compile(r"[A-Za-z]{2,8}\.[0-9]{3,8}")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:?\d\d)?|\d\d:\d\d(:\d\d)?")
_KEY = re.compile(r"[A-Za-z][A-Za-z_]{0,39}|[A-Za-z][A-Za-z_]{0,20}[0-9]{1,2}[A-Za-z_]{0,20}")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_HEX = re.compile(r"[0-9a-f]{32}", re.IGNORECASE)
_JOB = "JOB-"
# Seconds and milliseconds of the years 2008 to 2100: times say nothing of an account.
_TIMES = (range(1_200_000_000, 4_102_444_800), range(1_200_000_000_000, 4_102_444_800_000))
MOST_NUMBER = 100_000


class Masking:
    """One for a file: what it has replaced once, it replaces in the same way again."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._secrets = sorted({secret for secret in secrets if secret}, key=len, reverse=True)
        self._known: dict[str, str] = {}
        self._counts: dict[str, int] = {}

    def body(self, value: Any) -> Any:
        """A JSON value without what is the account's own."""
        return self._value(value, "", 0)

    def identifier(self, text: str) -> str:
        """An id, or a name, as it stands in the file."""
        return self._replaced(text)

    def is_secret(self, text: str) -> bool:
        """Whether a text is a known secret, or holds one."""
        return any(text == one or (len(one) >= LEAST_LENGTH and one in text) for one in self._secrets)

    def _value(self, value: Any, path: str, depth: int) -> Any:
        if depth > MOST_DEPTH:
            return None
        if isinstance(value, dict):
            found: dict[str, Any] = {}
            for key, entry in list(value.items())[:MOST_KEYS]:
                name = self._key(key)
                found[name] = self._value(entry, f"{path}.{name}".lstrip("."), depth + 1)
            return found
        if isinstance(value, list):
            return [self._value(entry, f"{path}[]", depth + 1) for entry in value[:MOST_ENTRIES]]
        if isinstance(value, str):
            return self._text(value, path)
        return value if value is None or isinstance(value, bool) else self._number(value)

    def _key(self, key: str) -> str:
        if self.is_secret(key):
            return SECRET
        return key if _KEY.fullmatch(key) else self._numbered("key", key)

    def _number(self, number: float) -> float:
        """Small ones and times are kept; of another the count of its digits is."""
        if isinstance(number, float) and not number.is_integer():
            return round(number, 2) if abs(number) <= MOST_NUMBER else 1.5
        whole = int(number)
        if self.is_secret(str(whole)):
            return 1
        if abs(whole) <= MOST_NUMBER or any(whole in years for years in _TIMES):
            return number
        return int("1" * min(15, len(str(abs(whole)))))

    def _text(self, text: str, path: str) -> str:
        if self.is_secret(text):
            return SECRET
        if not text.strip("#") or _TIME.fullmatch(text) or re.fullmatch(r"[0-9]{1,5}", text):
            return text
        field = path.rpartition(".")[2].replace("_", "").removesuffix("[]").lower()
        if field in VOCABULARY and (_CODE.fullmatch(text) or _WORD.fullmatch(text)):
            return text
        if path in SERVICES and re.fullmatch(r"[a-z]{1,16}", text):
            return text
        if text.startswith(_JOB):
            return _JOB + self._replaced(text.removeprefix(_JOB))
        if text[0] == "[" and (inner := _list_of_texts(text)) is not None:
            return json.dumps([self._replaced(entry) for entry in inner[:MOST_ENTRIES]])
        return self._replaced(text)

    def _replaced(self, text: str) -> str:
        """The one of the same shape that stands for it."""
        if self.is_secret(text):
            return SECRET
        if text not in self._known:
            self._known[text] = self._new(text)
        return self._known[text]

    def _new(self, text: str) -> str:
        if _UUID.fullmatch(text):
            return f"00000000-0000-4000-8000-{self._count('uuid'):012x}"
        if _HEX.fullmatch(text):
            return f"{self._count('hex'):032x}"
        if re.fullmatch(r"[0-9]+", text):
            return "1" * min(15, len(text))
        try:
            version = ipaddress.ip_address(text).version
        except ValueError:
            return self._numbered("text", text)
        # Of the ranges that are for documentation.
        return f"192.0.2.{self._count('ip') % 256}" if version == 4 else f"2001:db8::{self._count('ip'):x}"

    def _numbered(self, kind: str, text: str) -> str:
        known = f"{kind} {text}"
        if known not in self._known:
            self._known[known] = f"{kind}-{self._count(kind)}"
        return self._known[known]

    def _count(self, kind: str) -> int:
        self._counts[kind] = self._counts.get(kind, 0) + 1
        return self._counts[kind]


def _list_of_texts(text: str) -> list[str] | None:
    """What ``/process`` writes as JSON in a text, such as zones."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, list) and all(isinstance(entry, str) for entry in found) else None
