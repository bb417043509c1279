"""A Pulumi dynamic provider for Huawei Cloud ROMA Connect instances.

Importing it loads neither requests nor pydantic: a program only declares; the work is done in the plugin.
"""

from .instance import Instance, InstanceArgs, MqsArgs, Service

__all__ = ["Instance", "InstanceArgs", "MqsArgs", "Service"]
