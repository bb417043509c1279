"""What counts as an engine's address."""

from __future__ import annotations

import pytest

from roma_provider.hosts import address


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("127.0.0.1:4711", "127.0.0.1:4711"),
        ("localhost:1", "localhost:1"),
        ("[::1]:1", "[::1]:1"),
        ("example.com:4711", None),
        ("127.0.0.1:", None),
        ("--verbose", None),
    ],
)
def test_it_is_on_this_machine_and_has_a_port(text: str, found: str | None) -> None:
    assert address.local(text) == found
