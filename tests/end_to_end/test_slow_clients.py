"""Clients that hold connections by being slow, hundreds of each kind at once: others are served meanwhile as if they were not
there, and each is cut at its deadline. The deadlines are short here, so that the test is.

slowhttptest does the same as somebody else understands it, where it is installed (script/bootstrap --checks)."""

import asyncio
import contextlib
import multiprocessing
import os
import re
import shutil
import socket
import subprocess
import time

import pytest

from served import Served
from wire import Wire, ask, get

DEADLINE = 3.0  # of each kind of wait
LATE = 3.0  # by which the deadline may be missed: the wheel's ticks, a busy machine, and a thousand clients in one process
EACH = 250
BEAT = 0.4  # seconds between two bytes


@pytest.fixture
def server(tmp_path):
    milliseconds = int(DEADLINE * 1000)
    (tmp_path / "page.html").write_text("page" * 10_000)
    server = Served(tmp_path, HEADER_TIMEOUT=milliseconds, BODY_STALL_TIMEOUT=milliseconds, WRITE_TIMEOUT=milliseconds,
                    IDLE_TIMEOUT=milliseconds)
    yield server
    assert server.stop() == 0, server.text()


def descriptors(server):
    return len(os.listdir(f"/proc/{server.handle.pid}/fd"))


async def dribble(port, opening, start, piece):
    """Sends `start`, and then a piece at a time until the server has enough of it: how long that took, and what it said."""
    async with opening:  # a few at once, or this process is slower than any of them is meant to be
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        began = time.monotonic()
        writer.write(start)
    said = asyncio.ensure_future(reader.read(-1))
    while not (await asyncio.wait({said}, timeout=BEAT))[0]:
        if piece:
            writer.write(piece)
    writer.close()
    try:
        return time.monotonic() - began, said.result()
    except ConnectionResetError:
        return time.monotonic() - began, b"reset"


async def sip(port, enough):
    """Asks for much, and takes it by spoonfuls, until somebody says that it is enough."""
    with socket.socket() as small:
        small.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        small.setblocking(False)
        loop = asyncio.get_running_loop()
        await loop.sock_connect(small, ("127.0.0.1", port))
        await loop.sock_sendall(small, get("/letters?bytes=100000000"))
        try:
            while not enough.is_set():
                await asyncio.wait({asyncio.ensure_future(enough.wait())}, timeout=BEAT)
                await asyncio.wait_for(loop.sock_recv(small, 16), 1)
        except (OSError, TimeoutError):
            pass


def ask_until(enough, port, report):
    took = []
    while not enough.is_set():
        began = time.monotonic()
        assert ask(port, get("/text")).body == b"text"
        took.append(time.monotonic() - began)
        time.sleep(0.01)
    report.send(took)


@contextlib.contextmanager
def others(server):
    """What somebody else gets meanwhile, in a process that waits for no attacker: how long each answer took."""
    fork = multiprocessing.get_context("fork")
    enough, (ours, theirs) = fork.Event(), fork.Pipe(duplex=False)
    asking = fork.Process(target=ask_until, args=(enough, server.port, theirs))
    asking.start()
    theirs.close()
    took = []
    try:
        yield took
    finally:
        enough.set()
        took += ours.recv() if ours.poll(15) else []
        asking.join(5)
    took.sort()
    print(f"meanwhile {len(took)} requests of another, the median {took[len(took) // 2] * 1000:.1f} ms, the slowest "
          f"{took[-1] * 1000:.0f} ms; {server.memory('VmHWM') // 1024} MB at most")
    assert len(took) > 50 and took[len(took) // 2] < 0.2 and took[len(took) * 95 // 100] < 2


def are_gone(server, before):
    """Whether the server has let go of the attackers, whatever they still believe."""
    end = time.monotonic() + DEADLINE + LATE
    while descriptors(server) > before:
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


async def attack(server, kinds, readers, usual):
    enough, opening = asyncio.Event(), asyncio.Semaphore(20)
    sips = [asyncio.ensure_future(sip(server.port, enough)) for _ in range(readers)]
    running = {name: asyncio.gather(*(dribble(server.port, opening, *pieces) for _ in range(EACH)))
               for name, pieces in kinds.items()}
    ends = {name: await each for name, each in running.items()}
    are_cut = await asyncio.to_thread(are_gone, server, usual)
    enough.set()
    await asyncio.gather(*sips)
    return ends, are_cut


def test_others_are_served_while_a_thousand_slow_ones_of_every_kind_hold_connections_and_each_is_cut(server):
    head = b"GET /text HTTP/1.1\r\nHost: a\r\n"
    kinds = {
        "nothing": (b"", b""),
        "head": (head, b"X-a: b\r\n"),
        "body": (get("/echo", "Content-Length: 1000000", method="POST"), b"x"),
        "chunks": (get("/echo", "Transfer-Encoding: chunked", method="POST"), b"1\r\nx\r\n"),
    }
    before = descriptors(server)
    with others(server):
        ends, are_cut = asyncio.run(attack(server, kinds, EACH // 2, before + 3))  # the other one's may be open, too
    for name, each in ends.items():
        seconds = sorted(second for second, _ in each)
        print(f"{name}: {len(each)} cut after {seconds[0]:.1f} to {seconds[-1]:.1f} s")
        assert len(each) == EACH and seconds[-1] < DEADLINE + LATE
        assert name == "nothing" or seconds[0] > DEADLINE / 2, "who is slow is not thrown out at once"
        # A few of them may be so late, with all the others beside them, that the server has heard nothing at all.
        told = sum(said.startswith(b"HTTP/1.1 408 ") for _, said in each)
        assert told == 0 if name == "nothing" else told > 0.9 * EACH, (name, told)
        assert all(said in (b"", b"reset") or said.startswith(b"HTTP/1.1 408 ") for _, said in each)
    assert are_cut, f"{descriptors(server)} descriptors are held, {before} were before"
    assert server.memory("VmHWM") < 200 * 1024


def test_each_deadline_is_answered_or_closed_as_it_is_documented(server):
    with Wire(server.port) as idle:
        assert idle.ask(get("/text")).status == 200
        began = time.monotonic()
        assert idle.end() == "closed", "silently"
        assert DEADLINE * 0.8 < time.monotonic() - began < DEADLINE + LATE
    with Wire(server.port) as late:
        answer = late.send(b"GET /text HTTP/1.1\r\n").answer()
        assert answer.status == 408 and "close" in answer.members("connection") and late.end() == "closed"
    with Wire(server.port) as late:
        answer = late.send(get("/echo", "Content-Length: 10", method="POST") + b"half").answer()
        assert answer.status == 408 and "close" in answer.members("connection") and late.end() == "closed"


@pytest.mark.skipif(not shutil.which("slowhttptest"), reason="slowhttptest is not installed: script/bootstrap --checks")
@pytest.mark.parametrize("kind,options", [
    ("headers", ["-H", "-i", "1"]), ("bodies", ["-B", "-i", "1", "-s", "8192"]), ("ranges", ["-R", "-a", "1", "-b", "3000"]),
    ("reading", ["-X", "-w", "1", "-y", "2", "-n", "1", "-z", "8", "-k", "3"]),
])
def test_slowhttptest_holds_nobody_up(server, kind, options):
    path = {"reading": "/letters/whole?bytes=300000", "bodies": "/echo", "ranges": "/files/page.html"}.get(kind, "/text")
    before = descriptors(server)
    with others(server):
        done = subprocess.run(["slowhttptest", "-c", "1000", "-r", "500", "-l", "8", "-p", "3", "-u", f"{server.url}{path}", *options],
                              capture_output=True, text=True, timeout=60, check=False)
    said = re.sub(r"\x1b\[[\d;]*[mHJ]", "", done.stdout)
    print(f"slowhttptest, {kind}:", " ".join(said.rsplit("slow HTTP test status", 1)[-1].split()))
    assert "Exit status: " in said, said + done.stderr
    assert are_gone(server, before)
