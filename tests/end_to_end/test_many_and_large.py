"""What much costs a server: ten thousand clients that say nothing, and two gigabytes in one body, each way that a body goes.
The figures are printed (pytest -s)."""

import os
import resource
import time

import pytest

from served import Served
from wire import Wire, get

CONNECTIONS = 10_000
FLOOR_KILOBYTES = 10  # an idle connection
BODY = 2 << 30
PIECE = 1 << 20
FLAT_KILOBYTES = 24 * 1024  # more than before, at the worst moment


@pytest.fixture
def server(tmp_path):
    with open(tmp_path / "hole", "wb") as hole:
        hole.truncate(BODY)
    server = Served(tmp_path, HEADER_TIMEOUT=600_000, IDLE_TIMEOUT=600_000)
    yield server
    assert server.stop() == 0, server.text()


@pytest.fixture
def many_descriptors():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < CONNECTIONS + 1000:
        pytest.skip(f"this process may have {hard} descriptors")
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_ten_thousand_idle_connections_are_within_the_memory_floor_and_can_all_be_used(server, many_descriptors):
    alone = server.memory()
    wires = []
    for _ in range(CONNECTIONS):
        wires.append(Wire(server.port).send(get("/text")))
        if len(wires) % 100 == 0:
            for wire in wires[-100:]:
                assert wire.answer().body == b"text"
    time.sleep(1)  # they give their workspaces back
    assert len(os.listdir(f"/proc/{server.handle.pid}/fd")) > CONNECTIONS
    each = (server.memory() - alone) / CONNECTIONS
    print(f"{CONNECTIONS} idle connections: {alone / 1024:.1f} MB without, {server.memory() / 1024:.1f} MB with, {each:.2f} KB each")
    assert each < FLOOR_KILOBYTES
    began = time.monotonic()
    for wire in wires:
        wire.send(get("/text"))
    for wire in wires:
        assert wire.answer().body == b"text"
        wire.socket.close()
    print(f"each asked again within {time.monotonic() - began:.1f} s; {server.memory('VmHWM') / 1024:.1f} MB at most")


def send(wire, head, before=b"", behind=b"", frame=lambda piece: piece):
    """A body of two gigabytes, and what frames it."""
    wire.socket.settimeout(60)
    wire.send(head, before)
    piece = frame(b"x" * PIECE)
    for _ in range(BODY // PIECE):
        wire.socket.sendall(piece)
    answer = wire.send(behind).answer("POST")
    assert (answer.status, answer.body) == (200, str(BODY).encode()), answer


def receive(wire, head):
    wire.socket.settimeout(60)
    wire.send(head)
    answer = wire.head()
    assert answer.status == 200
    buffer = bytearray(PIECE)
    total = len(wire.rest)
    while count := wire.socket.recv_into(buffer):
        total += count
    assert total >= BODY and (total == BODY or answer.all("transfer-encoding")), total


def chunk(piece):
    return b"%x\r\n%s\r\n" % (len(piece), piece)


FORM_HEAD = b'--b\r\nContent-Disposition: form-data; name="file"; filename="large"\r\n\r\n'
FORM_TAIL = b"\r\n--b--\r\n"
WAYS = {
    "a form's file up": lambda wire: send(
        wire, get("/form", "Content-Type: multipart/form-data; boundary=b",
                  f"Content-Length: {len(FORM_HEAD) + BODY + len(FORM_TAIL)}", method="POST"), FORM_HEAD, FORM_TAIL),
    "a raw body up": lambda wire: send(wire, get("/raw", f"Content-Length: {BODY}", method="POST")),
    "a body in chunks up": lambda wire: send(wire, get("/raw", "Transfer-Encoding: chunked", method="POST"),
                                             behind=b"0\r\n\r\n", frame=chunk),
    "a file down": lambda wire: receive(wire, get("/files/hole", "Connection: close")),
    "a stream down": lambda wire: receive(wire, get(f"/letters?bytes={BODY}", "Connection: close")),
}


@pytest.mark.parametrize("way", WAYS)
def test_two_gigabytes_take_no_memory_to_speak_of(server, way):
    server.forget_peak()
    before = server.memory()
    began = time.monotonic()
    with Wire(server.port) as wire:
        WAYS[way](wire)
    seconds = time.monotonic() - began
    more = server.memory("VmHWM") - before
    print(f"2 GiB, {way}: {before / 1024:.1f} MB before, {more / 1024:.1f} MB more at the worst moment; {seconds:.1f} s")
    assert more < FLAT_KILOBYTES
    with Wire(server.port) as wire:
        assert wire.ask(get("/text")).body == b"text"
