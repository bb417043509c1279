"""What `roma import` does: reads instances, and prints the program that takes them over. It changes nothing."""

from __future__ import annotations

import codecs
import shlex
from collections.abc import Iterator

from ...lifecycle.session import Session
from ..codes import Code
from ..output import Output, complain, stream
from .found import LeftOut, Owners, Wanted, look
from .program import Declared, program
from .wanted import Wish, resolve

# Characters of one command for people to copy: less than what a line of ours may have.
MOST_ADDRESSES = 4000
# Exit codes, beside those of `output`.
ALL, NOT_ALL = Code.DONE, Code.NO


def run(session: Session, wish: Wish, output: Output) -> int:
    """Print the program; the exit code. Where nothing can be imported, nothing is printed."""
    asked = resolve(session, wish)
    declared: list[Declared] = []
    moved: list[Wanted] = []
    left_out, owners = list(asked.problems), Owners()
    for one in asked.wanted:
        try:
            declaration = look(session, one, existing=wish.existing)
            owners.add(one.found, declaration.arguments.get("name"))
            declared.append(declaration)
            moved.append(one)
        except LeftOut as reason:
            left_out.append(f"{_which(one)}: {reason}")
    text = program(declared, left_out, existing=wish.existing, is_ascii=not _takes_all()) if declared else None
    taken = [
        {"id": one.found.instance_id, "name": written.arguments.get("name") or one.known_as, "address": one.address}
        for one, written in zip(moved, declared, strict=True)
    ]
    output.found = {"program": text, "existing": wish.existing, "instances": taken, "left_out": left_out}
    if text is not None:
        output.say(text)
    for problem in left_out:
        complain(problem)
    if not wish.existing:
        _say_other_owners(session, moved)
    if declared and not output.failed:
        _say_what_next(moved, existing=wish.existing)
    return NOT_ALL if left_out else ALL


def _which(one: Wanted) -> str:
    named = f" (named {one.known_as!r})" if one.known_as else ""
    where = f"{one.address}, " if one.address else ""
    return f"{where}instance {one.found.instance_id}{named}"


def _say_other_owners(session: Session, moved: list[Wanted]) -> None:
    """What this machine has ordered or adopted is another resource's, or may be."""
    for one in moved:
        for entry in session.custody.claims(one.found.instance_id):
            how = "ordered" if entry.is_order else "adopted"
            owner = entry.urn or "an unknown resource"
            complain(
                f"instance {one.found.instance_id} was {how} from this machine for {owner}. Two states that own one "
                "instance would each delete it. Go on with that resource, or take it out of its state first: `pulumi "
                "state delete`"
            )


def _say_what_next(moved: list[Wanted], *, existing: bool) -> None:
    count = f"{len(moved)} instance{'' if len(moved) == 1 else 's'}"
    if existing:
        complain(f"{count} to refer to; with this in a program, `pulumi up` does")
        return
    complain(f"{count} to take over; with this in a program, `pulumi up` does, and nothing is created")
    for addresses in _lines([shlex.quote(one.address) for one in moved if one.address]):
        complain(f"then have Terraform forget, not destroy. Run in Terraform's folder: terraform state rm {addresses}")


def _lines(words: list[str]) -> Iterator[str]:
    """The words in lines, none of which is cut where it is shown."""
    line: list[str] = []
    for word in words:
        if line and len(" ".join([*line, word])) > MOST_ADDRESSES:
            yield " ".join(line)
            line = []
        line.append(word)
    if line:
        yield " ".join(line)


def _takes_all() -> bool:
    """Whether standard output is in UTF-8, as Python reads programs."""
    out = stream("stdout")
    try:
        return out is not None and codecs.lookup(out.encoding or "").name == "utf-8"
    except LookupError:
        return False
