"""Whether a download can work, found out in bounded time and once a process.

Without a network Keras waits for its own time-outs at every `load_data()`. Here a
first connection has a second in all; only where something answers is a request made,
because a proxy or a firewall may take the connection and refuse the address.
"""

from __future__ import annotations

import socket
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

#: Seconds that all failing connections of a process may cost together.
CONNECT_BUDGET = 1.0
#: Seconds for the request that follows a connection.
REQUEST_SECONDS = 4.0
#: Seconds without a byte after which a download is given up.
STALL_SECONDS = 30.0

_known: dict[str, bool] = {}
_budget = CONNECT_BUDGET


def reachable(url: str) -> bool:
    """Whether the host of an address answers; remembered for the process."""
    global _budget
    host = urlsplit(url).netloc
    if host not in _known:
        started = time.monotonic()
        connected = _budget > 0 and _within(_budget, lambda: _connect(url, _budget))
        if not connected:
            _budget -= time.monotonic() - started
        _known[host] = connected and _within(REQUEST_SECONDS, lambda: _request(url))
    return _known[host]


def forget() -> None:
    """Forget what was found out: the network may have come back."""
    global _budget
    _known.clear()
    _budget = CONNECT_BUDGET


@contextmanager
def stall_limit(seconds: float = STALL_SECONDS) -> Iterator[None]:
    """Give sockets that set no time-out of their own one, as `urlretrieve` sets none."""
    before = socket.getdefaulttimeout()
    if before is None:
        socket.setdefaulttimeout(seconds)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)


def endpoint(url: str) -> tuple[str, int]:
    """Return host and port to connect to: the proxy's where one is set for the address."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    proxies = urllib.request.getproxies()
    proxy = proxies.get(parts.scheme) or proxies.get("all")
    if proxy and not urllib.request.proxy_bypass(host):
        parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
        host = parts.hostname or ""
    return host, parts.port or (443 if parts.scheme == "https" else 80)


def _connect(url: str, seconds: float) -> bool:
    with socket.create_connection(endpoint(url), timeout=seconds):
        return True


def _request(url: str) -> bool:
    request = urllib.request.Request(url, method="HEAD")
    with urllib.request.urlopen(request, timeout=REQUEST_SECONDS) as response:
        return bool(response.status < 400)


def _within(seconds: float, work: Callable[[], bool]) -> bool:
    """Run in a thread: a look-up of a name cannot be given a time-out."""
    outcome = [False]

    def attempt() -> None:
        try:
            outcome[0] = work()
        except Exception:  # no route, no name, refused, bad certificate, HTTP 403, ...
            pass

    thread = threading.Thread(target=attempt, name="doctor-network", daemon=True)
    thread.start()
    thread.join(seconds)
    return outcome[0] and not thread.is_alive()
