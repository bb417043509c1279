"""A Pulumi dynamic provider for Huawei Cloud ROMA Connect instances.

Importing it loads neither requests nor pydantic: a program only declares; the work is done in the plugin.
"""

from .existing_instance import ExistingInstance
from .instance import Instance
from .instance_args import InstanceArgs, MqsArgs, RcuArgs, RcuIndicatorArgs, RcuShareArgs
from .instance_outputs import Mqs, Rcu, RcuIndicator, RcuShare, Service

__all__ = [
    "ExistingInstance",
    "Instance",
    "InstanceArgs",
    "Mqs",
    "MqsArgs",
    "Rcu",
    "RcuArgs",
    "RcuIndicator",
    "RcuIndicatorArgs",
    "RcuShare",
    "RcuShareArgs",
    "Service",
]
