"""A Pulumi dynamic provider for Huawei Cloud ROMA Connect instances.

Importing it loads neither requests nor pydantic: a program only declares; the work is done in the plugin, which for
its part needs nothing of what a program declares with. So each name is loaded when it is first used.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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
else:
    _HOMES = {
        "args": ("InstanceArgs", "MqsArgs", "RcuArgs", "RcuIndicatorArgs", "RcuShareArgs"),
        "existing_instance": ("ExistingInstance",),
        "instance": ("Instance",),
        "output_types": ("Mqs", "Rcu", "RcuIndicator", "RcuShare", "Service"),
    }

    def __getattr__(name: str) -> Any:
        """``__version__``, of the installed package (pyproject.toml says it), or what a program declares with."""
        from importlib import import_module

        for module, names in _HOMES.items():
            if name in names:
                found = globals()[name] = getattr(import_module(f"{__name__}.resources.{module}"), name)
                return found
        if name == "__version__":
            return _version()
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("roma-provider")
    except PackageNotFoundError:  # run from a folder, not installed
        return "(not installed)"
