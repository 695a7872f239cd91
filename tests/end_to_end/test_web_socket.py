"""The chat of examples/11_web_socket, spoken to by Python's websockets: a client that others use."""

import json

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from harness import BUILD, Process, free_port


@pytest.fixture
def chat(tmp_path):
    port = free_port()
    server = Process([BUILD / "examples" / "11_web_socket" / "web_socket"], tmp_path / "server.log",
                     env={"PORT": str(port)})
    server.wait_for(f"http://127.0.0.1:{port}/health")
    yield server, f"ws://127.0.0.1:{port}/rooms/kitchen"
    if server.handle.poll() is None:
        server.stop()


def member(url, name, **options):
    return connect(f"{url}?name={name}", proxy=None, **options)


def test_each_member_hears_what_the_others_say(chat):
    _, url = chat
    with member(url, "ada") as ada, member(url, "bob", compression=None) as bob:
        for text in ("hello", "ü" * 400):
            ada.send(json.dumps({"text": text}))
            for who in (ada, bob):
                assert json.loads(who.recv(timeout=5)) == {"name": "ada", "text": text}


def test_a_message_that_is_none_closes_with_the_reason_and_nobody_else(chat):
    _, url = chat
    with member(url, "ada") as ada, member(url, "bob") as bob:
        bob.send('{"text":""}')
        with pytest.raises(ConnectionClosed) as closed:
            bob.recv(timeout=5)
        assert closed.value.rcvd.code == 1008 and "text" in closed.value.rcvd.reason
        ada.send('{"text":"still here"}')
        assert json.loads(ada.recv(timeout=5))["text"] == "still here"


def test_who_may_not_connect_gets_an_ordinary_answer(chat):
    _, url = chat
    with pytest.raises(InvalidStatus) as refused:
        member(url, "")
    assert refused.value.response.status_code == 401
    with pytest.raises(InvalidStatus) as refused:
        member(url, "ada", origin="https://evil.example")
    assert refused.value.response.status_code == 403
    with member(url, "ada", origin="http://localhost:5173"):
        pass


def test_members_are_told_when_the_server_stops(chat):
    server, url = chat
    members = [member(url, f"m{i}") for i in range(20)]
    server.handle.terminate()
    for one in members:
        with pytest.raises(ConnectionClosed) as closed:
            one.recv(timeout=5)
        assert closed.value.rcvd.code == 1012
    assert server.handle.wait(timeout=5) == 0
