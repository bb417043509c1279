"""The engine's address, as it is given to a plugin and to a program."""

from __future__ import annotations

LOCAL = ("127.0.0.1", "localhost", "[::1]")


def local(text: str) -> str | None:
    """``text`` where it is host:port on this machine, as an engine's address is; else None."""
    host, _, port = text.rpartition(":")
    return text if host in LOCAL and port.isdigit() else None
