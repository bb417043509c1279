"""What a user does after an interruption who knows nothing, and follows the messages of the last command."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.campaign.world import World
from tests.engine.harness import Run

MOST_COMMANDS = 10
_COMMANDS = {
    "up": ("up", "--yes", "--skip-preview"),
    "destroy": ("destroy", "--yes", "--skip-preview"),
    "refresh": ("refresh", "--yes", "--skip-preview", "--clear-pending-creates"),
}


@dataclass
class Recovery:
    """The way to a goal, "up" or "destroy". ``stuck`` says why it was not reached, "" if it was; ``text`` is all that
    the commands have said."""

    world: World
    goal: str
    stuck: str = ""
    commands: int = 0
    text: str = ""
    has_refreshed: bool = False
    has_changed: bool = True  # whether what was done makes another run of the goal worth it

    def go(self) -> Recovery:
        """Run commands until the goal is reached, and no message asks for more."""
        while self.commands < MOST_COMMANDS:
            run = self._run(*_COMMANDS[self.goal])
            self.has_changed = True
            if self._follow(run) and (run.code != 0 or self.has_changed):
                continue
            if run.code == 0 and self.world.is_to_refresh and self._refresh() and self.has_changed:
                continue  # an earlier command had said it, and only the first one after an interruption does
            if run.code != 0:
                self.stuck = f"`pulumi {self.goal}` fails, and no message says how to go on"
            return self
        self.stuck = f"`pulumi {self.goal}` is not done after {MOST_COMMANDS} commands"
        return self

    def _run(self, *command: str) -> Run:
        self.commands += 1
        run = self.world.run(*command)
        self.text += run.text
        return run

    def _follow(self, run: Run) -> bool:
        """Whether a message said what to do, and it was done; then the goal is to be tried again."""
        for fragment, must_have_failed, remedy in RULES:
            found = re.search(fragment, run.text, re.DOTALL)
            if found is not None and (run.code != 0 or not must_have_failed) and remedy(self, found):
                return True
        return False

    # --- the remedies; False from one that does not apply

    def unlock(self, _found: re.Match[str]) -> bool:
        self._run("cancel", "--yes")
        return True

    def declare(self, found: re.Match[str]) -> bool:
        """It is to be declared as it is."""
        instance_id, vpc_id = found.groups()
        for declared in self.world.program.values():
            if declared.adopt_id == instance_id:
                declared.vpc_id = vpc_id
                return True
        return False

    def adopt(self, found: re.Match[str]) -> bool:
        name, instance_id = found.groups()
        declared = self.world.program.get(name)
        if declared is None or declared.adopt_id == instance_id:
            return False
        declared.adopt_id = instance_id
        return True

    def adopt_no_more(self, _found: re.Match[str]) -> bool:
        adopting = [declared for declared in self.world.program.values() if declared.adopt_id]
        for declared in adopting:
            declared.adopt_id = None
        return bool(adopting)

    def forget_unclear(self, found: re.Match[str]) -> bool:
        """Nobody knows what became of a POST; a user looks into the console, rather than to wait for 15 minutes."""
        name, key = found.groups()
        if any(one.name == name for one in self.world.look()):
            return True  # the list comes to show it
        self.world.forget(key)
        return True

    def settle_order(self, found: re.Match[str]) -> bool:
        """An order that no state holds: its resource takes it over, or it is deleted in the console."""
        instance_id, name = found.groups()
        if name in self.world.program and self.goal == "up":
            return False  # this very command has taken it over, or says why not
        self._delete_in_the_console(instance_id)
        return True

    def settle_intent(self, found: re.Match[str]) -> bool:
        self.world.forget(found[1])
        return True

    def wait(self, _found: re.Match[str]) -> bool:
        self.world.settled()
        return True

    def repeat(self, _found: re.Match[str]) -> bool:
        time.sleep(0.5)  # a person is slower
        return True

    def refresh(self, _found: re.Match[str]) -> bool:
        """Of Pulumi's own: operations that it knows no end of."""
        return self._refresh()

    def _settle_left_open(self) -> None:
        """What no state holds, and no later run of the goal takes over, is deleted in the console and forgotten."""
        said = self.world.roma("journal")
        self.text += said
        for instance_id, name in LEFT_OPEN.findall(said):
            if instance_id not in self.world.held and not (self.goal == "up" and name in self.world.program):
                self._delete_in_the_console(instance_id)

    def _delete_in_the_console(self, instance_id: str) -> None:
        if any(one.id == instance_id for one in self.world.look()):
            self.world.say(f"in the console: delete {instance_id}")
            self.world.may_go.add(instance_id)
            self.world.emulator.control.patch_instance(instance_id, gone=True)
        self.world.forget(instance_id)

    def _refresh(self) -> bool:
        """Pulumi asks first to look at what became of the operations; by what, docs say: `roma journal`."""
        if self.has_refreshed:
            return False
        self.has_refreshed = True
        self._settle_left_open()
        run = self._run(*_COMMANDS["refresh"])
        self.has_changed = run.code != 0 or re.search(r"^    [-~+] \d+ ", run.text, re.MULTILINE) is not None
        return True


# What `roma journal` says of an order of a known id, with the resource that it was for.
LEFT_OPEN = re.compile(r"^(?:open|given) +the order of instance (\S+), .*?::([\w-]+) \(project", re.MULTILINE)
# What a message says, whether it counts only where the command failed, and what a user then does. The first that fits.
# Properties are spelled as either host has them.
RULES: tuple[tuple[str, bool, Callable[[Recovery, re.Match[str]], bool]], ...] = (
    (r"the stack is currently locked", True, Recovery.unlock),
    (r"instance (\S+) is not what is declared:.*vpc(?:_id|Id) is '([^']+)' there", True, Recovery.declare),
    (
        r"an instance named '([\w-]+)' (?:exists already|was ordered from this)[^\n]*?adopt(?:_id=|Id: )'([^']+)'",
        True,
        Recovery.adopt,
    ),
    (r"remove adopt(?:_id|Id)", True, Recovery.adopt_no_more),
    (
        r"ordered an instance named '([\w-]+)' and got no clear answer.*run `roma forget (\w+)` and",
        True,
        Recovery.forget_unclear,
    ),
    (
        r"ordered instance (\S+) \(named '[\w-]+'\) for resource '([\w-]+)' of this stack and was",
        False,
        Recovery.settle_order,
    ),
    (r"ordered an instance \(named.*and run `roma forget (\w+)`", False, Recovery.settle_intent),
    (r"has the status DELETING|which goes on; run it again", False, Recovery.wait),
    (r"you can repair your stack using `pulumi refresh`|interrupted while", False, Recovery.refresh),
    (
        r"`pulumi (?:up|destroy)` again|the next `pulumi up` creates another|run the command again",
        True,
        Recovery.repeat,
    ),
)
