"""What a trial has left: the emulator's truth held against the state and the journal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from roma_provider.emulator import EmulatedInstance
from tests.campaign.recovery import Recovery
from tests.campaign.world import World

LOST, DOUBLED, DESTROYED = "lost", "doubled", "destroyed by mistake"
STUCK, UNTRUE = "stuck", "untrue"
FAULTS = (LOST, DOUBLED, DESTROYED, STUCK, UNTRUE)
KNOWN = "known limit"  # docs/what-happens-when.md says it: no fault, but counted


@dataclass(frozen=True)
class Finding:
    """What is wrong, and how."""

    kind: str
    text: str


def after_interruption(world: World) -> Iterator[Finding]:
    """At every moment each instance is known to the state or to the journal, and none is there twice."""
    noted = {entry["instance_id"] for entry in world.journal + world.witnesses + world.elsewhere}
    # Killed between POST and the note of its answer: the intent stands in the journal by its name.
    intended = {entry["name"] for entry in world.journal + world.elsewhere if entry["instance_id"] is None}
    for one in world.look():
        if one.id not in noted | world.held.keys() and one.name not in intended:
            yield Finding(LOST, f"{one.id} ({one.name}) is neither in the state nor in the journal")
    yield from _doubled_or_destroyed(world)


def after_up(world: World, recovery: Recovery) -> Iterator[Finding]:
    """Exactly one live instance for each that is declared, and a state that tells the truth."""
    yield from _recovered(world, recovery)
    live, held = {one.id: one for one in world.settled()}, world.held
    open_ids = {entry["instance_id"] for entry in world.journal}  # said by the next read or deletion
    for one in live.values():
        if one.id not in held and (one.name in world.program or one.id not in open_ids):
            kind = KNOWN if _is_of_another_machine(world, one) else LOST
            yield Finding(kind, f"{one.id} ({one.name}) lives, and the state does not hold it")
    for instance_id, resource in held.items():
        shown, declared = resource["outputs"].get("status"), resource["urn"].rsplit("::", 1)[-1]
        true = live[instance_id].status if instance_id in live else "gone"
        if shown != true:
            # Pulumi forgets then, without a word, that a deletion was pending, and only the other machine knows of it.
            forgotten = world.has_refreshed_a_part and instance_id in world.deleted_elsewhere
            yield Finding(
                KNOWN if forgotten else UNTRUE, f"the state says {shown} of {instance_id} ({declared}), which is {true}"
            )
        if resource.get("initErrors"):
            yield Finding(UNTRUE, f"the state has reasons why {instance_id} is not ready: {resource['initErrors']}")
    names = sorted(resource["urn"].rsplit("::", 1)[-1] for resource in held.values())
    if names != sorted(world.program) and not recovery.stuck:
        yield Finding(UNTRUE, f"the state holds {names}, declared are {sorted(world.program)}")
    for entry in world.journal:
        if entry["instance_id"] in held:
            yield Finding(UNTRUE, f"the journal holds {entry['instance_id']} as an open order, and so does the state")


def after_destroy(world: World, recovery: Recovery) -> Iterator[Finding]:
    """Nothing is left."""
    yield from _recovered(world, recovery)
    for one in world.settled():
        if one.id in recovery.text:
            continue  # said, and what was said has been done
        kind = KNOWN if _is_of_another_machine(world, one) else LOST
        yield Finding(kind, f"{one.id} ({one.name}) lives after destroy, and nothing has named it")
    if world.held and not recovery.stuck:
        yield Finding(UNTRUE, f"the state holds {list(world.held)} after destroy")


def _is_of_another_machine(world: World, one: EmulatedInstance) -> bool:
    """Whether it left the program while only the journal of a machine knew of it that is no longer used."""
    orders = {entry[key] for entry in world.elsewhere for key in ("instance_id", "name")}
    return one.name not in world.program and not orders.isdisjoint({one.id, one.name})


def _recovered(world: World, recovery: Recovery) -> Iterator[Finding]:
    if recovery.stuck:
        yield Finding(STUCK, recovery.stuck)
    pending = [operation["type"] for operation in world.stack.pending_operations()]
    if pending:
        yield Finding(STUCK, f"pending operations are left: {pending}")
    if any("internal error of roma_provider" in text for text in world.log):
        yield Finding(UNTRUE, "a command has shown an internal error")
    yield from _doubled_or_destroyed(world)


def _doubled_or_destroyed(world: World) -> Iterator[Finding]:
    live = world.look()
    for name, count in Counter(one.name for one in live).items():
        if count > 1:
            yield Finding(DOUBLED, f"{count} instances live that are named {name}: {[one.id for one in live]}")
    entries = Counter(one["id"] for one in world.stack.resources() if not one.get("pendingReplacement"))
    for instance_id, count in entries.items():
        if count > 1:
            yield Finding(DOUBLED, f"{count} resources of the state hold {instance_id}")
    for gone in world.seen.keys() - {one.id for one in live} - world.may_go:
        yield Finding(DESTROYED, f"{gone} ({world.seen[gone]}) is gone, and nobody had asked for that")
