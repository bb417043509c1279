"""What `make dist` does to what other tools make: no time, user or mode of this machine; links of the README that work
on a package's page. What it makes as a whole: tests/engine/languages/test_dist.py."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from roma_provider import __version__
from tools import dist

ROOT = Path(__file__).resolve().parents[2]
[HOME] = re.findall(r'^Homepage = "https://github\.com/(.+)"$', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
PLACE = f"https://github.com/{HOME}/blob/"
PICTURES = f"https://raw.githubusercontent.com/{HOME}/"


@pytest.fixture(autouse=True)
def without_an_epoch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(dist.EPOCH, raising=False)


def links(text: str) -> list[tuple[bool, str]]:
    """Of Markdown: whether it is a picture, and where it leads."""
    return [(bool(mark), target) for mark, target in re.findall(r"(!?)\[[^\]]*\]\(([^)\s]+)\)", text)]


def test_the_readme_on_a_packages_page_leads_to_files_of_its_version() -> None:
    command = [sys.executable, "-m", "hatchling", "metadata"]
    shown = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    page = json.loads(shown)["readme"]["text"]
    found = []
    for is_picture, target in links(page):
        base = f"{PICTURES if is_picture else PLACE}v{__version__}/"
        if target.startswith(base):
            found.append(target.removeprefix(base))
        else:
            assert target.startswith(("#", "https://")), target
            assert not target.startswith((PLACE, PICTURES)), target
    own = [target for _, target in links((ROOT / "README.md").read_text()) if not target.startswith(("#", "http"))]
    assert found == own
    assert len(own) > 20
    assert [name for name in found if not (ROOT / name.partition("#")[0]).exists()] == []


def test_the_same_files_give_the_same_archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(dist.EPOCH, "1700000000")
    made = []
    for time, mode in ((1_600_000_000, 0o700), (1_650_000_000.5, 0o755)):
        folder = tmp_path / str(time)
        for name in ("b/data.txt", "a/run"):
            (folder / name).parent.mkdir(parents=True)
            (folder / name).write_text(name)
            (folder / name).chmod(mode if name == "a/run" else mode & 0o666)
            os.utime(folder / name, (time, time))
        archive = tmp_path / f"{time}.tar.gz"
        dist.pack(archive, folder)
        made.append(archive)
    assert made[0].read_bytes() == made[1].read_bytes()
    with tarfile.open(made[0]) as packed:
        members = [(member.name, member.mode, member.mtime, member.uid, member.uname) for member in packed]
    assert members == [("a/run", 0o755, 1_700_000_000, 0, ""), ("b/data.txt", 0o644, 1_700_000_000, 0, "")]


def test_what_is_taken_out_of_a_package_is_not_listed(tmp_path: Path) -> None:
    metadata = tmp_path / "one-1.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").touch()
    (tmp_path / "a, b.py").touch()
    listed = 'bin/one,sha256=x,1\none-1.dist-info/METADATA,,\none-1.dist-info/uv_cache.json,sha256=x,2\n"a, b.py",,\n'
    (metadata / "RECORD").write_text(listed)
    dist.list_what_is_there(tmp_path)
    assert (metadata / "RECORD").read_text() == 'one-1.dist-info/METADATA,,\n"a, b.py",,\n'


def test_the_time_is_that_of_the_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dist, "git", lambda *arguments: "1732000000" if arguments[0] == "log" else "")
    with dist.at_the_time_of_the_commit():
        assert os.environ[dist.EPOCH] == "1732000000"
        mask = os.umask(0o022)
    assert (mask, dist.EPOCH in os.environ) == (0o022, False)
    monkeypatch.setattr(dist, "git", lambda *_: "")
    with dist.at_the_time_of_the_commit():
        assert os.environ[dist.EPOCH] == dist.WITHOUT_GIT


def test_a_time_that_is_given_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(dist.EPOCH, "1")
    with dist.at_the_time_of_the_commit():
        assert os.environ[dist.EPOCH] == "1"
    assert os.environ[dist.EPOCH] == "1"


def test_outside_of_a_clone_git_says_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(dist, "ROOT", tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert dist.git("log", "-1") == ""
    monkeypatch.setenv("PATH", str(tmp_path))
    assert dist.git("log", "-1") == ""
