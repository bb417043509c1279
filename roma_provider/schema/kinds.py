"""The two kinds of instance.

An *edition* instance is made by POST /v1/{project}/instances, an *RCU* one by POST /v3/{project}/roma/instances
(CreateRomaInstanceV3; experimental here, since the answers of that page are not published). What the endpoint of
each takes is in ``catalogue``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Kind:
    """A kind of instance: its name in a sentence, and the word that marks what it alone has."""

    name: str
    word: str


EDITION = Kind("an instance of an edition", "Edition")
RCU = Kind("an RCU instance", "RCU")
BOTH = (EDITION, RCU)


def is_rcu(props: Mapping[str, Any]) -> bool:
    """Whether these inputs or outputs are of an RCU instance."""
    return props.get("rcu") is not None


def kind_of(props: Mapping[str, Any]) -> Kind:
    """The kind that these inputs or outputs are of."""
    return RCU if is_rcu(props) else EDITION
