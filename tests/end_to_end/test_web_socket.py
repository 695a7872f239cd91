"""WebSockets, spoken to by Python's websockets, a client that others use: the chat of examples/11_web_socket, and an API
behind a guard (web_socket_api.cpp)."""

import json
import subprocess
import time
import uuid

import httpx
import jwt
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from harness import BUILD, Process, free_port

CHAT = BUILD / "examples" / "11_web_socket" / "web_socket"
JWT_SECRET = "a-secret-of-this-project-only-32-bytes-at-least"


@pytest.fixture
def chat(tmp_path):
    port = free_port()
    server = Process([CHAT], tmp_path / "server.log", env={"PORT": str(port)})
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


def test_members_of_one_room_do_not_hear_those_of_another(chat):
    _, url = chat
    with member(url, "ada") as ada, member(url.replace("kitchen", "cellar"), "bob") as bob:
        bob.send('{"text":"below"}')
        ada.send('{"text":"above"}')
        assert json.loads(ada.recv(timeout=5)) == {"name": "ada", "text": "above"}
        assert json.loads(bob.recv(timeout=5)) == {"name": "bob", "text": "below"}


@pytest.mark.parametrize("path, name, origin, status", [
    ("kitchen", "", None, 422),
    ("kitchen", "x" * 41, None, 422),
    ("attic", "ada", None, 404),
    ("kitchen/x", "ada", None, 404),
    ("kitchen", "ada", "https://evil.example", 403),
])
def test_who_may_not_connect_gets_an_ordinary_answer(chat, path, name, origin, status):
    _, url = chat
    with pytest.raises(InvalidStatus) as refused:
        member(url.replace("kitchen", path), name, origin=origin)
    assert refused.value.response.status_code == status
    assert json.loads(refused.value.response.body)["detail"]


def test_listed_pages_may_connect_and_what_asks_for_no_websocket_is_told_so(chat):
    _, url = chat
    with member(url, "ada", origin="http://localhost:5173"):
        pass
    plain = httpx.get(url.replace("ws://", "http://") + "?name=ada", trust_env=False)
    assert plain.status_code == 426 and plain.headers["upgrade"] == "websocket"


def test_the_route_is_listed_and_in_no_document():
    routes = subprocess.run([CHAT, "--routes"], capture_output=True, text=True, check=True).stdout
    assert "WS      /rooms/{room}" in routes
    document = subprocess.run([CHAT, "--openapi"], capture_output=True, text=True, check=True).stdout
    assert "/rooms" not in document


def test_members_are_told_when_the_server_stops(chat):
    server, url = chat
    members = [member(url, f"m{i}") for i in range(20)]
    server.handle.terminate()
    for one in members:
        with pytest.raises(ConnectionClosed) as closed:
            one.recv(timeout=5)
        assert closed.value.rcvd.code == 1012
    assert server.handle.wait(timeout=5) == 0


ADA, BOB = str(uuid.uuid4()), str(uuid.uuid4())


def token(who, seconds=3600):
    return jwt.encode({"sub": who, "role": "authenticated", "aud": "authenticated", "exp": int(time.time()) + seconds}, JWT_SECRET)


@pytest.fixture
def guarded(tmp_path):
    port = free_port()
    server = Process([BUILD / "tests" / "web_socket_api"], tmp_path / "server.log",
                     env={"PORT": str(port), "JWT_SECRET": JWT_SECRET})
    server.wait_for(f"http://127.0.0.1:{port}/health")
    yield server, f"ws://127.0.0.1:{port}"
    server.stop()  # searches what was logged for tokens, too


def open_as(url, who, way, seconds=3600):
    shown = token(who, seconds)
    if way == "header":
        return connect(url, proxy=None, additional_headers={"Authorization": f"Bearer {shown}"})
    if way == "protocol":
        return connect(url, proxy=None, subprotocols=["bailey", f"bearer.{shown}"])
    socket = connect(url, proxy=None)
    socket.send(json.dumps({"access_token": shown}))
    return socket


def close_code(socket, seconds=5):
    with pytest.raises(ConnectionClosed) as closed:
        while True:
            socket.recv(timeout=seconds)
    return closed.value.rcvd.code


def test_a_token_comes_in_three_ways_and_its_socket_speaks_for_its_user_alone(guarded):
    _, url = guarded
    sockets = [(who, open_as(f"{url}/me", who, way)) for _ in range(5) for way in ("header", "protocol", "message")
               for who in (ADA, BOB)]
    assert sockets[2][1].subprotocol == "bailey"
    for turn in range(5):
        for _, socket in sockets:
            socket.send(str(turn))
        for who, socket in sockets:
            assert socket.recv(timeout=5) == f"{who} {turn}"
    for _, socket in sockets:
        socket.close()


def test_a_token_that_is_not_good_opens_nothing(guarded):
    _, url = guarded
    good = token(ADA)
    for how in ({"additional_headers": {"Authorization": "Bearer x"}}, {"subprotocols": ["bailey", "bearer.x"]},
                {"subprotocols": ["bailey", f"bearer.{token(ADA, -1)}"]}):
        with pytest.raises(InvalidStatus) as refused:
            connect(f"{url}/me", proxy=None, **how)
        assert refused.value.response.status_code == 401
    for path in ("/me", f"/me?access_token={good}"):
        with connect(f"{url}{path}", proxy=None) as socket:
            socket.send("hello")
            assert close_code(socket) == 4401
    with connect(f"{url}/me", proxy=None) as socket:
        assert close_code(socket) == 4401  # in silence, until its second is over


def test_a_socket_ends_with_the_token_it_was_opened_with(guarded):
    _, url = guarded
    for way in ("header", "message"):
        with open_as(f"{url}/me", ADA, way, seconds=2) as socket:
            socket.send("hi")
            assert socket.recv(timeout=5) == f"{ADA} hi"
            assert close_code(socket) == 4401


def test_sigterm_tells_every_socket_whatever_its_handler_does_and_ends_within_a_second(guarded):
    server, url = guarded
    sockets = [open_as(f"{url}{path}", ADA, way) for path in ("/me", "/ticks", "/asleep") for way in ("protocol", "message")
               for _ in range(5)]
    waiting = connect(f"{url}/me", proxy=None)  # for its first message
    sockets[0].send("x")
    assert sockets[0].recv(timeout=5) == f"{ADA} x"
    with httpx.stream("GET", url.replace("ws://", "http://") + "/events", trust_env=False,
                      headers={"Authorization": f"Bearer {token(ADA)}"}) as events:
        lines = events.iter_lines()
        assert next(lines).startswith("data:")
        began = time.monotonic()
        server.handle.terminate()
        for socket in [*sockets, waiting]:
            assert close_code(socket) == 1012
        for _ in lines:
            pass
        assert server.handle.wait(timeout=5) == 0
        assert time.monotonic() - began < 1
