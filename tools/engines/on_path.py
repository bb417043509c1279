"""Whether the `pulumi` of PATH serves."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

from tools.engines.parts import COMPANIONS, OLDEST, Wanted

Version = tuple[int, int, int, bool]


def parse_version(text: str) -> Version | None:
    """The first semantic version in `text`; its last part is False for a prerelease, which sorts lower."""
    found = re.search(r"(?<![\d.])v?(\d+)\.(\d+)\.(\d+)(-[0-9A-Za-z.-]+)?", text)
    if found is None:
        return None
    return int(found[1]), int(found[2]), int(found[3]), found[4] is None


def pulumi_on_path(wanted: Wanted) -> tuple[bool, str]:
    """Whether the `pulumi` of PATH serves, and if not, why (empty where there is none).

    It does if it is at least the oldest supported version, or the one that is asked for, and can run programs of the
    languages that are asked for.
    """
    pulumi = shutil.which("pulumi")
    if pulumi is None:
        return False, ""
    try:
        answer = subprocess.run(
            [pulumi, "version"],
            capture_output=True,
            text=True,
            timeout=60,
            env={**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true"},
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return False, f"the pulumi on PATH ({pulumi}) does not run: {error}"
    version, oldest = parse_version(answer.stdout), parse_version(OLDEST)
    if answer.returncode != 0 or version is None or oldest is None:
        return False, f"the pulumi on PATH ({pulumi}) tells no version"
    is_said = f"the pulumi on PATH ({pulumi}) is {answer.stdout.strip()}"
    if wanted.version is not None and version != parse_version(wanted.version):
        return False, f"{is_said}, and {wanted.version} is asked for"
    if version < oldest:
        return False, f"{is_said}, and {OLDEST} or newer is needed"
    beside = {Path(pulumi).parent, Path(pulumi).resolve().parent}
    search = os.pathsep.join([*map(str, beside), os.environ.get("PATH", os.defpath)])
    for language in wanted.languages:
        missing = [name for name in COMPANIONS[language] if shutil.which(name, path=search) is None]
        if missing:
            what = f"{' and '.join(missing)} not found beside it"
            return False, f"the pulumi on PATH ({pulumi}) cannot run {language}: {what}"
    return True, ""
