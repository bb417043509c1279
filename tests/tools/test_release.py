"""The steps of a release, in copies of the files that they change."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from roma_provider import __version__
from tests.states import frozen
from tools import make_sdk, release
from tools.release import PLACES, ROOT, ReleaseError, dated, section

CHANGELOG = """\
# Changelog

## Unreleased

### Added
- A thing.

## 0.0.9 - 2026-01-31

- Before.
"""
# Files in which a version of this number may stand, since it is not that of what is released next.
OTHERS = (
    r"CHANGELOG\.md|SECURITY\.md|CONTRIBUTING\.md|docs/compatibility\.md"  # of what was, and of what is promised
    r"|tests/states/.*|tests/unit/test_compatibility\.py|tests/engine/plugin/test_migration\.py"  # states of that one
    r"|tests/tools/test_(release|states)\.py|tools/release\.py"
    r"|.*go\.sum|.*\.lock|examples/policy/PulumiPolicy\.yaml"  # of other packages
)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """The files that say the version."""
    for place in PLACES:
        (tmp_path / place.path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / place.path, tmp_path / place.path)
    return tmp_path


class TestTheVersion:
    def test_every_place_says_that_of_pyproject(self) -> None:
        assert list(release.misplaced()) == []
        assert release.current() == __version__

    def test_the_schema_and_the_sdks_say_it(self) -> None:
        sdk = make_sdk.SDK
        said = [json.loads((sdk / "schema.json").read_text())["version"]]
        said += [json.loads((sdk / "nodejs" / "package.json").read_text())[key] for key in ("version",)]
        said += re.findall(r'version = "(.+)"', (sdk / "python" / "pyproject.toml").read_text())
        said += re.findall(r'MustParse\("(.+)"\)', (sdk / "go/roma/internal/pulumiUtilities.go").read_text())
        assert said == [__version__] * 5

    def test_one_command_writes_all_of_them(self, clone: Path) -> None:
        release.write_version("12.34.56", clone)
        assert list(release.misplaced(clone)) == []
        assert release.current(clone) == "12.34.56"
        for place in PLACES:
            before, after = (ROOT / place.path).read_text(), (clone / place.path).read_text()
            assert after.replace("12.34.56", __version__) == before, "nothing else"
            assert after.count("12.34.56") == place.times

    def test_no_other_file_has_to_be_changed_by_hand(self) -> None:
        """But those that are made: sdk/, by `make docs-tables sdk`."""
        version = rf"(?<![\d.]){re.escape(__version__)}(?![\d.]*\d)"
        ours = re.compile(rf"roma.*{version}|{version}.*roma", re.IGNORECASE)  # others have this number too
        known = {place.path for place in PLACES}
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
        found = []
        for name in listed.split("\0"):
            if not name or name in known or name.startswith("sdk/") or re.fullmatch(OTHERS, name):
                continue
            path = ROOT / name
            if path.is_file() and ours.search(path.read_text(encoding="utf-8", errors="replace")):
                found.append(name)
        assert found == []

    def test_a_place_that_was_forgotten_is_named(self, clone: Path) -> None:
        path = clone / "docs/languages.md"
        path.write_text(path.read_text().replace(f"roma-v{__version__}", "roma-v9.9.9"))
        assert list(release.misplaced(clone)) == [
            f"docs/languages.md does not say {__version__} 2 times: ['{__version__}', '9.9.9']"
        ]

    @pytest.mark.parametrize("version", ["1.2", "v1.2.3", "1.2.3rc1"])
    def test_what_is_no_version_is_refused(self, clone: Path, version: str) -> None:
        with pytest.raises(ReleaseError, match="is no version: write three numbers"):
            release.write_version(version, clone)
        assert release.current(clone) == __version__


class TestTheChangelog:
    def test_what_is_unreleased_becomes_a_section(self) -> None:
        text = dated("0.1.0", "2026-12-01", CHANGELOG)
        assert text.startswith("# Changelog\n\n## Unreleased\n\nNothing yet.\n\n## 0.1.0 - 2026-12-01\n\n### Added\n")
        assert section("0.1.0", text) == "### Added\n- A thing.\n"
        assert section("0.0.9", text) == section("0.0.9", CHANGELOG) == "- Before.\n"
        assert section("0.1.0", CHANGELOG) is None

    def test_that_of_this_repository(self) -> None:
        text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
        assert (release.UNRELEASED in text, "### What 0.1.0 promises\n" in text) == (True, True)
        if not release.is_released(__version__) and release.NOTHING not in text:
            assert section(__version__, dated(__version__, "2026-12-01", text))

    @pytest.mark.parametrize(
        ("version", "date", "text", "words"),
        [
            ("0.1.0", "1.12.2026", CHANGELOG, "is no date: write it as 2026-01-31"),
            ("0.0.9", "2026-12-01", CHANGELOG, "has a section of 0.0.9 already"),
            ("0.1.0", "2026-12-01", "# Changelog\n", "nothing under"),
            ("0.1.0", "2026-12-01", CHANGELOG.replace("### Added\n- A thing.\n", "Nothing yet.\n"), "nothing under"),
        ],
    )
    def test_what_cannot_be_a_release_is_refused(self, version: str, date: str, text: str, words: str) -> None:
        with pytest.raises(ReleaseError, match=words):
            dated(version, date, text)


class TestReady:
    def test_what_is_missing_is_said_with_the_way_to_it(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(frozen, "kept", lambda *_: None)
        monkeypatch.setattr(release, "is_released", lambda *_: False)
        monkeypatch.setattr(release, "git", lambda *asked: "a.md\nb.md" if asked[0] == "grep" else " M a.md")
        assert release.main(["ready", "v9.9.9"]) == 1
        assert capsys.readouterr().out.splitlines() == [
            f"missing: the tag is v9.9.9, and the version v{__version__}: `python -m tools.release version`, "
            "or another tag",
            f"missing: CHANGELOG.md has no section of {__version__}: python -m tools.release changelog DATE",
            f"missing: the states of {__version__} are not frozen: make states, then python -m tools.states --freeze",
            "missing: /OWNER/roma-provider stands in 2 files, such as a.md: write whose the repository is",
            "missing: there are changes that are not committed",
            f"{__version__}: 5 missing",
        ]

    def test_nothing_is_missing(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        monkeypatch.setattr(frozen, "kept", lambda *_: {"a.json": "1"})
        monkeypatch.setattr(frozen, "digests", lambda *_: {"a.json": "1"})
        monkeypatch.setattr(release, "is_released", lambda *_: True)
        monkeypatch.setattr(release, "git", lambda *asked: "5" * 40 if asked[0] == "rev-parse" else "")
        assert release.main(["ready", f"v{__version__}"]) == 0
        assert capsys.readouterr().out == f"{__version__}: ready\n"
        monkeypatch.setattr(frozen, "digests", lambda *_: {"a.json": "2"})
        assert release.main(["ready"]) == 1
        assert "are not as they were when they were frozen" in capsys.readouterr().out

    def test_nobody_can_tell_without_git(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(frozen, "kept", lambda *_: {"a.json": "1"})
        monkeypatch.setattr(frozen, "digests", lambda *_: {"a.json": "1"})
        monkeypatch.setattr(release, "is_released", lambda *_: True)
        monkeypatch.setattr(release, "git", lambda *_: "")  # as where git does not trust the clone's owner
        assert release.main(["ready"]) == 1
        assert capsys.readouterr().out.startswith("missing: git says nothing of this folder")

    def test_an_error_is_said_without_a_traceback(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert release.main(["version", "1"]) == 1
        assert capsys.readouterr().err == "release: 1 is no version: write three numbers, such as 0.2.0.\n"
