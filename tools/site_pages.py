"""What the site of the docs shows beside docs/: parts of README.md, other pages of the repository, the examples.

Pure: text in, text out. tools/site_hook.py hands it to MkDocs. A path is one of the repository; a page is one of the
site, such as ``try-it.md``. Links are relative in both, and lead to the page that shows a file, else to the file in
the public repository.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

README = "README.md"
# Which page shows a part of README.md, by its heading; "" is what stands before the first one.
PARTS = {
    "": "index.md",
    "Try it, without an account": "try-it.md",
    "Your own program": "own-program.md",
    "With an account": "with-an-account.md",
    "In a team": "in-a-team.md",
    "Three ways in": "three-ways-in.md",
    "Watch any creation": "watching.md",
    "Where the rest is": "index.md",
    "Versions": "index.md",
}
# Of those, the pages that are one part and nothing else.
WHOLE = tuple(page for part, page in PARTS.items() if part and list(PARTS.values()).count(page) == 1)
OTHERS = {"CHANGELOG.md": "changelog.md", "CONTRIBUTING.md": "contributing.md", "SECURITY.md": "reporting.md"}
# What an example is, in the order in which it is looked for.
PROGRAMS = {"__main__.py": "python", "index.ts": "typescript", "main.go": "go", "Pulumi.yaml": "yaml"}

_FENCE = re.compile(r"^(?P<indent> *)(?P<marks>`{3,}|~{3,}).*?^(?P=indent)(?P=marks) *$\n?", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"(?<=\]\()[^)\s]+(?=\))")
_ROW = re.compile(r"^\|.*$", re.MULTILINE)
_CODE = re.compile(r"`[^`\n]+`")
_MERMAID = re.compile(r"^```mermaid\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_NODE = re.compile(r'(\w+)(?:\["(.*)"\]|\(\[(.*)\]\))?')
_MARK = re.compile(r"^<!-- README\.md: (.*?) *-->$", re.MULTILINE)


@dataclass
class Site:
    """The pages of a checkout. ``repository`` is its public address; ``problems`` collects what is not right."""

    root: Path
    repository: str
    problems: list[str] = field(default_factory=list)

    def pages(self) -> dict[str, str]:
        """The Markdown of each page that is no file of docs/."""
        found = {PARTS[part]: promoted(self.part(PARTS[part], part)) for part in PARTS if PARTS[part] in WHOLE}
        del found["watching.md"]  # a file of docs/, which says more
        found |= {page: self.page(page, file, self._read(file)) for file, page in OTHERS.items()}
        for readme in sorted(self.root.glob("examples/*/README.md")):
            name = readme.parent.name
            page = f"examples/{name}.md"
            text = self.page(page, f"examples/{name}/README.md", readme.read_text(encoding="utf-8"))
            found[page] = f"{text.rstrip()}\n{_program(readme.parent)}"
        return found

    def page(self, page: str, file: str, text: str) -> str:
        """The Markdown of a file as a page shows it: its links lead on, and the parts of README.md are in it."""
        text = _MERMAID.sub(lambda fence: as_words(fence[1]), text)
        text = deepened(_outside(text, lambda piece: _LINK.sub(lambda link: self._lead(link[0], file, page), piece)))
        return _MARK.sub(lambda mark: self.part(page, mark[1]), text)

    def part(self, page: str, heading: str) -> str:
        """A part of README.md as a page shows it, with its heading; "" is the part before the first heading."""
        parts = split(self._read(README))
        if heading not in parts:
            self.problems.append(f"{page}: README.md has no part {heading!r}")
            return ""
        text = f"## {heading}\n\n{parts[heading]}" if heading else parts[heading]
        return self.page(page, README, text)

    def _lead(self, link: str, file: str, page: str) -> str:
        """Where a link of a file leads on a page."""
        if re.match(r"[a-z]+:", link):
            return link
        name, _, anchor = link.partition("#")
        target = posixpath.normpath(posixpath.join(posixpath.dirname(file), name)) if name else file
        if target.startswith("..") or not (self.root / target).exists():
            self.problems.append(f"{file}: {link} leads nowhere")
            return link
        home = self._home(target, anchor)
        if home is None:
            kind = "tree" if (self.root / target).is_dir() else "blob"
            place = f"{self.repository}/{kind}/main/{target}"
        else:
            place = posixpath.relpath(home, posixpath.dirname(page) or ".") if home != page or not anchor else ""
        return f"{place}#{anchor}" if anchor else place

    def _home(self, target: str, anchor: str) -> str | None:
        """The page that shows a file, or the part of README.md with an anchor; None if there is none."""
        if target == README:
            return next((page for part, page in PARTS.items() if part and slug(part) == anchor), "index.md")
        if target in OTHERS:
            return OTHERS[target]
        if match := re.fullmatch(r"examples/([^/]+)(/README\.md)?", target):
            return f"examples/{match[1]}.md"
        return target.removeprefix("docs/") if re.fullmatch(r"docs/.+\.\w+", target) else None

    def _read(self, file: str) -> str:
        return (self.root / file).read_text(encoding="utf-8")


def slug(heading: str) -> str:
    """A heading's anchor, as GitHub spells it, and mkdocs.yml has the site spell it."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def split(readme: str) -> dict[str, str]:
    """The parts of a page by their headings of the second level; "" is what stands between its title and the first."""
    pieces = re.split(r"^## (.*)$", readme, flags=re.MULTILINE)
    parts = {"": re.sub(r"\A# .*\n", "", pieces[0])} | dict(zip(pieces[1::2], pieces[2::2], strict=True))
    return {heading: f"{text.strip()}\n" for heading, text in parts.items()}


def promoted(text: str) -> str:
    """A part of a page as a page of its own: each heading one level up."""
    return _outside(text, lambda piece: re.sub(r"^#(#+ )", r"\1", piece, flags=re.MULTILINE))


def deepened(text: str) -> str:
    """Lists and tables as MkDocs wants them. What stands in a numbered list: four spaces in, where GitHub takes three,
    and an empty line behind it. A bar in a table's code: without the backslash, which would be shown."""
    text = _FENCE.sub(lambda fence: f"{fence[0]}\n" if fence["indent"] else fence[0], text)
    return _outside(text, _deepened, nested=False)


def _deepened(piece: str) -> str:
    piece = re.sub(r"^(?=   )", " ", piece, flags=re.MULTILINE)
    piece = re.sub(r"^( {4}\S.*\n)(?=\d+\. )", r"\1\n", piece, flags=re.MULTILINE)
    return _ROW.sub(lambda row: _CODE.sub(lambda code: code[0].replace("\\|", "|"), row[0]), piece)


def as_words(diagram: str) -> str:
    """A flowchart of Mermaid as a table of its arrows, since the site would load Mermaid from elsewhere. ValueError for
    what is none."""
    names: dict[str, str] = {}
    arrows: list[list[str]] = []
    for line in filter(None, map(str.strip, diagram.splitlines()[1:])):
        begin, *end = line.split("-->")
        begin, *by = begin.split(" -- ")
        nodes = []
        for word in (begin, *end):
            node = _NODE.fullmatch(word.strip())
            if node is None:
                raise ValueError(f"no node of a flowchart: {word.strip()}")
            if node[2] or node[3]:
                names[node[1]] = node[2] or node[3]
            nodes.append(node[1])
        arrows.append([nodes[0], "".join(by).strip(), *nodes[1:]])

    def named(node: str) -> tuple[str, str]:
        short, _, words = names.get(node, node).partition("<br>")
        return f"**{short}**", f"**{short}**: {words}" if words else f"**{short}**"

    rows = [
        (named(begin)[0] if end else named(begin)[1], by, *(named(node)[1] for node in end))
        for begin, by, *end in arrows
    ]
    lines = [f"| {' | '.join((*row, '', '')[:3])} |" for row in rows]
    return "\n".join(["| from | | to |", "|---|---|---|", *lines]) + "\n"


def _outside(text: str, change: Callable[[str], str], *, nested: bool = True) -> str:
    """The text with all changed but its fenced code; ``nested=False``: but that which is not in a list."""
    found, at = [], 0
    for fence in _FENCE.finditer(text):
        if nested or not fence["indent"]:
            found += [change(text[at : fence.start()]), fence[0]]
            at = fence.end()
    return "".join([*found, change(text[at:])])


def _program(example: Path) -> str:
    """An example's program, below its page; empty where it is none of one file."""
    name = next((name for name in PROGRAMS if (example / name).exists()), None)
    if name is None:
        return ""
    code = (example / name).read_text(encoding="utf-8").rstrip()
    return f"\n## {name}\n\n```{PROGRAMS[name]}\n{code}\n```\n"
