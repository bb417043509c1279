"""Messages in the words of a YAML, TypeScript or Go program. As the lifecycle has them, they are a Python program's.

What is rewritten: names of properties and of resource options, and how a program gives them a value.
"""

from __future__ import annotations

import re

from .names import WORDS, path_to_wire

# Resource options that messages name.
_OPTIONS = {
    "custom_timeouts": "customTimeouts",
    "delete_before_replace": "deleteBeforeReplace",
    "ignore_changes": "ignoreChanges",
    "replace_on_changes": "replaceOnChanges",
    "retain_on_delete": "retainOnDelete",
}
_SPELLED = {**WORDS, **_OPTIONS}
# Not within a longer word, a path, an address, a URN, or the command of an adoption.
_NAME = re.compile(rf"(?<![\w/:=-])(?:{'|'.join(sorted(_SPELLED, key=len, reverse=True))})(?![\w/-])")
_GIVEN = "|".join(sorted({*_SPELLED, "aliases", "name", "wait"}, key=len, reverse=True))
_RULES = (
    # What a provider resource of the program is given: its properties have no namespace.
    (re.compile(r'\binput \{"roma:(\w+)": (?:pulumi\.Output\.secret\()?("[^"]*")\)?\}'), r"property \1: \2"),
    (re.compile(r"\[pulumi\.Alias\(name=([^)]*)\)\]"), r"[{name: \1}]"),
    (re.compile(r"\bwait=False\b"), "wait: false"),
    (re.compile(rf"(?<![\w./-])({_GIVEN})=(?=['\"\[]|[A-Z])"), r"\1: "),
)
_LITERALS = {"True": "true", "False": "false", "None": "null"}
# Those of a value that was written, outside of its texts; and whole numbers, which the engine has as floats.
_WRITTEN = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|\b(True|False|None)\b|(?<![\w.])(\d+)\.0\b""")


def spelled(text: str) -> str:
    """A message as other programs write what is in it."""
    for pattern, other in _RULES:
        text = pattern.sub(other, text)
    return _NAME.sub(lambda match: _SPELLED[match[0]], text)


def _literal(match: re.Match[str]) -> str:
    return _LITERALS[match[1]] if match[1] else match[2] or match[0]


def told(key: str, reason: str) -> tuple[str, str]:
    """What is wrong with a property, or with a setting, as other programs write both."""
    advice, has_value, written = spelled(reason).partition(", not ")
    return path_to_wire(key), advice + has_value + _WRITTEN.sub(_literal, written)


def described(text: str) -> str:
    """A docstring as a description of the schema: Markdown, whose literals are those of JSON."""
    text = re.sub(r"\b(?:True|False|None)\b", lambda match: _LITERALS[match[0]], text)
    return spelled(text.replace("``", "`"))
