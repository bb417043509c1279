"""Answers on the wire, as a client on a socket sees them."""

from __future__ import annotations

import socket
from typing import Any

import pytest
import requests

from roma_provider.emulator import Control, Emulator
from tests.support.emulator import Api, send_raw


def everything(connection: socket.socket) -> bytes:
    received = b""
    while chunk := connection.recv(65536):
        received += chunk
    return received


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        ("<html>busy</html>", "text/html;charset=utf-8", "<html>busy</html>"),
        ("upstream gone", "text/plain;charset=utf-8", "upstream gone"),
        ({"code": 1}, "application/json;charset=utf-8", '{"code":1}'),
        ([], "application/json;charset=utf-8", "[]"),
    ],
)
def test_a_body_of_ones_own(api: Api, control: Control, body: Any, content_type: str, text: str) -> None:
    control.add_fault("list_instances", status=503, body=body)
    answer = api.get_list()
    assert (answer.status_code, answer.headers["Content-Type"], answer.text) == (503, content_type, text)


def test_a_reset_is_a_reset(emulator: Emulator, control: Control) -> None:
    control.add_fault("list_instances", reset=True)
    with send_raw(emulator) as connection, pytest.raises(ConnectionResetError):
        everything(connection)
    assert [call.status for call in control.calls()] == [None]


@pytest.mark.parametrize("size", [0, 7, 30])
def test_a_cut_body_is_shorter_than_its_headers_say(emulator: Emulator, control: Control, size: int) -> None:
    control.add_fault("list_instances", cut=size)
    with send_raw(emulator) as connection:
        head, _, body = everything(connection).partition(b"\r\n\r\n")
    whole = b'{"total":0,"size":0,"instances":[]}'
    assert body == whole[:size]
    assert f"content-length: {len(whole)}".encode() in head.lower()
    assert [call.status for call in control.calls()] == [None]


def test_a_cut_beyond_the_end_still_promises_more(api: Api, control: Control) -> None:
    control.add_fault("list_instances", cut=1000)
    with pytest.raises(requests.exceptions.ChunkedEncodingError, match="IncompleteRead"):
        api.get_list()


def test_a_dripping_body_comes_whole(emulator: Emulator, api: Api, control: Control) -> None:
    control.add_fault("list_instances", drip_seconds=0.001)
    assert api.get_list().json() == {"total": 0, "size": 0, "instances": []}
    control.add_fault("list_instances", drip_seconds=60)
    with send_raw(emulator) as connection:
        received = b""
        while b"\r\n\r\n" not in received:
            received += connection.recv(65536)
    assert received.endswith(b"\r\n\r\n")
