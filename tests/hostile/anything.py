"""What hypothesis makes: JSON, answers, headers, arguments and files, of any kind and not too large."""

from __future__ import annotations

import json
import os
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from tests.support.fakes import ID, OTHER_ID, PROJECT, REGION, SUBNET, TOKEN, URN, VPC, body

# `FUZZ=3000 pytest tests/hostile -k anything` looks longer, and each time elsewhere.
FUZZ = int(os.environ.get("FUZZ", "0"))


def bounded(examples: int) -> settings:
    """The settings of a property: the same examples in each run, so that no change fails for another's find."""
    return settings(
        max_examples=FUZZ or examples,
        deadline=None,
        derandomize=not FUZZ,
        database=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
    )


# Words that mean something somewhere, beside any text.
WORDS = st.sampled_from(
    [
        *(
            "RUNNING",
            "CREATING",
            "CREATE_FAILED",
            "DELETED",
            "DELETING",
            "FROZEN",
            "ERROR",
            "running",
            "runn\u0131ng",
            "",
        ),
        *(
            ID,
            OTHER_ID,
            ID.upper(),
            PROJECT,
            REGION,
            SUBNET,
            VPC,
            URN,
            TOKEN,
            "roma-2222",
            "production",
            "../..",
            "a/b",
        ),
        *(
            "\x1b[2J",
            "x\n::error::y",
            "##vso[task]",
            "\u202e",
            "\ud800",
            "2025-03-06T12:00:00Z",
            "[az0, az1]",
            "0",
            "-1",
        ),
    ]
)
LONG = st.builds(lambda part, times: part * times, st.sampled_from(["x", "名", "\x1b", "x "]), st.integers(1000, 5000))
TEXTS = st.one_of(WORDS, st.text(max_size=30), LONG)
NUMBERS = st.one_of(st.integers(), st.floats(), st.sampled_from([0, -1, 2**63, 10**30, 1e308]))
LEAVES = st.one_of(st.none(), st.booleans(), NUMBERS, TEXTS)
# Keys that answers, arguments and files have, so that what is below them is read.
KEYS = st.one_of(
    st.sampled_from(
        [
            *("instance", "item", "services", "instances", "total", "size", "id", "instance_id", "instanceId", "name"),
            *("status", "progress", "start_time", "end_time", "startTime", "endTime", "error_code", "error_msg"),
            *("errorCode", "errorMessage", "connectAddress", "availableZones", "createdAt", "create_time", "prePay"),
            *("vpc_id", "subnet_id", "category", "code", "message", "token", "expires_at", "projects", "enabled"),
        ]
    ),
    st.text(max_size=8),
)
JSON = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=5), st.dictionaries(KEYS, inner, max_size=6)),
    max_leaves=20,
)
PROCESS_KEYS = st.sampled_from(sorted(body()["instance"]))
"""Fields of the instance in an answer of /process."""


def as_bytes(value: Any) -> bytes:
    """JSON as a server may write it: half a surrogate pair, NaN and numbers of any size included."""
    return json.dumps(value).encode()


STATUSES = st.one_of(
    st.sampled_from([200, 200, 200, 201, 202, 204, 206, 302, 400, 401, 403, 404, 404, 408, 409, 429, 500, 503, 504]),
    st.integers(200, 599),
)
HEADERS = st.dictionaries(
    st.sampled_from(
        ["Date", "Retry-After", "Location", "X-Request-Id", "X-IAM-Trace-Id", "X-Subject-Token", "Content-Type"]
    ),
    st.one_of(
        TEXTS,
        st.sampled_from(
            [
                *("Thu, 31 Dec 9999 23:59:59 -2359", "Thu, 01 Jan 1970 00:00:00 GMT", "http://[::1/x", "-5", "1e999"),
                *("9" * 400, "Fri, 99 Foo 20 99:99:99", "https://elsewhere.example.com/x", "120"),
            ]
        ),
    ),
    max_size=4,
)
