"""What `make setup` fetches is known by its hash."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

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


def test_an_environment_apart_is_made_once_for_a_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[tuple[str, ...]] = []

    def synchronise(uv: str, venv: Path, module: str, lock: str, *options: str) -> None:
        venv.mkdir(exist_ok=True)
        made.append((uv, venv.name, module, lock, *options))

    monkeypatch.setattr(setup, "DOCS_VENV", tmp_path / "docs")
    monkeypatch.setattr(setup, "find_uv", lambda: "uv")
    monkeypatch.setattr(setup, "usable", lambda venv, module: (venv / setup.STAMP.name).exists())
    monkeypatch.setattr(setup, "synchronise", synchronise)
    assert [setup.set_up_docs(), setup.set_up_docs()] == [tmp_path / "docs" / "bin"] * 2
    assert made == [("uv", "docs", "mkdocs", "tools/docs.lock")]
    monkeypatch.setattr(setup, "fingerprint", lambda *names: f"another {names}")
    setup.set_up_docs()
    assert len(made) == 2
    assert (tmp_path / "docs" / setup.STAMP.name).read_text() == "another ('tools/docs.lock',)"


def test_only_the_site_needs_what_builds_it() -> None:
    locks = {name: (setup.ROOT / name).read_text(encoding="utf-8") for name in ("requirements.lock", setup.DOCS_LOCK)}
    assert [
        name for name, lock in locks.items() if re.search(r"^mkdocs(-material|strings)?==", lock, re.MULTILINE)
    ] == [setup.DOCS_LOCK]
    packages = [line for line in locks[setup.DOCS_LOCK].splitlines() if "==" in line]
    assert len(packages) > 30
    assert all(line.endswith("\\") for line in packages)  # a hash follows
