"""Classes of the plugin's resources that take what those of `roma_provider` take: a module beside a test's program.

So a program of the stories is the same text on both hosts, but for the module that it imports. As there, an instance is
deleted before another replaces it by force, which is an option that any other program of the plugin sets by itself.
"""

from __future__ import annotations

from typing import Any

import pulumi

from roma_provider.hosts.plugin.names import camel
from roma_provider.hosts.plugin.schema import EXISTING_TYPE, INSTANCE_TYPE, outputs_of_type


class _Resource(pulumi.CustomResource):
    type_ = ""

    def __init__(self, resource_name: str, opts: pulumi.ResourceOptions | None = None, **arguments: Any) -> None:
        self._names = {camel(name): name for name in outputs_of_type(self.type_)}
        super().__init__(self.type_, resource_name, {**dict.fromkeys(self._names.values()), **arguments}, opts)

    def translate_input_property(self, prop: str) -> str:
        return camel(prop)

    def translate_output_property(self, prop: str) -> str:
        return self._names.get(prop, prop)


class Instance(_Resource):
    type_ = INSTANCE_TYPE
    deletes_first: bool | None = True

    def __init__(self, resource_name: str, opts: pulumi.ResourceOptions | None = None, **arguments: Any) -> None:
        mine = pulumi.ResourceOptions(delete_before_replace=self.deletes_first)
        super().__init__(resource_name, pulumi.ResourceOptions.merge(mine, opts), **arguments)

    @classmethod
    def get(cls, resource_name: str, id: pulumi.Input[str] | None = None, *, name: str = "", **place: Any) -> Instance:
        opts = pulumi.ResourceOptions(id=f"name={name}" if id is None else id)
        return cls(resource_name, pulumi.ResourceOptions.merge(opts, place.pop("opts", None)), **place)


class ExistingInstance(_Resource):
    type_ = EXISTING_TYPE
