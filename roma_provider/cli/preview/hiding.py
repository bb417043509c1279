"""What a comment must not hold: secrets, in whatever part of the document they are.

Pulumi writes "[secret]" in place of what is marked as a secret. Beside that are taken out: what the variables of this
shell hold that are known or named as secrets; properties with such a name, which a program may have forgotten to
mark; and the value in the engine's message about a bad property, which it does not blind.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ...config.keys import SECRETS

SECRET = "[secret]"  # noqa: S105 # the engine's own word
# Shorter values stand in too many other words.
LEAST_LENGTH = 8
# A key of the engine's, whose value marks an object of a state as a secret.
_MARK = "4dabf18193072939515e22adb298388d"
_NAME = re.compile(
    r"passw(or)?d|passphrase|secret|token|credential|(access|private|api|account|shared|signing|encryption)[_-]?key",
    re.IGNORECASE,
)
# Where the engine says that a check failed. Greedy, since a secret may look like the end of the value.
_VALUE = re.compile(r"(: property \S+) value \{.*\} has a problem: ", re.DOTALL)
_UNKNOWN_OR_HIDDEN = (None, True, False, "", SECRET)


class Hiding:
    """Takes secrets out of a document. ``environment``: the variables of this shell."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        known = {variable for key in SECRETS for variable in key.variables}
        values = {value for name, value in environment.items() if name in known or _NAME.search(name)}
        longest_first = sorted((value for value in values if len(value) >= LEAST_LENGTH), key=len, reverse=True)
        self._values = re.compile("|".join(map(re.escape, longest_first))) if longest_first else None

    def hidden(self, value: Any) -> Any:
        """A value of JSON without what is secret in it."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self.hidden(entry) for entry in value]
        if isinstance(value, dict):
            if _MARK in value:
                return SECRET
            return {self.text(key): self._property(key, entry) for key, entry in value.items()}
        return value

    def text(self, text: str) -> str:
        """A text without what is secret in it."""
        if self._values is not None:
            text = self._values.sub(SECRET, text)
        return _VALUE.sub(r"\1 has a problem: ", text)

    def _property(self, key: str, value: Any) -> Any:
        if _NAME.search(key) and not isinstance(value, dict | list) and value not in _UNKNOWN_OR_HIDDEN:
            return SECRET
        return self.hidden(value)
