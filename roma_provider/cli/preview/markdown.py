"""Texts of others as Markdown that shows them and does nothing else.

Names, values and messages come from programs, servers and pull requests. In a comment they could ping people, link,
hide what follows, or look like words of ours. So each is either in a code span, in a fenced block, or made of plain
words alone. What is not known to be harmless goes into code: that is a rule by what is allowed, not by what is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from hashlib import sha256

from ...texts import for_people

MOST_VALUE, MOST_PROSE, MOST_LINE = 200, 2000, 500
# Points below a message: lines that begin as the engine's lists of reasons do.
MOST_REASONS = 8
_REASON = re.compile(r"\s*\* \S")
# Lines of a block: the first and the last, which are the ones that say what went wrong.
FIRST_LINES, LAST_LINES = 3, 30

_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\^_])")
_TICKS = re.compile(r"`+")
# A quotation by a pair of backticks with blanks around it, or a word.
_TOKEN = re.compile(r"(?<!\S)`([^`]+)`([.,;:!?)]*)(?!\S)|\S+")
# A word of letters, or a short number; nothing that may be a commit, which GitHub links.
_TAME = re.compile(r"(?!\(*[a-f]{7,40}\b)\(*(?:[^\W\d_]+(?:['’-][^\W\d_]+)*|\d{1,4}%?)\)*[.,;:!?]*\)*")
# Where it is the first, it would begin a list.
_NUMBER = re.compile(r"\d+[.)]*")


def plain(text: str, most: int = MOST_LINE) -> str:
    """One line without colours and control characters."""
    return for_people(_ANSI.sub("", text[: most * 8]), most)


def code(text: str, most: int = MOST_VALUE) -> str:
    """A text in a code span, in one line: GitHub and GitLab read nothing in there."""
    shown = plain(text, most)
    if not shown.strip():
        return "(blank)" if shown else '`""`'
    fence = "`" * (_longest(shown) + 1)
    pad = " " if shown[0] in "` " or shown[-1] in "` " else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def prose(text: str, most: int = MOST_PROSE) -> str:
    """A message in one line: its words as they are, and all else in code spans. It begins no list and no heading."""
    shown = plain(" ".join(text.split()), most)
    parts: list[str] = []
    wild: list[str] = []
    for match in _TOKEN.finditer(shown):
        quoted, token = match[1], match[0]
        if quoted is None and (not _TAME.fullmatch(token) or (not match.start() and _NUMBER.fullmatch(token))):
            wild.append(token)
            continue
        parts += _spans(wild)
        wild = []
        # The blank between two parts keeps the backticks of one from those of the next.
        parts.append(code(quoted, most) + match[2] if quoted is not None else token)
    return " ".join([*parts, *_spans(wild)])


def _spans(tokens: list[str]) -> Iterator[str]:
    """A code span of these words; what closes a sentence, or a bracket that it does not open itself, is behind it."""
    if not tokens:
        return
    text = " ".join(tokens)
    begin = end = ""
    while len(text) > 1 and text[-1] in ").,;:!?" and (text[-1] != ")" or text.count(")") > text.count("(")):
        text, end = text[:-1], text[-1] + end
    while len(text) > 1 and text[0] == "(" and text.count("(") > text.count(")"):
        text, begin = text[1:], begin + "("
    yield begin + code(text, len(text) + 8) + end


def message(text: str, most: int) -> list[str]:
    """A message of about ``most`` bytes as the text of a point of a list: in one line, with its reasons as points below
    it, or with what it quotes as a block."""
    first, *rest = [line for line in text.strip().splitlines() if line.strip()] or [""]
    lines = [prose(first, min(MOST_PROSE, most // 3))]
    if len(rest) <= MOST_REASONS and all(map(_REASON.match, rest)):
        room = min(MOST_PROSE, most // 3 // max(1, len(rest)))
        return [*lines, *(f"  - {prose(line.strip().removeprefix('* '), room)}" for line in rest)]
    return [*lines, "", *(f"  {line}".rstrip() for line in block("\n".join(rest), most // 2)), ""]


def block(text: str, most: int) -> list[str]:
    """A text of several lines as a fenced block of about ``most`` bytes, by lines: the first ones, and as many of the
    last as have room."""
    given = [plain(line) for line in _ANSI.sub("", text).expandtabs(4).splitlines()]
    shown = given
    for last in range(len(given) if len(given) <= FIRST_LINES + LAST_LINES else LAST_LINES, -1, -1):
        left_out = len(given) - FIRST_LINES - last
        if left_out > 0:
            shown = [*given[:FIRST_LINES], f"… ({left_out} lines)", *given[len(given) - last :]]
        if sum(len(line.encode("utf-8", "replace")) + 1 for line in shown) <= most:
            break
    fence = "`" * max(3, 1 + max(map(_longest, shown), default=0))
    return [f"{fence}text", *shown, fence]


def marker(name: str) -> str:
    """A comment that is not shown, by which a tool finds what it wrote before. Two names have two markers."""
    tame = re.sub(r"[^A-Za-z0-9._/-]+", "-", name)
    tame = re.sub(r"-{2,}", "-", tame)[:MOST_VALUE].strip("-")
    if tame != name:
        tame += "." + sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"<!-- roma-preview-summary {tame} -->"


def quoted(lines: Iterable[str]) -> list[str]:
    """Lines as a block quotation."""
    return [f"> {line}".rstrip() for line in lines]


def _longest(text: str) -> int:
    return max((len(run) for run in _TICKS.findall(text)), default=0)
