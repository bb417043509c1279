"""The pages of the site that are no file of docs/: parts of README.md, and links that lead on."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tools.site_pages import OTHERS, PARTS, WHOLE, Site, as_words, deepened, promoted, slug, split

ROOT = Path(__file__).resolve().parents[2]
REPOSITORY = "https://example.com/roma"
README = """\
# Title

What it is: [try](#try-it-without-an-account), [the code](tools/x.py).

## Try it, without an account

See [docs](docs/page.md#a-part) and ![a picture](docs/pictures/up.svg), [changes](CHANGELOG.md), [one](examples/one).

```sh
cat [x](docs/no.md)   # ## no heading
```

### Then

Done.

## Versions

[Licence](LICENSE), [elsewhere](https://example.org/a).
"""

CHART = """\
flowchart TD
    one([a program]) -- asks --> two
    two["b/<br>what it is"] --> three["c"]
    four["d/<br>alone"]
"""


@pytest.fixture
def site(tmp_path: Path) -> Site:
    files = {
        "README.md": README,
        "CHANGELOG.md": "# Changes\n\n[docs](docs/page.md), [readme](README.md#versions)\n",
        "CONTRIBUTING.md": "# How\n",
        "SECURITY.md": "# Secrets\n",
        "LICENSE": "",
        "tools/x.py": "",
        "docs/page.md": "# Page\n\n[this](../examples/one/), [part](#a-part), [gone](nothing.md)\n\n## A part\n",
        "docs/pictures/up.svg": "",
        "examples/one/README.md": "# One\n\n[page](../../docs/page.md#a-part), [two](../two), [in it](__main__.py)\n",
        "examples/one/__main__.py": "print(1)\n",
        "examples/two/README.md": "# Two\n",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return Site(tmp_path, REPOSITORY)


def test_a_part_of_the_readme_is_a_page(site: Site) -> None:
    page = promoted(site.part("try-it.md", "Try it, without an account"))
    assert page == (
        "# Try it, without an account\n\n"
        "See [docs](page.md#a-part) and ![a picture](pictures/up.svg), [changes](changelog.md), "
        "[one](examples/one.md).\n\n"
        "```sh\ncat [x](docs/no.md)   # ## no heading\n```\n\n"
        "## Then\n\nDone.\n"
    )
    assert site.problems == []


def test_a_page_takes_parts_in_by_a_mark(site: Site) -> None:
    page = site.page("index.md", "docs/index.md", "# Home\n\n<!-- README.md: -->\n\n<!-- README.md: Versions -->\n")
    assert page == (
        "# Home\n\nWhat it is: [try](try-it.md#try-it-without-an-account), "
        f"[the code]({REPOSITORY}/blob/main/tools/x.py).\n\n\n"
        f"## Versions\n\n[Licence]({REPOSITORY}/blob/main/LICENSE), [elsewhere](https://example.org/a).\n\n"
    )
    assert site.part("index.md", "Nowhere") == ""
    assert site.problems == ["index.md: README.md has no part 'Nowhere'"]


def test_links_of_other_pages(site: Site) -> None:
    other = site.page("changelog.md", "CHANGELOG.md", (site.root / "CHANGELOG.md").read_text(encoding="utf-8"))
    assert other == "# Changes\n\n[docs](page.md), [readme](index.md#versions)\n"
    page = site.page("page.md", "docs/page.md", (site.root / "docs/page.md").read_text(encoding="utf-8"))
    assert "[this](examples/one.md), [part](#a-part), [gone](nothing.md)" in page
    assert site.problems == ["docs/page.md: nothing.md leads nowhere"]


def test_an_example_shows_its_program(site: Site) -> None:
    readme = (site.root / "examples/one/README.md").read_text(encoding="utf-8")
    page = site.page("examples/one.md", "examples/one/README.md", readme)
    link = f"{REPOSITORY}/blob/main/examples/one/__main__.py"
    assert page == f"# One\n\n[page](../page.md#a-part), [two](two.md), [in it]({link})\n"


def test_what_is_in_a_numbered_list() -> None:
    listed = "1. one\n\n   ```sh\n   ls\n   ```\n2. two\n   more\n3. three\n\n```sh\n   ls\n```\n"
    assert deepened(listed) == (
        "1. one\n\n    ```sh\n    ls\n    ```\n\n2. two\n    more\n\n3. three\n\n```sh\n   ls\n```\n"
    )


def test_a_bar_in_the_code_of_a_table() -> None:
    assert deepened("| `a \\| b` | c \\| d |\n`e \\| f`\n") == "| `a | b` | c \\| d |\n`e \\| f`\n"


def test_a_flowchart_as_its_arrows() -> None:
    assert as_words(CHART).splitlines()[2:] == [
        "| **a program** | asks | **b/**: what it is |",
        "| **b/** |  | **c** |",
        "| **d/**: alone |  |  |",
    ]
    with pytest.raises(ValueError, match="no node of a flowchart: two x"):
        as_words("flowchart TD\n    one --> two x\n")


# This repository's own


def test_each_part_of_the_readme_has_a_page() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert list(split(readme)) == list(PARTS)


def test_the_pages_of_this_repository() -> None:
    site = Site(ROOT, REPOSITORY)
    pages = site.pages()
    assert site.problems == []
    assert set(pages) == {
        *(page for page in WHOLE if page != "watching.md"),
        *OTHERS.values(),
        *(f"examples/{path.parent.name}.md" for path in ROOT.glob("examples/*/README.md")),
    }
    assert all(page.startswith("# ") for page in pages.values())
    program = (ROOT / "examples/quickstart/__main__.py").read_text(encoding="utf-8").rstrip()
    assert pages["examples/quickstart.md"].endswith(f"\n## __main__.py\n\n```python\n{program}\n```\n")


def test_the_nav_names_every_page() -> None:
    nav = (ROOT / "mkdocs.yml").read_text(encoding="utf-8").partition("\nnav:\n")[2]
    named = re.findall(r"- (?:[^:\n]+: )?([\w/-]+\.md)$", nav, re.MULTILINE)
    files = {path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").glob("*.md")}
    assert len(named) == len(set(named))
    assert set(named) == files | set(Site(ROOT, REPOSITORY).pages()) | {"previews/README.md"}


def test_anchors_are_spelled_as_github_does() -> None:
    assert slug("`--json` and what: it, is") == "--json-and-what-it-is"
