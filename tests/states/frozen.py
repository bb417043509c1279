"""Which versions' states are frozen: those that have a `sha256.json`, with the digest of each of their files.

`python -m tools.states --freeze` writes it, once all states of the version are as they shall be.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from tests.states.scenes import FOLDER

DIGESTS = "sha256.json"
PROMISES = "frozen.json"


class Frozen(Exception):
    """What may not be done to the states of a version; the message is for the developer."""


def digests(version: str, folder: Path = FOLDER) -> dict[str, str]:
    """The digest of each file of a version, by name."""
    files = sorted(path for path in (folder / version).glob("*.json") if path.name != DIGESTS)
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def kept(version: str, folder: Path = FOLDER) -> dict[str, str] | None:
    """The digests as they were when a version was frozen; None for one that is not."""
    path = folder / version / DIGESTS
    if not path.exists():
        return None
    found: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return found


def refuse_if_frozen(version: str, folder: Path = FOLDER) -> None:
    """Frozen, if the states of this version may not be made anew."""
    if kept(version, folder) is not None:
        raise Frozen(
            f"the states of {version} are frozen (tests/states/{version}/{DIGESTS}). A state that cannot be read any "
            "more is a fault of the code. For new ones raise the version: python -m tools.release version X.Y.Z"
        )


def freeze(version: str, folder: Path = FOLDER, *, is_released: bool) -> None:
    """Freeze the states of a version. Until it is released, its promises may grow, and it is frozen anew with them."""
    before, now = kept(version, folder), digests(version, folder)
    if PROMISES not in now or "scenes.json" not in now:
        raise Frozen(f"tests/states/{version} lacks {PROMISES} or scenes.json, which `make states` writes")
    if before is not None:
        changed = [name for name in sorted({*before, *now}) if before.get(name) != now.get(name)]
        if (is_released and changed) or [name for name in changed if name != PROMISES]:
            raise Frozen(f"tests/states/{version} is frozen, and differs in {', '.join(changed)}: put them back")
    text = json.dumps(now, indent=2) + "\n"
    (folder / version / DIGESTS).write_text(text, encoding="utf-8")
