"""The rules for ROMA Connect instances. They need no Pulumi: `__main__.py` makes a policy pack of them.

A rule gets what the program declares of one resource, after the provider's check: defaults, region and product id
are filled in. It never gets the state, so it cannot tell a replacement from a creation (README.md).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, Protocol, cast

# What Python programs declare by `roma_provider`, and what all languages declare by the plugin `roma`.
INSTANCES = ("pulumi-python:dynamic/roma:Instance", "roma:index:Instance")
WORDS = {"type": "array", "items": {"type": "string"}}


class Options(Protocol):
    """The resource options that a rule looks at."""

    @property
    def protect(self) -> bool: ...


class Declared(Protocol):
    """A resource as a rule gets it: a `ResourceValidationArgs` of pulumi_policy."""

    @property
    def resource_type(self) -> str: ...
    @property
    def urn(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def props(self) -> Mapping[str, Any]: ...
    @property
    def opts(self) -> Options: ...
    def get_config(self) -> Mapping[str, Any]: ...


Report = Callable[[str], None]
Check = Callable[[Declared, Report], None]


@dataclass(frozen=True)
class Rule:
    """`settings` and `required` are the schema of its part of the config file: JSON schemas by key."""

    name: str
    description: str
    check: Check
    settings: Mapping[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    required: tuple[str, ...] = ()

    def validate(self, declared: Declared, report: Report) -> None:
        """Report what is not allowed. Resources of other types are let pass."""
        if declared.resource_type in INSTANCES:
            self.check(declared, report)


def read(props: Mapping[str, Any], name: str) -> Any:
    """A property in either spelling, `eip_id` or `eipId`; None where it is left out.

    What is not known yet, in a preview, raises pulumi_policy's UnknownValueError. That is meant to leave the rule:
    Pulumi then says that it could not look, and `up` looks again when the value is known.
    """
    camel = re.sub("_(.)", lambda found: found[1].upper(), name)
    for spelling in (name, camel):
        value = props.get(spelling)
        if value is not None:
            return value
    return None


def protected(declared: Declared, report: Report) -> None:
    stack, project = declared.urn.split("::")[:2]
    stack = stack.removeprefix("urn:pulumi:")
    config = declared.get_config()
    if declared.opts.protect or not any(fnmatchcase(stack, pattern) for pattern in config["productionStacks"]):
        return
    label = f"{project}/{stack}/{declared.name}"
    if label not in config["mayBeReplaced"]:
        report(
            f"{stack} is a production stack: set the resource option `protect` to true. To replace or delete the "
            f'instance, write "{label}" into mayBeReplaced of the pack\'s config.'
        )


def no_public_address(declared: Declared, report: Report) -> None:
    if read(declared.props, "publicip_enable") is True:
        report("publicip_enable gives the instance a public address: leave it out.")
    queues = read(declared.props, "mqs")
    # What is no object the provider refuses; the engine asks the rules all the same.
    if isinstance(queues, Mapping) and read(cast("Mapping[str, Any]", queues), "enable_publicip") is True:
        report("enable_publicip of mqs makes the queues public: leave it out.")
    # The last one, since this one alone is known late: it may be the output of an address that is still to be made.
    address = read(declared.props, "eip_id")
    if address is not None:
        report(f"eip_id {address} gives the instance a public address: leave it out.")


def approved_editions(declared: Declared, report: Report) -> None:
    config = declared.get_config()
    editions, products = config["editions"], config["productIds"]
    allowed = f"approved are {', '.join([*editions, *products]) or 'none'}."
    if "rcu" in declared.props:
        if "rcu" not in editions:
            report(f"an instance by RCU is not approved; {allowed}")
        return
    edition = read(declared.props, "edition")
    if edition is not None and edition not in editions:
        report(f"the edition {edition} is not approved; {allowed}")
    # An edition stands for a product id, which the stack's config can change (roma:productIds).
    if edition is None or products:
        product = read(declared.props, "product_id")
        if product not in products:
            instead = (
                "Add it to productIds of the pack's config"
                if edition
                else "Write an edition in its place, or add it to productIds of the pack's config"
            )
            report(f"the product id {product or '(none)'} is not approved; {allowed} {instead}.")


def approved_regions(declared: Declared, report: Report) -> None:
    regions = declared.get_config()["regions"]
    region = read(declared.props, "region")
    if region not in regions:
        report(f"the region {region or '(none)'} is not approved; approved are {', '.join(regions) or 'none'}.")


RULES = (
    Rule(
        "roma-protected",
        "In a production stack, an instance is protected from deletion and replacement.",
        protected,
        {
            "productionStacks": {**WORDS, "default": ["prod", "prod-*", "*-prod", "production"]},
            "mayBeReplaced": {**WORDS, "default": []},
        },
    ),
    Rule("roma-no-public-address", "An instance has no public address.", no_public_address),
    Rule(
        "roma-approved-editions",
        "An instance is of an approved edition.",
        approved_editions,
        {"editions": WORDS, "productIds": {**WORDS, "default": []}},
        required=("editions",),
    ),
    Rule(
        "roma-approved-regions",
        "An instance is in an approved region.",
        approved_regions,
        {"regions": WORDS},
        required=("regions",),
    ),
)
