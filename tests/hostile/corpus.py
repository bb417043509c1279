"""Answers that no honest server gives: a table of bodies, for each operation."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from tests.support.fakes import OTHER_ID, TOKEN

Body: TypeAlias = "Callable[[Any], tuple[int, object]]"
"""From what would be true to a status and what is said in its place: bytes, or what becomes JSON."""

OPERATIONS = ("create", "list", "roma_list", "process", "delete")

LONG = "y" * 300_000
ODD_TEXTS = {
    "escape": "\x1b[2J\x1b]0;x\x07",
    "turned": "\u202eabc\u2066",
    "command": "x\n::error file=a.py::no",
    "command first": "::stop-commands::t",
    "pipelines": "##vso[task.setvariable variable=a]b ##[error]c",
    "separators": "a\u2028::error::b\u2029c\x85d\re",
    "surrogate": "\ud800\udfff\ud83d",
    "nothing": "\x00",
    "path": "../../x?y#z%2f",
    "blank": "   ",
    "long": LONG,
    "wide": "名" * 100_000,
    "token": TOKEN,
    "format": "{0} %s %(x)s ${HOME} `id`",
    "dotless": "runn\u0131ng",
    "other": OTHER_ID,
    "deleted": "DELETED",
    "failed": "CREATE_FAILED",
    "number": "9" * 4000,
}
ODD_VALUES: Mapping[str, Any] = {
    "null": None,
    "list": ["a"],
    "object": {"a": {"b": []}},
    "true": True,
    "negative": -1,
    "huge": 10**300,
    "fraction": 1e308,
    "nested": json.loads("[" * 300 + "]" * 300),
}
BYTES: Mapping[str, tuple[int, bytes]] = {
    "empty": (200, b""),
    "cut": (200, b'{"instance": {"status": "RUN'),
    "no JSON": (200, b"<html><script>x</script>RUNNING</html>"),
    "deep": (200, b"[" * 200_000),
    "deep objects": (200, b'{"a":' * 150_000),
    "null": (200, b"null"),
    "number": (200, b"1" * 5000),
    "text": (200, b'"RUNNING"'),
    "not a number": (200, b'{"progress": NaN, "total": Infinity, "instances": []}'),
    "invalid UTF-8": (200, b'{"name": "\xff\xfe\xc0"}'),
    "UTF-16": (200, json.dumps({"name": TOKEN}).encode("utf-16")),
    "large": (200, b'{"name": "' + b"x" * 2_000_000 + b'"}'),
    "many items": (200, b'{"item":[' + b"{}," * 300_000 + b"{}]}"),
    "many instances": (200, b'{"instances":[' + b"{}," * 300_000 + b"{}]}"),
    "twice": (200, b'{"id":"a","id":"b","instances":[],"instances":null}'),
    "204": (204, b""),
    "202 with nothing": (202, b"{}"),
    "206": (206, b"{}"),
    "302": (302, b""),
    "400 of the sign-in": (400, b'{"error_code":"ROMA.1002","error_msg":"x"}'),
    "401 with the token": (401, json.dumps({"error_msg": f"\n::error::{TOKEN}\x1b"}).encode()),
    "403": (403, b"no"),
    "404": (404, b'{"error_code":"APIC.7302"}'),
    "404 of the gateway": (404, b'{"error_code":"APIGW.0101"}'),
    "418 with much": (418, b'{"error_msg":"' + b"z" * 900_000 + b'"}'),
    "429": (429, b""),
    "500 nested": (500, b'{"a":{"b":{"error_code":["x"],"error_msg":{"y":1}}}}'),
    "503 in HTML": (503, b"<" * 500_000),
}


def _replaced(truth: Any, odd: Any, *, texts: bool) -> Any:
    """The truth with every text (or every number and flag) as something odd."""
    if isinstance(truth, dict):
        return {key: _replaced(value, odd, texts=texts) for key, value in truth.items()}
    if isinstance(truth, list):
        return [_replaced(value, odd, texts=texts) for value in truth]
    return odd if isinstance(truth, str) is texts else truth


def _every(odd: Any, *, texts: bool) -> Body:
    return lambda truth: (200, _replaced(copy.deepcopy(truth), odd, texts=texts) if truth != b"" else {"x": odd})


def _raw(said: tuple[int, bytes]) -> Body:
    return lambda _truth: said


BODIES: Mapping[str, Body] = {
    **{f"every text: {name}": _every(odd, texts=True) for name, odd in ODD_TEXTS.items()},
    **{f"every text: {name}": _every(odd, texts=True) for name, odd in ODD_VALUES.items()},
    **{f"every number: {name}": _every(odd, texts=False) for name, odd in {**ODD_TEXTS, **ODD_VALUES}.items()},
    **{f"body: {name}": _raw(said) for name, said in BYTES.items()},
}
CORPUS = [(operation, name) for operation in OPERATIONS for name in BODIES]


def lie(name: str) -> Callable[[Any, str], tuple[int, object]]:
    """An answer of the corpus, as ``Lies`` gives it."""
    return lambda truth, _asked: BODIES[name](truth)
