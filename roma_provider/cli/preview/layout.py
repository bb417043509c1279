"""Fits sections into a number of bytes: what is least important is left out, and how much is said."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

# Of the room that is left, the part that a section with ``is_heard`` has before another one may fill it.
SHARE = 3


@dataclass(frozen=True)
class Section:
    """A part of a text. ``head`` and ``tail`` stand as long as it has items; ``items`` are each some lines, the most
    important first, with ``between`` between two; ``wrap`` is applied to the lines of all; ``more`` says of how many
    there is no room. Of a section that ``is_heard`` something is shown, however large those before it are."""

    head: Sequence[str]
    items: Sequence[Sequence[str]]
    more: Callable[[int], str]
    tail: Sequence[str] = ()
    wrap: Callable[[Sequence[str]], Sequence[str]] = field(default=list)
    between: Sequence[str] = ()
    is_heard: bool = False

    def text(self, shown: int) -> str:
        """With so many of its items. Ends in a blank line."""
        lines = list(self.head)
        for number, item in enumerate(self.items[:shown]):
            lines += [*(self.between if number else ()), *item]
        if shown < len(self.items):
            lines += [*(self.between if shown else ()), self.more(len(self.items) - shown)]
        return "\n".join([*self.wrap([*lines, *self.tail]), "", ""])

    def size(self, number: int) -> int:
        """The bytes of one item."""
        return size("\n".join([*self.wrap([*self.between, *self.items[number]]), ""]))

    def least(self) -> int:
        """The bytes that it takes at least, whatever number of items is shown."""
        return size(self.text(0)) + size("\n".join([*self.wrap(self.between), ""]))


def size(text: str) -> int:
    """Its bytes in UTF-8."""
    return len(text.encode("utf-8", "replace"))


def fitted(before: str, sections: Sequence[Section], after: Callable[[int], str], most: int) -> tuple[str, int]:
    """The text of all sections, in their order, which is that of importance too, within ``most`` bytes; and the number
    of items that were left out, by which ``after`` is what it ends with."""
    sections = [section for section in sections if section.items]
    every = [len(section.items) for section in sections]
    whole = _joined(before, sections, every, after(0))
    if size(whole) <= most:
        return whole, 0
    room = most - size(before) - size(after(sum(every))) - sum(section.least() for section in sections)
    shown = [0] * len(sections)
    for share in (SHARE, 1):
        for at, section in enumerate(sections):
            mine = room // share if share == 1 or section.is_heard else 0
            while shown[at] < every[at] and (needed := section.size(shown[at])) <= mine:
                mine, room = mine - needed, room - needed
                shown[at] += 1
            if share == 1 and shown[at] < every[at]:
                break  # nothing of less importance goes before what is left out here
    left_out = sum(every) - sum(shown)
    return _joined(before, sections, shown, after(left_out)), left_out


def _joined(before: str, sections: Sequence[Section], shown: Sequence[int], after: str) -> str:
    parts = [section.text(count) for section, count in zip(sections, shown, strict=True)]
    return "".join([before, *parts, after])
