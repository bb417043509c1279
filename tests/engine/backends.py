"""Backends that a team shares, as processes on this machine: PostgreSQL, and a store that speaks S3."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import requests

from tests.engine.harness import ROOT

_CREATED = 200
_KEYS = {"AWS_ACCESS_KEY_ID": "harness", "AWS_SECRET_ACCESS_KEY": "harness", "AWS_EC2_METADATA_DISABLED": "true"}


@contextmanager
def postgres() -> Iterator[dict[str, str]]:
    """The variables of a run that has its state in PostgreSQL; the test is skipped where there is none."""
    command = [sys.executable, str(ROOT / "tools" / "postgres.py")]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as server:
        assert server.stdout is not None
        assert server.stderr is not None
        try:
            url = server.stdout.readline().strip()
            if not url:
                pytest.skip(server.stderr.read().strip())
            yield {"PULUMI_BACKEND_URL": url}
        finally:
            server.communicate()  # closes its standard input, at which it ends


@contextmanager
def s3() -> Iterator[dict[str, str]]:
    """The variables of a run that has its state in a bucket of moto's server."""
    command = [sys.executable, "-m", "moto.server", "--host", "127.0.0.1", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr is not None
        try:
            said = (re.search(r"Running on http://(127\.0\.0\.1:\d+)", line) for line in server.stderr)
            host = next(found[1] for found in said if found)
            assert requests.put(f"http://{host}/states", timeout=30).status_code == _CREATED
            query = f"endpoint={host}&disableSSL=true&s3ForcePathStyle=true&region=us-east-1"
            yield {"PULUMI_BACKEND_URL": f"s3://states?{query}", **_KEYS}
        finally:
            server.terminate()
