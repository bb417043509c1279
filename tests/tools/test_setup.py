"""What `make setup` fetches is known by its hash."""

from __future__ import annotations

import re

from tools import setup


def test_uv_is_one_version_known_by_its_hashes() -> None:
    lock = setup.UV_LOCK.read_text(encoding="utf-8")
    assert re.fullmatch(r"uv==[\d.]+( \\\n    --hash=sha256:[0-9a-f]{64})+\n", lock)


def test_nothing_is_fetched_without_hashes() -> None:
    text = (setup.ROOT / "tools" / "setup.py").read_text(encoding="utf-8")
    fetching = re.findall(r'"(?:install|sync)"[^)]*', text)
    assert len(fetching) == 3
    # The third is this project itself, which fetches nothing.
    assert [("--require-hashes" in call) or ("--no-build-isolation" in call) for call in fetching] == [True] * 3
