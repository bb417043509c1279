"""A question to the API, and its answer as it came: for those who want to see it, whatever it is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import RomaApiError
from .budget import Rank
from .transport import Request, Transport


@dataclass(frozen=True)
class Exchange:
    """A GET, and what was answered. ``body`` is JSON as it came, but for our own secrets; None where it was none."""

    operation: str
    path: str
    params: Mapping[str, str]
    status: int
    body: Any
    is_json: bool


def ask(transport: Transport, operation: str, path: str, params: Mapping[str, str] | None = None) -> Exchange:
    """GET ``path``. An answer that is an error is one too; RomaApiError for a body that cannot be read, and what
    ``Transport.call`` raises where there is no answer."""
    heard: list[tuple[int, bytes]] = []

    def hear(status: int, body: bytes) -> None:
        heard.append((status, body))

    try:
        transport.call(Request(operation, "GET", path, params, rank=Rank.LIST, heard=hear))
    except RomaApiError:
        if not heard:
            raise
    status, body = heard[-1]
    try:
        found, is_json = json.loads(body), True
    except (ValueError, RecursionError):
        found, is_json = None, False
    return Exchange(operation, path, dict(params or {}), status, found, is_json)
