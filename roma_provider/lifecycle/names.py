"""What the lists show of a name: who has it, whether it may be ours, and how errors say so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from ..api.status import GONE, word
from ..creation.words import spell
from ..schema.kinds import EDITION, RCU, is_rcu
from .appointed import command

if TYPE_CHECKING:
    from ..api.models import RomaInstanceSummary

# How far the time that the list shows may be from that of the order: clocks differ, and the API takes its time.
ORDER_SECONDS = 900.0


@dataclass(frozen=True)
class Name:
    """The name of an instance that is to be ordered. ``inputs`` are its checked arguments; ``resource`` is the name of
    its resource in the program, "" where that is not known. ``deletes_first``: a replacement by force has deleted the
    old instance by now, since programs set the option that says so."""

    name: str
    project_id: str
    inputs: Mapping[str, Any]
    resource: str = ""
    deletes_first: bool = True

    def holders(self, instances: Iterable[RomaInstanceSummary], name: str | None = None) -> list[RomaInstanceSummary]:
        """The instances of the lists that have this name, or another one, and are not gone."""
        wanted = self.name if name is None else name
        return [entry for entry in instances if entry.name == wanted and is_there(entry)]

    def alike(self, instances: Iterable[RomaInstanceSummary]) -> list[RomaInstanceSummary]:
        """The instances of the lists whose name differs from this one in case or in blanks around it alone."""
        found = [entry for entry in instances if are_alike(entry.name, self.name) and is_there(entry)]
        return [entry for entry in found if entry.name != self.name]

    def perhaps_ours(self, found: RomaInstanceSummary) -> str:
        """What to say of one that may be what an unclear POST has made, under a name that is spelled otherwise."""
        return (
            f"the list shows instance {found.id} named {found.name!r}, in the network of {self.name!r} and made when "
            f"{self.name!r} was ordered: perhaps it is ours. Nothing more was created. If it is ours, write "
            f"adopt_id={found.id!r} and name={found.name!r}. If it is not, choose another name"
        )

    def looks_ours(self, found: RomaInstanceSummary, posted_at: float) -> bool:
        """Whether what the list shows of an instance is what was ordered, and when. (Not the product: its id
        may be another in the list than the one that was sent.)"""
        shown = ((found.vpc_id, "vpc_id"), (found.subnet_id, "subnet_id"))
        alike = all(value in (None, "", self.inputs[key]) for value, key in shown)
        created = epoch(found.create_time)
        timely = created is None or abs(created - posted_at) < ORDER_SECONDS
        return alike and timely and self.is_of_our_kind(found)

    def is_of_our_kind(self, found: RomaInstanceSummary) -> bool:
        """Whether what the lists show may be of the kind that is ordered. Only the V3 list says."""
        return not found.category or (found.category.lower() != "roma") == is_rcu(self.inputs)

    def taken(self, by: RomaInstanceSummary, now: float, *, ordered_here: bool) -> str:
        """What to say of an instance that has the name. ``ordered_here``: for this very resource, by an earlier run."""
        whose = ", ordered for this very resource by an earlier run" if ordered_here else ""
        adopt = f"Write adopt_id={by.id!r} to take it over, or another name"
        once = self._once(by.id or "")
        if not self.is_of_our_kind(by):
            once = ""
            adopt = f"It is {EDITION.name if is_rcu(self.inputs) else RCU.name}; write another name"
        forced = "" if self.deletes_first else "; if it is replaced by force, set the option delete_before_replace"
        return (
            f"an instance named {self.name!r} exists already in project {self.project_id}: id {by.id}, "
            f"status {by.status}{age(by.create_time, now)}{whose}. Nothing was created. {adopt}; if this resource was "
            f"renamed in the program, give it aliases=[pulumi.Alias(name=OLD_NAME)]{forced}{once}"
        )

    def own(self, by: RomaInstanceSummary) -> str:
        """What to say where a resource is to be replaced, and its own instance still has the name: it is retained, or
        the new one would be made first."""
        back = f", or adopt_id={by.id!r} to take it back" if self.is_of_our_kind(by) else ""
        return (
            f"instance {by.id}, which this resource has so far, still has the name {self.name!r}. Nothing was created. "
            "Two instances of one name cannot be told apart. Set the option delete_before_replace: then this instance "
            f"is deleted first, with everything in it. With retain_on_delete, write another name{back}"
        )

    def _once(self, instance_id: str) -> str:
        """How one run takes an instance over, without a change of the program."""
        if not self.resource or not instance_id:
            return ""
        return f". To take it over without a change of the program, run `{command(self.resource, instance_id)}` once"

    def several(self, found: Iterable[RomaInstanceSummary], ours: str | None = None) -> str:
        """What to say of several instances that have the name."""
        ids = sorted({str(entry.id) for entry in found} | ({ours} if ours else set()))
        named = ", ".join(f"{id_} (ours)" if id_ == ours else id_ for id_ in ids)
        return (
            f"there are {len(ids)} instances named {self.name!r} in project {self.project_id} now: {named}; created "
            "from elsewhere at the same time. All are billed; find out whose they are, and delete what is not needed"
        )

    def ordered_already(self, instance_id: str) -> str:
        """What to say of an instance that the journal of this machine knows, and the lists do not show yet."""
        return (
            f"an instance named {self.name!r} was ordered from this machine already: id {instance_id}. Nothing "
            f"was created. Write adopt_id={instance_id!r} to take it over, or another name{self._once(instance_id)}"
        )

    def busy(self) -> str:
        """What to say where another run works on the name."""
        return (
            f"another run on this machine is creating an instance named {self.name!r} in project "
            f"{self.project_id}; run `pulumi up` again when it is done"
        )

    def unclear_until(self, when: str, key: str) -> str:
        """What to say where an earlier POST is unclear, and a list that lags might still show what it made."""
        return (
            f"an earlier run ordered an instance named {self.name!r} and got no clear answer; the list does not show "
            f"it so far, but may be late. Nothing was created. Run `pulumi up` again after {when}: then it is ordered, "
            f"unless it has shown up. If you know that there is none, run `roma forget {key}` and `pulumi up`"
        )

    def unclear(self, trouble: str) -> str:
        """What to say where nobody knows whether POST has made an instance."""
        return (
            f"{trouble}. No instance named {self.name!r} is in the list so far, so it is not known whether one "
            "was created; if so, it is billed. Run `pulumi up` again: it looks at the list first. An instance that is "
            "there is taken over. Otherwise one is ordered, but not before 15 minutes after the first attempt"
        )


def are_alike(one: str | None, other: str | None) -> bool:
    """Whether two names differ in case and in blanks around them at the most."""
    return (one or "").strip().casefold() == (other or "").strip().casefold()


def is_there(entry: RomaInstanceSummary) -> bool:
    """Whether the list shows an instance as one that exists."""
    return word(entry.status) not in GONE


def epoch(created: str | None) -> float | None:
    """The list's ISO time as epoch seconds; None where it cannot be read."""
    try:
        moment = datetime.fromisoformat((created or "").replace("Z", "+00:00"))
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)).timestamp()


def age(created: str | None, now: float) -> str:
    """ ", created 5 min ago", from the list's ISO time; "" where it cannot be read."""
    moment = epoch(created)
    return "" if moment is None else f", created {spell(max(0.0, now - moment))} ago"
