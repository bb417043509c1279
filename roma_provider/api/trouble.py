"""What went wrong where no usable answer arrived: in words, whether it was sent, whether it may pass."""

from __future__ import annotations

import socket
import ssl

import requests
import urllib3.exceptions

# Of the address itself nothing is left to say: it was checked when it was set.
_BAD_PROXY = (
    requests.exceptions.InvalidProxyURL,
    requests.exceptions.InvalidSchema,
    requests.exceptions.InvalidURL,
)
_NEVER_SENT = (
    urllib3.exceptions.NewConnectionError,
    urllib3.exceptions.ConnectTimeoutError,
    # Of TLS, this one alone: any other error may come up while the answer is read.
    ssl.SSLCertVerificationError,
    urllib3.exceptions.LocationParseError,
    # urllib3 raises it only until the proxy has let the connection through.
    urllib3.exceptions.ProxyError,
    socket.gaierror,
    ConnectionRefusedError,
    *_BAD_PROXY,
)
_WORDS: tuple[tuple[tuple[type[BaseException], ...], str], ...] = (
    (_BAD_PROXY, "the proxy's address cannot be used; check HTTPS_PROXY, such as http://proxy.example.com:3128"),
    (
        (urllib3.exceptions.ProxyError, requests.exceptions.ProxyError),
        "the proxy did not let it through; check HTTPS_PROXY and NO_PROXY",
    ),
    ((socket.gaierror,), "the host name is not known; check region, endpoint and network"),
    ((ConnectionRefusedError,), "the connection was refused; nothing listens there"),
    (
        (ssl.SSLCertVerificationError,),
        "the server's certificate was not accepted; REQUESTS_CA_BUNDLE can name a file with your CA's",
    ),
    ((ssl.SSLError, urllib3.exceptions.SSLError), "TLS failed"),
    ((urllib3.exceptions.ConnectTimeoutError,), "connecting took too long"),
    ((requests.Timeout, urllib3.exceptions.TimeoutError, TimeoutError), "the answer took too long"),
    ((ConnectionResetError, BrokenPipeError), "the connection was reset"),
    ((urllib3.exceptions.ProtocolError,), "the connection ended in the middle of the answer"),
)


def _causes(error: BaseException) -> list[BaseException]:
    """The error and everything it was made from, the outermost first."""
    found: list[BaseException] = []
    queue: list[object] = [error]
    while queue:
        entry = queue.pop(0)
        if isinstance(entry, BaseException) and entry not in found:
            found.append(entry)
            queue += [entry.__cause__, entry.__context__, getattr(entry, "reason", None), *entry.args]
    return found


def was_sent(error: Exception) -> bool:
    """False only where the request surely never reached the server."""
    return not any(isinstance(cause, _NEVER_SENT) for cause in _causes(error))


def may_pass(error: Exception) -> bool:
    """Whether another attempt, some seconds later, may end otherwise."""
    for cause in _causes(error):
        if isinstance(cause, (ssl.SSLCertVerificationError, urllib3.exceptions.LocationParseError, *_BAD_PROXY)):
            return False
        # "No such host" stays so; any other failure of the resolver (no network yet) does not.
        if isinstance(cause, socket.gaierror) and cause.errno == socket.EAI_NONAME:
            return False
    return True


def is_untrusted(error: Exception) -> bool:
    """Whether the server's certificate was not accepted: no waiting helps, and nobody knows who answered."""
    return any(isinstance(cause, ssl.SSLCertVerificationError) for cause in _causes(error))


def in_words(error: Exception) -> str:
    """What went wrong on the way, without the object addresses and pool names of urllib3's own words."""
    causes = _causes(error)
    for kinds, words in _WORDS:
        if any(isinstance(cause, kinds) for cause in causes):
            return words
    return f"what came is not to be read ({type(error).__name__})"
