#!/usr/bin/env python3
"""The steps of a release that a command does (CONTRIBUTING.md has all of them). Nothing here uploads anything.

    python -m tools.release version X.Y.Z     write the version: pyproject.toml, and all that follows it
    python -m tools.release changelog DATE    what is under "Unreleased" becomes the version's section of CHANGELOG.md
    python -m tools.release ready [TAG]       say what is missing for a release; changes nothing
    python -m tools.release notes             print the version's section of CHANGELOG.md

The version stands in pyproject.toml. PLACES follow it by `version`; sdk/ is made from it by `make docs-tables sdk`,
which `version` runs; all else asks the installed package. Exit codes: 0, 1 (what is wrong is said), 2 (bad usage).
"""

from __future__ import annotations

import argparse
import datetime
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.states import frozen
from tools import make_sdk
from tools.dist import git

ROOT = Path(__file__).resolve().parent.parent
VERSION = r"\d+\.\d+\.\d+"
UNRELEASED = "## Unreleased\n"
NOTHING = "Nothing yet.\n"
OWNER = "/OWNER/roma-provider"  # the repository's place until it has one


class ReleaseError(Exception):
    """A step cannot be taken; the message is for the developer."""


@dataclass(frozen=True)
class Place:
    """A file that says the version, at what ``pattern`` finds before it; each of ``times`` of them."""

    path: str
    pattern: str
    times: int = 1

    def said(self, root: Path) -> list[str]:
        """The versions that it says."""
        return re.findall(f"{self.pattern}({VERSION})", self._text(root), re.MULTILINE)

    def write(self, root: Path, version: str) -> None:
        text = re.sub(f"({self.pattern}){VERSION}", rf"\g<1>{version}", self._text(root), flags=re.MULTILINE)
        (root / self.path).write_text(text, encoding="utf-8")

    def _text(self, root: Path) -> str:
        return (root / self.path).read_text(encoding="utf-8")


HOME = Place("pyproject.toml", r'^version = "')
PLACES = (
    HOME,
    Place("docs/languages.md", r"(?:plugin install resource roma |pulumi-resource-roma-v)", 2),
    Place("examples/go/go.mod", r"^\s+\S+/roma-provider/sdk/go v"),
    Place("examples/typescript/package.json", r"pulumi-roma-"),
    Place("tools/sdk/package-lock.json", r'"name": "pulumi-roma",\s+"version": "', 2),
)


def current(root: Path = ROOT) -> str:
    """The version in pyproject.toml."""
    [found] = HOME.said(root)
    return found


def write_version(version: str, root: Path = ROOT) -> None:
    """Into every place; what is made from it is not made."""
    if not re.fullmatch(VERSION, version):
        raise ReleaseError(f"{version} is no version: write three numbers, such as 0.2.0")
    for place in PLACES:
        place.write(root, version)


def misplaced(root: Path = ROOT) -> Iterator[str]:
    """Which places do not say the version."""
    version = current(root)
    for place in PLACES:
        if place.said(root) != [version] * place.times:
            yield f"{place.path} does not say {version} {place.times} times: {place.said(root)}"


def section(version: str, changelog: str) -> str | None:
    """The text of a released version in the changelog; None where it has none."""
    found = re.search(rf"^## {re.escape(version)} - \d{{4}}-\d\d-\d\d\n(.*?)(?=^## |\Z)", changelog, re.M | re.S)
    return found[1].strip() + "\n" if found else None


def dated(version: str, date: str, changelog: str) -> str:
    """The changelog in which a version is released."""
    try:
        datetime.date.fromisoformat(date)
    except ValueError:
        raise ReleaseError(f"{date} is no date: write it as {datetime.date(2026, 1, 31)}") from None
    if section(version, changelog) is not None:
        raise ReleaseError(f"CHANGELOG.md has a section of {version} already")
    before, unreleased, after = changelog.partition(UNRELEASED)
    if not unreleased or after.partition("\n## ")[0].strip() in ("", NOTHING.strip()):
        raise ReleaseError('CHANGELOG.md has nothing under "## Unreleased"')
    return f"{before}{UNRELEASED}\n{NOTHING}\n## {version} - {date}\n{after}"


def is_released(version: str, root: Path = ROOT) -> bool:
    """Whether the changelog has a section of a version."""
    return section(version, (root / "CHANGELOG.md").read_text(encoding="utf-8")) is not None


def missing(tag: str | None = None, root: Path = ROOT) -> Iterator[str]:
    """What is missing for a release of the version in pyproject.toml."""
    version = current(root)
    if tag is not None and tag != f"v{version}":
        yield f"the tag is {tag}, and the version v{version}: `python -m tools.release version`, or another tag"
    yield from misplaced(root)
    if json.loads((root / "sdk" / "schema.json").read_text(encoding="utf-8"))["version"] != version:
        yield "sdk/schema.json is of another version: make docs-tables sdk"
    elif json.loads(make_sdk.STAMP.read_text(encoding="utf-8")) != make_sdk.stamp():
        yield "the SDKs are not made from sdk/schema.json: make sdk"
    if not is_released(version, root):
        yield f"CHANGELOG.md has no section of {version}: python -m tools.release changelog DATE"
    before = frozen.kept(version, root / "tests" / "states")
    if before is None:
        yield f"the states of {version} are not frozen: make states, then python -m tools.states --freeze"
    elif before != frozen.digests(version, root / "tests" / "states"):
        yield f"the states of {version} are not as they were when they were frozen"
    if not git("rev-parse", "HEAD"):
        yield "git says nothing of this folder: it is no clone, or git does not trust its owner (see `git status`)"
        return
    named = [path for path in git("grep", "-lI", OWNER).splitlines() if path not in OWN_WORDS]
    if named:
        yield f"{OWNER} stands in {len(named)} files, such as {named[0]}: write whose the repository is"
    if git("status", "--porcelain"):
        yield "there are changes that are not committed"


# They speak of it.
OWN_WORDS = {"tools/release.py", "tests/tools/test_release.py", "CONTRIBUTING.md"}


def run(*command: str) -> None:
    if subprocess.run([sys.executable, *command], cwd=ROOT).returncode != 0:
        raise ReleaseError(f"this failed, see above: {' '.join(command)}")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description="The steps of a release that a command does.", prog="tools.release")
    steps = parser.add_subparsers(dest="step", required=True)
    steps.add_parser("version", help="write the version wherever it stands").add_argument("version", metavar="X.Y.Z")
    steps.add_parser("changelog", help="name and date what is unreleased").add_argument("date", metavar="YYYY-MM-DD")
    steps.add_parser("ready", help="say what is missing").add_argument("tag", nargs="?", metavar="vX.Y.Z")
    steps.add_parser("notes", help="print what is new in the version")
    given = parser.parse_args(arguments)
    try:
        return take(given)
    except ReleaseError as error:
        print(f"release: {error}.", file=sys.stderr)
        return 1


def take(given: argparse.Namespace) -> int:
    changelog = ROOT / "CHANGELOG.md"
    if given.step == "version":
        write_version(given.version)
        run("tools/setup.py")  # the installed package says its version
        run("-m", "tools.docs_tables")
        run("tools/make_sdk.py")
    elif given.step == "changelog":
        changelog.write_text(dated(current(), given.date, changelog.read_text(encoding="utf-8")), encoding="utf-8")
    elif given.step == "notes":
        text = section(current(), changelog.read_text(encoding="utf-8"))
        if text is None:
            raise ReleaseError(f"CHANGELOG.md has no section of {current()}")
        print(text, end="")
    else:
        found = list(missing(given.tag))
        for line in found:
            print(f"missing: {line}")
        print(f"{current()}: {f'{len(found)} missing' if found else 'ready'}")
        return 1 if found else 0
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
