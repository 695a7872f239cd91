"""SIGTERM while a client is in the midst of something: what it sees, in which order, and how long the end takes. What has been
accepted is answered; what has no end of its own is told; nothing but work holds the end up."""

import selectors
import signal
import threading
import time

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from served import Served
from wire import Ended, Wire, get, post

AT_ONCE = 1.0  # seconds


@pytest.fixture
def server(tmp_path):
    server = Served(tmp_path, SHUTDOWN_TIMEOUT=5000)
    yield server
    server.stop()


def stop(server):
    """Tells it to stop. What is returned waits for the end and says how long it took."""
    began = time.monotonic()
    server.handle.send_signal(signal.SIGTERM)

    def ended():
        assert server.handle.wait(20) == 0, server.text()
        return time.monotonic() - began

    return ended


def refuses_connections(server):
    try:
        Wire(server.port).socket.close()
        return False
    except ConnectionRefusedError:
        return True


def wait_until(condition, seconds=5):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.005)


def test_idle_connections_are_closed_without_a_word_and_hold_nothing_up(server):
    wires = [Wire(server.port) for _ in range(200)]
    for wire in wires[:100]:  # the others have said nothing yet
        assert wire.ask(get("/text")).status == 200
    time.sleep(0.7)  # long enough to be parked
    late = Wire(server.port)
    assert late.ask(get("/text")).status == 200
    ended = stop(server)
    for wire in [*wires, late]:
        with wire:
            assert wire.end() == "closed"
    assert ended() < AT_ONCE


def test_a_request_in_flight_is_answered_and_the_last_one_of_its_connection(server):
    with Wire(server.port) as wire, Wire(server.port) as piped:
        wire.send(get("/slow?ms=1500"))
        piped.send(get("/slow?ms=1500") + get("/smuggled"))
        wait_until(lambda: server.counts()["begun"] == 2)
        ended = stop(server)
        for each in (wire, piped):
            answer = each.answer()
            assert (answer.status, answer.body, answer.members("connection")) == (200, b"slow", {"close"})
            assert each.finish_sending().end() == "closed"
    assert ended() < 1.5 + AT_ONCE


def test_a_request_whose_head_or_body_is_on_its_way_is_answered(server):
    with Wire(server.port) as head, Wire(server.port) as body:
        head.send(b"GET /text HTTP/1.1\r\nHos")
        body.send(get("/echo", "Content-Length: 10", method="POST") + b"first")
        time.sleep(0.2)
        ended = stop(server)
        wait_until(lambda: refuses_connections(server))
        assert head.send(b"t: a\r\n\r\n").answer().body == b"text"
        assert body.send(b"later").answer().body == b"firstlater"
    assert ended() < AT_ONCE


def test_a_stream_without_an_end_says_goodbye_and_ends_whole(server):
    with Wire(server.port) as wire:
        wire.send(get("/ticks"))
        wait_until(lambda: server.counts()["begun"] == 1)
        ended = stop(server)
        answer = wire.answer()  # read to its last chunk
        assert answer.field("content-type") == "text/event-stream" and answer.body.endswith(b"data: bye\n\n")
        assert wire.end() == "closed"
    assert ended() < AT_ONCE


def test_web_sockets_are_told_1012_and_need_not_say_goodbye(server):
    polite = [connect(f"ws://127.0.0.1:{server.port}/socket", proxy=None) for _ in range(20)]
    polite[0].send("hello")
    assert polite[0].recv(timeout=5) == "hello"
    with Wire(server.port) as silent:
        silent.send(get("/socket", "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13",
                        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="))
        assert silent.head().status == 101
        ended = stop(server)
        for socket in polite:
            with pytest.raises(ConnectionClosed) as closed:
                socket.recv(timeout=5)
            assert closed.value.rcvd.code == 1012
        # It is told, too, and says nothing: the wait for that is short.
        assert silent.end().startswith(b"\x88") and ended() < AT_ONCE


def test_a_background_task_ends_before_what_the_app_has_open_is_closed(server):
    with Wire(server.port) as wire:
        assert wire.ask(post("/later?ms=1500", b"")).status == 200
    assert "background task ended" not in server.text()
    assert stop(server)() < 1.5 + AT_ONCE
    printed = server.text()
    assert 0 < printed.find("background task ended") < printed.find("lifespan closed"), printed


def test_a_background_task_that_does_not_end_is_cut_when_the_time_is_up(tmp_path):
    server = Served(tmp_path, SHUTDOWN_TIMEOUT=500)
    with Wire(server.port) as wire:
        assert wire.ask(post("/later?ms=60000", b"")).status == 200
    assert stop(server)() < 0.5 + AT_ONCE
    assert "background task ended" not in server.text() and "lifespan closed" in server.text()
    server.stop()


def test_what_does_not_end_is_cut_when_the_time_is_up(tmp_path):
    server = Served(tmp_path, SHUTDOWN_TIMEOUT=500)
    with Wire(server.port) as handler, Wire(server.port, receive_buffer=8192) as reader:
        handler.send(get("/slow?ms=60000"))
        reader.send(get("/letters?bytes=8000000000"))
        reader.head()
        wait_until(lambda: server.counts()["begun"] == 1)
        assert stop(server)() < 0.5 + AT_ONCE
        with pytest.raises(Ended):
            handler.answer()
    server.stop()


class Load:
    """Clients that each ask as fast as they are answered, one request after the other, and connect again when they are told to,
    until nobody listens. One thread, so that none of them waits for another.

    Unheard are those that the system has connected and reset again before the server was handed them: one may come between
    the last look at who waits and the end of the listener, and cannot be told there from one that is refused."""

    def __init__(self, server, clients):
        self.port, self.answered, self.lost, self.told_to_close, self.unheard = server.port, 0, [], 0, 0
        self.selector = selectors.DefaultSelector()
        for _ in range(clients):
            self.connect()
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def connect(self):
        try:
            wire = Wire(self.port)
            wire.send(get("/text"))
        except ConnectionRefusedError:
            return
        except (ConnectionResetError, BrokenPipeError):
            self.unheard += 1
            return
        wire.is_new = True
        self.selector.register(wire.socket, selectors.EVENT_READ, wire)

    def run(self):
        while self.selector.get_map():
            for key, _ in self.selector.select():
                if not self.goes_on(key.data):
                    self.selector.unregister(key.fileobj)
                    key.data.socket.close()
                    self.connect()

    def goes_on(self, wire):
        try:
            answer = wire.answer()
            assert answer.body == b"text"
            self.answered += 1
            wire.is_new = False
            if "close" in answer.members("connection"):
                self.told_to_close += 1
                return False
            wire.send(get("/text"))
            return True
        except ConnectionResetError as lost:
            if wire.is_new:
                self.unheard += 1
            else:
                self.lost.append(lost)
            return False
        except (Ended, OSError) as lost:  # a request was sent, and nobody knows what became of it
            self.lost.append(lost)
            return False

    def join(self):
        self.thread.join(20)
        assert not self.thread.is_alive()


def test_connections_that_nobody_has_accepted_yet_are_answered(server):
    server.handle.send_signal(signal.SIGSTOP)
    wires = [Wire(server.port).send(get("/text")) for _ in range(200)]
    ended = stop(server)
    server.handle.send_signal(signal.SIGCONT)
    for wire in wires:
        assert wire.answer().body == b"text"
    assert ended() < AT_ONCE


@pytest.mark.parametrize("clients", [2, 16])
def test_a_load_of_requests_loses_none_of_them(tmp_path, clients):
    answered, unheard, slowest = 0, 0, 0.0
    for _ in range(10):
        server = Served(tmp_path)
        load = Load(server, clients)
        time.sleep(0.1)
        slowest = max(slowest, stop(server)())
        load.join()
        server.stop()
        assert load.lost == []
        assert load.told_to_close >= clients
        answered += load.answered
        unheard += load.unheard
    assert unheard <= 3
    print(f"{clients} clients: {answered} answered, none lost, {unheard} unheard, in ten stops of which the slowest took {slowest * 1000:.0f} ms")
    assert slowest < AT_ONCE


def test_all_of_it_at_once_ends_in_order(server):
    load = Load(server, 2)
    wires = [Wire(server.port) for _ in range(4)]
    with wires[0] as idle, wires[1] as slow, wires[2] as stream, wires[3] as later:
        assert idle.ask(get("/text")).status == 200
        slow.send(get("/slow?ms=800"))
        stream.send(get("/ticks"))
        assert later.ask(post("/later?ms=700", b"")).status == 200
        socket = connect(f"ws://127.0.0.1:{server.port}/socket", proxy=None)
        wait_until(lambda: server.counts()["begun"] == 2)
        ended = stop(server)
        with pytest.raises(ConnectionClosed) as closed:
            socket.recv(timeout=5)
        assert closed.value.rcvd.code == 1012
        assert stream.answer().body.endswith(b"data: bye\n\n")
        assert slow.answer().body == b"slow"
        assert idle.end() == "closed"
    assert ended() < 0.8 + AT_ONCE
    load.join()
    assert load.lost == []
    assert 0 < server.text().find("background task ended") < server.text().find("lifespan closed")
