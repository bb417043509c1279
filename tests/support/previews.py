"""The comments of the golden previews: tests/data/previews/NAME.md, as `roma preview-summary` makes them of NAME.json.

`python -m tests.support.previews` writes them anew. Read the diff: it is what reviewers see.
"""

from __future__ import annotations

from pathlib import Path

from roma_provider.cli.preview.document import read
from roma_provider.cli.preview.hiding import Hiding
from roma_provider.cli.preview.summary import Summary
from tests.support.emulator import SEED_CREATED

FOLDER = Path(__file__).resolve().parents[1] / "data" / "previews"
MOST = 65_000
# Three days and an hour after the instances of the golden previews were made.
NOW = SEED_CREATED + 73 * 3600


def names() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.json"))


def comment(name: str, most: int = MOST) -> str:
    document = read(str(FOLDER / f"{name}.json"), Hiding({}))
    return Summary(document).text(NOW, most) + "\n"


def main() -> None:
    for name in names():
        (FOLDER / f"{name}.md").write_text(comment(name), encoding="utf-8")


if __name__ == "__main__":
    main()
