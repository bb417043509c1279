"""The dynamic providers, by the names under which the state refers to them. Nothing but hand-over.

Frozen. The state holds the module path and the name of each class, so neither may ever change; and their objects are
pickled into every resource, so they must never get attributes. requests and pydantic are loaded by the first hook
that needs them, in the plugin's process, not where a program imports this package.
"""

from __future__ import annotations

from .hosts.dynamic.host import OwningProvider, ReferringProvider


class InstanceProvider(OwningProvider):
    """Owns an instance: creates, reads, updates, deletes it. Stateless."""


class ExistingInstanceProvider(ReferringProvider):
    """Waits for an instance and reads it. Stateless."""
