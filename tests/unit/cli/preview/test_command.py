"""`roma preview-summary` as a whole: what is printed where, and what it exits with."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from roma_provider.cli.output import NOTHING_KNOWN, with_output
from roma_provider.cli.preview.command import LEAST_BYTES, MOST_BYTES, SUMMARIZED, Wish, run
from roma_provider.clock import Clock
from tests.support.digest import NOW, digest, replacement, told


class Still(Clock):
    def epoch(self) -> float:
        return NOW


def summary(wish: Wish, **environment: str) -> int:
    return with_output(lambda output: run(environment, Still(), wish, output))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "preview.json"
    said = [told(f"number {number} " + "x" * 300, of="") for number in range(500)] + [told("my-own-token", "error")]
    path.write_text(json.dumps(digest(replacement(), diagnostics=said)), encoding="utf-8")
    return path


def test_it_prints_a_comment(file: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert summary(Wish(str(file), 20_000, "web/dev"), A_TOKEN="my-own-token") == SUMMARIZED == 0
    said = capsysbinary.readouterr()
    assert said.err == b""
    assert 15_000 < len(said.out) <= 20_000
    text = said.out.decode()
    assert text.startswith("<!-- roma-preview-summary web/dev -->\n### Pulumi preview of `web/dev`\n")
    assert text.endswith(" shows all.\n")
    assert "made 3 days ago" in text
    assert "> - `integration` (`roma:Instance`): `[secret]`\n" in text


def test_what_is_no_preview_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert summary(Wish(str(tmp_path / "no\nne"))) == NOTHING_KNOWN == 3
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.splitlines()) == 1
    assert said.err.startswith("roma: FILE: ")
    assert said.err.endswith(
        "cannot be read: No such file or directory. Write `pulumi preview --json > preview.json`, without what it says "
        "on standard error, and give that file\n"
    )


def test_it_is_in_utf_8_wherever_it_is_piped_to(file: Path) -> None:
    environment = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    command = [sys.executable, "-m", "roma_provider.cli.main", "preview-summary"]
    ran = subprocess.run(command, input=file.read_bytes(), env=environment, capture_output=True, timeout=60)
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert '- `vpc_id`: `"vpc-1"` → `"vpc-2"` — **a reason to replace it**\n' in ran.stdout.decode()
    assert len(ran.stdout) <= MOST_BYTES


def test_what_github_takes() -> None:
    assert LEAST_BYTES < MOST_BYTES < 65_536
