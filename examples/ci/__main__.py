"""An instance that CI orders: the state has its id at once, so that any later runner goes on with the wait.

Config: vpcId, subnetId, securityGroupId, availableZones; see docs/ways-in.md.
"""

import pulumi

import roma_provider as roma

config = pulumi.Config()

order = roma.Instance(
    "integration",
    name="roma-ci",
    edition="basic",
    available_zones=config.require_object("availableZones"),
    vpc_id=config.require("vpcId"),
    subnet_id=config.require("subnetId"),
    security_group_id=config.require("securityGroupId"),
    wait=False,
)
ready = roma.ExistingInstance(
    "integration-ready",
    instance_id=order.instance_id,
    opts=pulumi.ResourceOptions(custom_timeouts=pulumi.CustomTimeouts(create="90m")),
)
pulumi.export("instance_id", order.instance_id)
pulumi.export("status", ready.status)
pulumi.export("connect_address", ready.connect_address)
