"""Waits for an instance that somebody else ordered, and goes on when it is ready. It is never changed or deleted."""

import pulumi

import roma_provider as roma

instance = roma.ExistingInstance(
    "ordered",
    instance_id=pulumi.Config().require("instanceId"),
    opts=pulumi.ResourceOptions(custom_timeouts=pulumi.CustomTimeouts(create="90m")),
)

pulumi.export("status", instance.status)
pulumi.export("connect_address", instance.connect_address)
pulumi.export("ready_at", instance.end_time_rfc3339)
