"""The engine's calls to a resource plugin, answered by the lifecycle.

A raw servicer of pulumi.runtime.proto: the SDK's own (`pulumi.provider.experimental`) has no partial failure, no gRPC
context, and no way to the engine's log.

It asks for no secrets: the engine takes the mark off and puts it back, on outputs too, by the names of the inputs.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

import grpc
from google.protobuf import empty_pb2, struct_pb2
from pulumi.output import Unknown
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from ...config.keys import SECRETS, SETTINGS
from ...errors import InputError, RomaError
from ...lifecycle.urns import name_of
from ...schema.rules import has_unknown
from ...texts import for_people
from ..call import HookError
from ..link import Link
from . import names, wire
from .call import Call
from .resources import Resources
from .schema import GET_INSTANCE, PACKAGE, schema
from .words import told

if TYPE_CHECKING:
    from ...lifecycle.session import Session

Context: TypeAlias = "grpc.ServicerContext"
MakeSession: TypeAlias = "Callable[[Callable[[str], str | None], str | None], Session]"
"""Makes the session of a configuration, which reads a key such as ``roma:region``, under an engine's address."""
_SEMVER = re.compile(r"\d+\.\d+\.\d+.*")
_PREFIX = f"{PACKAGE}:"
_SECRETS = {key.name.removeprefix(_PREFIX) for key in SECRETS}
_SETTINGS = sorted(key.config.removeprefix(_PREFIX) for key in SETTINGS if key.config is not None)
# Of Pulumi's own, among the properties of a provider resource; others begin with "__".
_PULUMI_S = ("version", "pluginDownloadURL", "pluginChecksums", "parameterization", "envVarMappings")
# The provider resource that the engine makes of stack config, which may hold keys of others: a project's, named roma.
_DEFAULT = re.compile(r"default(_.*)?")


class Server(provider_pb2_grpc.ResourceProviderServicer):
    """One plugin process. ``address`` is the engine's (host:port), None where no engine has started it: then one
    attaches itself later."""

    def __init__(self, version: str, make: MakeSession, address: str | None) -> None:
        self._version = version if _SEMVER.fullmatch(version) else "0.0.0"
        self._make = make
        self._link = Link(ends=address is not None)
        self._begin(address)
        self._resources: Resources | None = None

    def _begin(self, address: str | None) -> None:
        self._address = address
        self._link.connect(address)

    # --- the plugin

    def GetPluginInfo(self, _request: Any, _context: Context) -> Any:  # noqa: N802 - the protocol's names
        return plugin_pb2.PluginInfo(version=self._version)

    def GetSchema(self, request: Any, context: Context) -> Any:  # noqa: N802
        if request.version != 0:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, f"there is no schema of version {request.version}")
        return provider_pb2.GetSchemaResponse(schema=json.dumps(schema(self._version)))

    def Attach(self, request: Any, _context: Context) -> Any:  # noqa: N802
        """A run of an engine that has not started this process. The Cancel at the end of the last run counts no more;
        Configure comes anew."""
        self._link = Link(ends=False)
        self._begin(request.address)
        return empty_pb2.Empty()

    def Cancel(self, _request: Any, _context: Context) -> Any:  # noqa: N802
        self._link.cancel()
        return empty_pb2.Empty()

    # --- its configuration

    def CheckConfig(self, request: Any, _context: Context) -> Any:  # noqa: N802
        """As it is; but a secret that stands in clear in the stack's config is encrypted in the state. A provider
        resource of the program must not be given what is no setting: without it, its instances would be elsewhere."""
        inputs = struct_pb2.Struct()
        inputs.CopyFrom(request.news)
        given = wire.read(request.news)
        for name, value in given.items():
            # Misspelled ones, too: of stack config none is refused. A number is as secret as a text.
            if names.camel(name) in _SECRETS and value is not wire.UNKNOWN_VALUE:
                inputs.fields[name].CopyFrom(wire.write({name: wire.secret(value)}).fields[name])
        failures = [*_no_settings(request.urn, given), *_no_texts(given)]
        return provider_pb2.CheckResponse(inputs=inputs, failures=failures)

    def DiffConfig(self, request: Any, _context: Context) -> Any:  # noqa: N802
        """Any other setting is a change, which replaces nothing: without one the engine would configure this run with
        the old settings. What it means for a resource, its own check says."""
        olds = request.old_inputs if request.HasField("old_inputs") else request.olds
        changed = wire.read(olds) != wire.read(request.news)
        changes = provider_pb2.DiffResponse.DIFF_SOME if changed else provider_pb2.DiffResponse.DIFF_NONE
        return provider_pb2.DiffResponse(changes=changes)

    def Configure(self, request: Any, _context: Context) -> Any:  # noqa: N802
        given = wire.read(request.args)
        self._resources = Resources(self._make(lambda key: _text(given.get(key.removeprefix(_PREFIX))), self._address))
        return provider_pb2.ConfigureResponse(supportsPreview=True)

    # --- resources

    def Check(self, request: Any, context: Context) -> Any:  # noqa: N802
        with self._answering(request, context) as (call, resources):
            inputs, failures = resources.check(call, request)
            return provider_pb2.CheckResponse(
                inputs=request.news if failures else _struct(inputs),
                failures=[_failure(key, reason) for key, reason in failures],
            )

    def Diff(self, request: Any, context: Context) -> Any:  # noqa: N802
        with self._answering(request, context) as (call, resources):
            return resources.diff(call, request)

    def Create(self, request: Any, context: Context) -> Any:  # noqa: N802
        with self._answering(request, context) as (call, resources):
            instance_id, outputs = resources.create(call, request)
            return provider_pb2.CreateResponse(id=instance_id, properties=_struct(outputs))

    def Read(self, request: Any, context: Context) -> Any:  # noqa: N802
        with self._answering(request, context) as (call, resources):
            found = resources.read(call, request)
            if found is None:
                return provider_pb2.ReadResponse()
            return provider_pb2.ReadResponse(
                id=found.instance_id,
                properties=_struct(call.carried(found.outputs) if found.is_pending else found.outputs),
                inputs=None if found.inputs is None else _struct(found.inputs),
                refresh_before_update=found.is_pending,
            )

    def Update(self, request: Any, context: Context) -> Any:  # noqa: N802
        with self._answering(request, context) as (call, resources):
            return provider_pb2.UpdateResponse(properties=_struct(resources.update(call, request)))

    def Delete(self, request: Any, context: Context) -> Any:  # noqa: N802
        with self._answering(request, context) as (call, resources):
            resources.delete(call, request)
            return empty_pb2.Empty()

    def Invoke(self, request: Any, context: Context) -> Any:  # noqa: N802
        with self._answering(request, context) as (call, resources):
            if request.tok != GET_INSTANCE:
                raise RomaError(f"there is no function {request.tok}; there is {GET_INSTANCE}")
            if wrong := names.misspelled(wire.read(request.args)):
                return provider_pb2.InvokeResponse(failures=[_failure(path, f"write {name}") for path, name in wrong])
            try:
                found = resources.looked_up(call, call.properties(request.args))
            except InputError as error:
                return provider_pb2.InvokeResponse(failures=[_failure(*told(error.key, error.reason))])
            return provider_pb2.InvokeResponse(**{"return": _struct(found)})

    @contextlib.contextmanager
    def _answering(self, request: Any, context: Context) -> Iterator[tuple[Call, Resources]]:
        """Around a call: an error in it ends the call with a status that the engine shows well."""
        try:
            with Call(request, context, self._link).answering() as call:
                if self._resources is None:
                    raise RomaError("the plugin was asked before it was configured")
                yield call, self._resources
        except HookError as error:
            context.abort(grpc.StatusCode.UNKNOWN, str(error))


def _struct(properties: Mapping[str, Any]) -> struct_pb2.Struct:
    return wire.write(names.to_wire(properties))


def _failure(key: str, reason: str) -> Any:
    return provider_pb2.CheckFailure(property=key, reason=for_people(reason))


def _no_settings(urn: str, given: Mapping[str, Any]) -> list[Any]:
    """What is wrong with the properties of a provider resource: those that are no settings."""
    if _DEFAULT.fullmatch(name_of(urn)):
        return []
    unknown = [key for key in given if key not in (*_SETTINGS, *_PULUMI_S) and not key.startswith("__")]
    return [_failure(key, _instead(key)) for key in sorted(unknown)]


def _no_texts(given: Mapping[str, Any]) -> list[Any]:
    """Settings that are no values."""
    found = [(key, value) for key, value in given.items() if key in _SETTINGS and isinstance(value, wire.Other)]
    return [_failure(key, f"write text, not {value}") for key, value in found]


def _instead(key: str) -> str:
    name = names.camel(key.removeprefix(_PREFIX))
    if name in _SETTINGS:
        return f"write {name}"
    return f"a provider resource has no such property; the properties are: {', '.join(_SETTINGS)}"


def _text(value: Any) -> str | None:
    """A setting as text: one that is an object, such as ``roma:adopt``, as JSON. None where it is not known."""
    if value is None or has_unknown(value, lambda part: isinstance(part, Unknown)):
        return None
    if isinstance(value, float) and value.is_integer():
        return str(int(value))  # all numbers are floats on the wire
    return value if isinstance(value, str) else json.dumps(value)
