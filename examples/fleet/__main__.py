"""Instances in two regions, made at the same time. Each row of the config's `sites` is one; README.md shows them."""

from typing import TypedDict

import pulumi

import roma_provider as roma


class _Network(TypedDict):
    vpc: str
    subnet: str
    securityGroup: str


class Site(_Network, total=False):
    """Where an instance lives. A Huawei Cloud project belongs to one region, so each site may name its own."""

    region: str
    project: str
    zones: list[str]


def emulated(region: str) -> Site:
    """A site that suits the emulator."""
    return {
        "region": region,
        "vpc": "f33728c1-e774-4a9b-a0bb-30b840645628",
        "subnet": "f65009c8-7009-403c-abdf-3100f9817762",
        "securityGroup": "272338c9-b3ee-41ae-a2b6-3942f31030da",
    }


class Fleet(pulumi.ComponentResource):
    """An instance for each site."""

    def __init__(self, name: str, sites: dict[str, Site], *, edition: str, protect: bool) -> None:
        super().__init__("example:roma:Fleet", name)
        # A component hands `protect` on to its children: what is deleted is lost with all that was made in it.
        own = pulumi.ResourceOptions(parent=self, protect=protect)
        self.instances = {
            site: roma.Instance(
                f"{name}-{site}",
                name=f"{name}-{site}",
                edition=edition,
                region=place.get("region"),
                project_id=place.get("project"),
                available_zones=place.get("zones", ["az0.dc0"]),
                vpc_id=place["vpc"],
                subnet_id=place["subnet"],
                security_group_id=place["securityGroup"],
                opts=own,
            )
            for site, place in sites.items()
        }
        self.addresses = {site: instance.connect_address for site, instance in self.instances.items()}
        self.register_outputs({"addresses": self.addresses})


config = pulumi.Config()
fleet = Fleet(
    "orders",
    config.get_object("sites") or {"beijing": emulated("cn-north-4"), "shanghai": emulated("cn-east-3")},
    edition=config.get("edition") or "basic",
    protect=config.get_bool("protect") is not False,
)

pulumi.export("addresses", fleet.addresses)
pulumi.export("statuses", {site: instance.status for site, instance in fleet.instances.items()})
