"""The command: a process that says its port, answers, and ends as it is asked to."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import grpc
import pytest
from google.protobuf import empty_pb2
from pulumi.runtime.proto import provider_pb2_grpc

from roma_provider import __version__
from roma_provider.config.keys import REGION
from roma_provider.hosts.plugin.main import session_of

COMMAND = str(Path(sys.executable).with_name("pulumi-resource-roma"))
SECONDS = 60


@contextmanager
def running(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """The command, with the port that it says."""
    with subprocess.Popen([COMMAND, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process, int(process.stdout.readline())
        finally:
            process.kill()


@pytest.mark.skipif(sys.platform == "win32", reason="no process can send another one Ctrl-C there")
def test_by_hand_it_serves_until_ctrl_c() -> None:
    with running() as (process, port):
        with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            info = provider_pb2_grpc.ResourceProviderStub(channel).GetPluginInfo(empty_pb2.Empty(), timeout=SECONDS)
        assert info.version == __version__
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=SECONDS)
        assert process.returncode == 0
        assert said == f"to use it: PULUMI_DEBUG_PROVIDERS=roma:{port} pulumi up\n"


def test_it_ends_with_its_engine() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as engine,
        running(f"127.0.0.1:{engine.getsockname()[1]}") as (found, _),
    ):
        engine.close()
        found.wait(timeout=SECONDS)
        assert found.returncode == 0


def test_a_session_reads_config_before_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setenv("HW_REGION_NAME", "eu-west-101")
    key = REGION
    known = session_of(lambda key: {"roma:region": "cn-north-4"}.get(key), "127.0.0.1:4711")
    alone = session_of(lambda _key: None, None)
    regions = [
        session.settings.from_config(key) or session.settings.from_environment(key) for session in (known, alone)
    ]
    assert regions == ["cn-north-4", "eu-west-101"]
    assert (known.run.is_known, alone.run.is_known) == (True, False)
    assert not known.deletes_first
    assert known.journal is not alone.journal
