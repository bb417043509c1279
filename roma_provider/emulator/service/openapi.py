"""What this emulator takes and answers, as an OpenAPI document: its own (served beside its control), not the vendor's.

It says what is here, guesses included; those are marked where they are made (`answers`, `operations`, `orders`,
`refusals`, `validation`). The tests hold the names of the bodies against `core.orders`, and, with generated calls, all
answers against the document. Faults and overrides may answer anything, and are left out.
"""

from typing import Any, TypeAlias

from ..core.faults import IAM_OPERATIONS

Schema: TypeAlias = dict[str, Any]


def document() -> Schema:
    """The document, OpenAPI 3.1."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "ROMA Connect instances, as the emulator has them", "version": "1"},
        "security": [{"token": []}],
        "paths": _paths(),
        "components": {"securitySchemes": {"token": {"type": "apiKey", "in": "header", "name": "X-Auth-Token"}}},
    }


def _paths() -> Schema:
    listed_v2, listed_v3 = _list(_LISTED_V2, "project_id", "create_time", "update_time"), _list({"category": _TEXT})
    filters = {"status": _STATUS_QUERY, "offset": _PAGE, "limit": _PAGE, "id": _TEXT}
    of_project, of_instance = ("project_id",), ("project_id", "instance_id")
    return {
        "/v1/{project_id}/instances": _path(
            *of_project, post=_operation("create_instance", _CREATED, body=EDITION, codes=(400,))
        ),
        "/v3/{project_id}/roma/instances": _path(
            *of_project,
            post=_operation("create_rcu_instance", _CREATED, body=RCU, codes=(400,)),
            get=_operation(
                "list_roma_instances", listed_v3, query={"status": _STATUS_QUERY, "category": _TEXT}, codes=(400,)
            ),
        ),
        "/v2/{project_id}/instances": _path(
            *of_project, get=_operation("list_instances", listed_v2, query=filters, codes=(400,))
        ),
        "/v2/{project_id}/instances/{instance_id}/process": _path(
            *of_instance, get=_operation("creation_progress", _PROCESS, codes=(400, 404))
        ),
        "/v1/{project_id}/roma/instances/{instance_id}": _path(
            *of_instance, delete=_operation("delete_instance", None, codes=(400, 404))
        ),
        "/v3/auth/tokens": _path(post=_operation("create_token", _ISSUED, body=_SIGN_IN, codes=(400,))),
        "/v3/projects": _path(get=_operation("list_projects", _PROJECTS, query={"name": _TEXT})),
    }


_TEXT: Schema = {"type": "string"}
_TEXT_OR_NULL: Schema = {"type": ["string", "null"]}
_SOME_TEXT: Schema = {"type": "string", "minLength": 1}
_BOOLEAN: Schema = {"type": "boolean"}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_SIZE: Schema = {"type": "integer", "minimum": 0, "maximum": 2**63 - 1}
_ZONES: Schema = {"type": "array", "minItems": 1, "maxItems": 9, "items": _SOME_TEXT}
_NAME: Schema = {"type": "string", "minLength": 1, "maxLength": 64}
_TIME: Schema = {"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]$"}


def _object(properties: Schema, required: tuple[str, ...] | None = None, *, more: bool = False) -> Schema:
    """An object with no other keys, or with `more`; all are required where nothing else is said."""
    needed = list(properties) if required is None else list(required)
    return {"type": "object", "properties": properties, "required": needed, "additionalProperties": more}


def _array(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _one_of(*values: str) -> Schema:
    return {"type": "string", "enum": list(values)}


_ERROR = _object(
    {"error_code": _SOME_TEXT, "error_msg": _SOME_TEXT, "request_id": _SOME_TEXT, "error_details": _TEXT},
    ("error_code", "error_msg", "request_id"),
)
_IAM_ERROR = _object({"error": _object({"code": {"type": "integer"}, "message": _SOME_TEXT, "title": _SOME_TEXT})})


def _parameter(name: str, place: str, schema: Schema) -> Schema:
    return {"name": name, "in": place, "required": place == "path", "schema": schema}


def _operation(
    name: str,
    answer: Schema | None,
    *,
    query: Schema | None = None,
    body: Schema | None = None,
    codes: tuple[int, ...] = (),
) -> Schema:
    """An operation; 401 and the guard's 403 (`control.guard`) can meet all of them."""
    iam = name in IAM_OPERATIONS
    error = {"oneOf": [_ERROR, _IAM_ERROR]} if iam else _ERROR
    success = "202" if answer is None else "201" if name == "create_token" else "200"
    made: Schema = {
        "operationId": name,
        "parameters": [_parameter(key, "query", schema) for key, schema in (query or {}).items()],
        "responses": {
            success: {"description": "Done."} if answer is None else _content(answer),
            **{str(code): _content(error) for code in sorted({401, 403, *codes})},
        },
    }
    if body is not None:
        made["requestBody"] = {"required": True, "content": {"application/json": {"schema": body}}}
    return made


def _path(*names: str, **operations: Schema) -> Schema:
    schemas = {"project_id": {"type": "string", "minLength": 16, "maxLength": 128}, "instance_id": _SOME_TEXT}
    return {"parameters": [_parameter(name, "path", schemas[name]) for name in names], **operations}


def _content(schema: Schema) -> Schema:
    kind = "application/json;charset=utf-8"
    return {"description": "As below.", "content": {kind: {"schema": schema}}}


_MQS = {
    "engine_version": _one_of("2.7", "2.3.0", "1.1.0"),
    "retention_policy": _one_of("produce_reject", "time_base"),
    "rocketmq_enable": _BOOLEAN,
    "enable_publicip": _BOOLEAN,
    "enable_acl": _BOOLEAN,
    "ssl_enable": _BOOLEAN,
    "trace_enable": _BOOLEAN,
    "vpc_client_plain": _BOOLEAN,
    "connector_enable": _BOOLEAN,
}
_RCU_MQS = ("engine_version", "retention_policy", "ssl_enable", "trace_enable", "vpc_client_plain")
EDITION = _object(
    {
        "name": _NAME,
        "description": _TEXT,
        "product_id": {"type": "string", "pattern": "^[0-9]{5}-3010[1-5]-0--0$"},
        "available_zones": _ZONES,
        "vpc_id": _SOME_TEXT,
        "subnet_id": _SOME_TEXT,
        "security_group_id": _SOME_TEXT,
        "ipv6_enable": _BOOLEAN,
        "enable_all": _BOOLEAN,
        "mqs": _object(_MQS, ()),
        "cpu_architecture": _one_of("x86", "arm"),
        "ep_id": _TEXT,
        "eip_id": _TEXT,
        "entrance_bandwidth_size": _SIZE,
        "maintain_begin": _TIME,
        "maintain_end": _TIME,
    },
    (
        *("name", "description", "product_id", "available_zones", "vpc_id", "subnet_id", "security_group_id"),
        *("ipv6_enable", "enable_all", "mqs", "cpu_architecture"),
    ),
)
"""The body of `create_instance`."""

_SHARE = _object({"indicator": _object({"id": _SOME_TEXT}), "value": _SIZE})
RCU = _object(
    {
        "name": _NAME,
        "charge_type": _one_of("prePaid", "postPaid"),
        "available_zone_ids": _ZONES,
        "cpu_arch": _one_of("x86_64", "aarch64"),
        "rcu": {**_object({"total": _SIZE, "distribution": _array(_SHARE)}, ()), "minProperties": 1},
        "vpc_id": _SOME_TEXT,
        "subnet_id": _SOME_TEXT,
        "description": _TEXT,
        "enterprise_project_id": _TEXT,
        "ingress_bandwidth_size": _SIZE,
        "publicip_enable": _BOOLEAN,
        "config": _object({"mqs": _object({name: _MQS[name] for name in _RCU_MQS}, ())}, ()),
        "scope": _one_of("center", "edge"),
    },
    ("name", "charge_type", "available_zone_ids", "cpu_arch", "rcu", "vpc_id", "subnet_id"),
)
"""The body of `create_rcu_instance`."""

_SIGN_IN = _object(
    {
        "auth": _object(
            {
                "identity": _object(
                    {
                        "methods": {"type": "array", "items": _one_of("password"), "minItems": 1, "maxItems": 1},
                        "password": _object(
                            {
                                "user": _object(
                                    {"name": _SOME_TEXT, "password": _TEXT, "domain": _object({"name": _SOME_TEXT})},
                                    ("name", "password"),
                                )
                            }
                        ),
                    }
                ),
                "scope": _object({"project": _object({"name": _TEXT, "id": _TEXT}, ())}, ()),
            },
            ("identity",),
        )
    }
)

_PAGE = {"type": "integer", "minimum": 0, "maximum": 100}
_STATUS_QUERY = {"type": "string", "minLength": 3, "maxLength": 128}
_CREATED = _object({"instance_id": _SOME_TEXT})
_LISTED = {
    "id": _SOME_TEXT,
    "name": _TEXT,
    "description": _TEXT,
    "cpu_arch": _TEXT,
    "vpc_id": _TEXT,
    "subnet_id": _TEXT,
    "security_group_id": _TEXT,
    "publicip_enable": _BOOLEAN,
    "publicip_id": _TEXT,
    "status": _SOME_TEXT,
    "charge_type": _one_of("prePaid", "postPaid"),
    "available_zone_ids": _array(_TEXT),
    "enterprise_project_id": _TEXT,
}
_ALWAYS_LISTED = ("id", "name", "status", "charge_type", "available_zone_ids", "vpc_id", "subnet_id")
_LISTED_V2 = {
    **dict.fromkeys(("flavor_id", "flavor_type", "publicip_address", "error_code", "error_msg"), _TEXT),
    **dict.fromkeys(("project_id", "create_time", "update_time", "maintain_begin", "maintain_end"), _TEXT),
}


def _list(own: Schema, *always: str) -> Schema:
    item = _object({**_LISTED, **own}, (*_ALWAYS_LISTED, *always))
    return _object({"total": _COUNT, "size": _COUNT, "instances": _array(item)})


_SUB_SERVICE = _object(
    {
        "name": _SOME_TEXT,
        "start_time": _COUNT,
        "end_time": _COUNT,
        "status": _SOME_TEXT,
        "taken_time": _COUNT,
        "progress": {"type": "integer", "minimum": 0, "maximum": 100},
        "error_msg": _TEXT,
        "error_code": _TEXT,
    }
)
_INSTANCE = _object(
    {
        **dict.fromkeys(("instanceId", "name", "status", "engine", "engineVersion", "tenantId", "orderId"), _SOME_TEXT),
        **dict.fromkeys(
            ("connectAddress", "conAmount", "type", "productId", "description", "errorCode"), _TEXT_OR_NULL
        ),
        **dict.fromkeys(("errorMessage", "tenantSecurityGroupId", "publicipId", "publicipAddr"), _TEXT_OR_NULL),
        **dict.fromkeys(("specCode", "ipv6ConnectAddress", "ingressBandwidthSize", "cpuArch"), _TEXT_OR_NULL),
        **dict.fromkeys(("tenantVpcId", "tenantSubnetId", "availableZones", "maintainBegin", "maintainEnd"), _TEXT),
        **dict.fromkeys(("publicipBounded", "ipv6Enable", "rocketmqEnable", "demondPay", "prePay"), _BOOLEAN),
        **dict.fromkeys(("createdAt", "updatedAt"), _COUNT),
        "chargingMode": {"type": "integer", "enum": [0, 1]},
        "scope": _one_of("center", "edge"),
        **dict.fromkeys(("epId", "epIdOrDefault"), _SOME_TEXT),
    },
    more=True,
)
_PROCESS = _object(
    {
        "instance": _INSTANCE,
        "currentTime": _COUNT,
        "instance_id": _SOME_TEXT,
        "name": _SOME_TEXT,
        "start_time": _COUNT,
        "taken_time": _COUNT,
        "end_time": _COUNT,
        "progress": {"type": "integer", "minimum": 0, "maximum": 100},
        "status": _SOME_TEXT,
        "item": _array(_SUB_SERVICE),
    }
)

_DOMAIN = _object({"id": _TEXT, "name": _TEXT}, ("name",))
_ISSUED = _object(
    {
        "token": _object(
            {
                "expires_at": _SOME_TEXT,
                "issued_at": _SOME_TEXT,
                "methods": _array(_TEXT),
                "project": _object({"id": _TEXT, "name": _TEXT, "domain": _DOMAIN}),
                "user": _object({"id": _SOME_TEXT, "name": _TEXT, "domain": _DOMAIN}),
                "catalog": {"type": "array", "maxItems": 0},
            }
        )
    }
)
_PROJECT = _object(
    {
        **dict.fromkeys(("domain_id", "parent_id", "name", "description", "id"), _TEXT),
        **dict.fromkeys(("is_domain", "enabled"), _BOOLEAN),
        "links": _object({"self": _SOME_TEXT}),
    }
)
_PROJECTS = _object(
    {"links": _object({"self": _TEXT, "previous": _TEXT_OR_NULL, "next": _TEXT_OR_NULL}), "projects": _array(_PROJECT)}
)
