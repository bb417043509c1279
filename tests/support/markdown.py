"""What a parser of CommonMark makes of a comment: for tests that texts of others do nothing in it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

# Each would do something, if it could.
HOSTILE = [
    "@everyone and @org/team",
    "see https://evil.example/?a=1 www.evil.example me@evil.example",
    "[link](https://evil.example) ![picture](https://evil.example/x.png) <https://evil.example>",
    "<img src=x onerror=alert(1)> </details> <script>",
    "<!-- hidden",
    "--> shown",
    "a | b || c \\| d",
    "`` ` ``` @all `",
    "``` \n@all\n```",
    "~~~\n# Heading\n~~~",
    "line\n\n# Heading\n\n- point\n> quote\n---\n===",
    "#1 GH-1 org/repo#2 0123456789abcdef0123456789abcdef01234567 deadbeef",
    "**bold** __bold__ *it* _it_ ~~gone~~ $math$ $`x`$ :rocket: &lt; &#64;all",
    "\x1b[31mred\x1b[0m \x1b]8;;https://evil.example\x07click\x1b]8;;\x07",
    "::error::fails ##[error]fails ##vso[task.complete]",
    "\u202egnp.exe \u2066x\u2069 \u200b",
    "\r\nreturn\rX \x00 \x07 \x85 \u2028 next",
    "1. one",
    "1) one",
    "- point",
    "+ point",
    "    indented",
    "> [!CAUTION]",
    "[x]: https://evil.example",
    "\\` \\@all \\",
    "\ud800 lone",
    "<details open><summary>Approved</summary>",
    " ",
    "`",
    "``",
]
# Ours, and nobody else's.
OURS = re.compile(
    r"<!-- roma-preview-summary [A-Za-z0-9._/-]* -->"
    r"|<details><summary>(Arguments|Other messages): \d+</summary>|</details>"
)
_ACTIVE = re.compile(r"@\w|https?:|www\.|[<>|$~]|#\d|GH-\d|\b[0-9a-f]{7,40}\b|:\w+:|\x1b")


def tokens(text: str) -> Iterator[Token]:
    """All of them, those within a line too, as GitHub's flavour has them."""
    for token in MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text):
        yield token
        yield from token.children or ()


def assert_tame(text: str) -> None:
    """Nothing in it is active but what is ours: no link, no picture, no HTML, no table, and no plain text that a host
    makes something of."""
    for token in tokens(text):
        assert token.type not in ("link_open", "image", "table_open", "s_open", "code_block", "html_inline"), token
        if token.type == "html_block":
            assert OURS.sub("", token.content).strip() == "", token.content
        if token.type == "text":
            assert not _ACTIVE.search(token.content), token.content
        if token.type == "fence":
            assert token.markup[0] == "`"


def code_of(text: str) -> list[str]:
    """The code spans."""
    return [token.content for token in tokens(text) if token.type == "code_inline"]


def text_of(text: str) -> str:
    """What is read, code included, without the structure."""
    return "".join(token.content for token in tokens(text) if token.type in ("text", "code_inline", "softbreak"))
