"""Finding out that there is no network is cheap, and done once."""

import socket
import threading
import time

import pytest

from doctor import datasets
from doctor.datasets import network

URL = "https://images.invalid/mnist.npz"


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    network.forget()
    yield
    network.forget()


def test_refused_connection_is_no_network(monkeypatch):
    def refuse(url, seconds):
        raise ConnectionRefusedError

    monkeypatch.setattr(network, "_connect", refuse)
    assert network.reachable(URL) is False


def test_hanging_look_ups_cost_one_budget_for_all_hosts(monkeypatch, tmp_path):
    """A name look-up cannot be given a time-out; three data sets, two hosts."""
    release = threading.Event()
    monkeypatch.setattr(network, "_connect", lambda url, seconds: release.wait(20))
    started = time.monotonic()
    for name in datasets.NAMES:
        source = datasets.resolve(name, keras_cache=tmp_path)
        assert source.kind == "sample"
    seconds = time.monotonic() - started
    release.set()
    assert seconds < 2.0


def test_outcome_is_remembered_for_each_host(monkeypatch):
    asked = []
    monkeypatch.setattr(network, "_connect", lambda url, seconds: asked.append(url) or True)
    monkeypatch.setattr(network, "_request", lambda url: "good" in url)
    assert network.reachable("https://good.invalid/a") is True
    assert network.reachable("https://good.invalid/b") is True
    assert network.reachable("https://evil.invalid/a") is False
    assert network.reachable("https://evil.invalid/b") is False
    assert asked == ["https://good.invalid/a", "https://evil.invalid/a"]


def test_a_host_that_takes_the_connection_but_refuses_the_file_does_not_count(monkeypatch):
    def forbidden(url):
        raise OSError("HTTP Error 403: Forbidden")

    monkeypatch.setattr(network, "_connect", lambda url, seconds: True)
    monkeypatch.setattr(network, "_request", forbidden)
    assert network.reachable(URL) is False


@pytest.mark.parametrize(
    "proxy, expected",
    [
        (None, ("images.invalid", 443)),
        ("http://proxy.invalid:3128", ("proxy.invalid", 3128)),
        ("proxy.invalid:8080", ("proxy.invalid", 8080)),
    ],
)
def test_proxy_of_the_environment_is_honoured(monkeypatch, proxy, expected):
    if proxy:
        monkeypatch.setenv("https_proxy", proxy)
    assert network.endpoint(URL) == expected


def test_no_proxy_is_honoured(monkeypatch):
    monkeypatch.setenv("https_proxy", "http://proxy.invalid:3128")
    monkeypatch.setenv("no_proxy", "images.invalid")
    assert network.endpoint(URL) == ("images.invalid", 443)


def test_stall_limit_is_taken_back():
    assert socket.getdefaulttimeout() is None
    with pytest.raises(OSError), network.stall_limit(5):
        assert socket.getdefaulttimeout() == 5
        raise OSError
    assert socket.getdefaulttimeout() is None


def test_stall_limit_leaves_a_limit_of_the_script_alone():
    socket.setdefaulttimeout(7)
    try:
        with network.stall_limit(5):
            assert socket.getdefaulttimeout() == 7
    finally:
        socket.setdefaulttimeout(None)
