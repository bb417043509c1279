"""A request as the emulator's parts see it."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ApiRequest:
    """Header names are in lower case; `query` holds the first of each name. `raw_path` and `raw_query` are as they came
    over the wire, percent signs and all: what a signature is about."""

    operation: str
    method: str
    path: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes
    project_id: str | None = None
    instance_id: str | None = None
    raw_path: bytes = b"/"
    raw_query: bytes = b""
