"""Stands for a run of the server of `warm`: hands its streams over, passes signals on, and ends as the run does."""

import json
import os
import signal
import socket
import sys


def main() -> None:
    address, *arguments = sys.argv[1:]
    asked = {"arguments": arguments, "environment": dict(os.environ), "folder": os.getcwd()}
    body = json.dumps(asked).encode()
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(address)
        passed_on = (signal.SIGTERM, signal.SIGINT)
        # What comes before there is a run to pass it on to waits.
        signal.pthread_sigmask(signal.SIG_BLOCK, passed_on)
        socket.send_fds(connection, [len(body).to_bytes(4, "big")], [0, 1, 2])
        connection.sendall(body)
        run = int.from_bytes(connection.recv(4), "big")
        for name in passed_on:
            signal.signal(name, lambda number, _: os.kill(run, number))
        signal.pthread_sigmask(signal.SIG_UNBLOCK, passed_on)
        status = int.from_bytes(connection.recv(4), "big")
    code = os.waitstatus_to_exitcode(status)
    if code < 0:
        signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    os._exit(code)


main()
