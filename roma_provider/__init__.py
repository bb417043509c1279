"""A Pulumi dynamic provider for Huawei Cloud ROMA Connect instances.

Importing it loads neither requests nor pydantic: a program only declares; the work is done in the plugin.
"""

from typing import TYPE_CHECKING

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
    "__version__",
]

if TYPE_CHECKING:
    __version__: str


def __getattr__(name: str) -> str:
    """``__version__``, of the installed package (pyproject.toml says it); looked up when it is first asked for."""
    if name != "__version__":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("roma-provider")
    except PackageNotFoundError:  # run from a folder, not installed
        return "(not installed)"
