"""A Pulumi dynamic provider for Huawei Cloud ROMA Connect instances.

Importing it loads neither requests nor pydantic: a program only declares; the work is done in the plugin.
"""

from .resources.args import InstanceArgs, MqsArgs, RcuArgs, RcuIndicatorArgs, RcuShareArgs
from .resources.existing_instance import ExistingInstance
from .resources.instance import Instance
from .resources.output_types import Mqs, Rcu, RcuIndicator, RcuShare, Service

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
