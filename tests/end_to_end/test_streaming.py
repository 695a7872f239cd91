"""Streams both ways, of examples/15_streaming: an EventSource of Python's and the browser's, bodies of gigabytes."""

import asyncio
import json
import os
import pathlib
import signal
import socket
import subprocess
import threading
import time

import httpx
import pytest
from httpx_sse import connect_sse

from harness import BUILD, CLIENTS, Process, free_port
from test_browser import CHROMIUM

GIGABYTE = 1 << 30


class Board:
    def __init__(self, folder, port=None):
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process = Process([BUILD / "examples" / "15_streaming" / "streaming"], folder / "server.log", env={"PORT": str(self.port)})
        self.process.wait_for(f"{self.url}/health")

    def add(self, text):
        assert httpx.post(f"{self.url}/notices", json={"text": text}, trust_env=False).status_code == 201

    def resident_kilobytes(self):
        with open(f"/proc/{self.process.handle.pid}/status", encoding="ascii") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))


@pytest.fixture
def board(tmp_path):
    board = Board(tmp_path)
    yield board
    assert board.process.stop() == 0


def events(board, count, headers=None):
    seen = []
    with httpx.Client(trust_env=False, timeout=10) as client, connect_sse(client, "GET", f"{board.url}/notices/events", headers=headers or {}) as source:
        assert source.response.status_code == 200
        for event in source.iter_sse():
            seen.append(event)
            if len(seen) == count:
                return seen
    return seen


def test_an_event_source_gets_what_there_is_and_what_comes(board):
    board.add("first")
    threading.Timer(0.3, board.add, ["second ä\nline"]).start()
    seen = events(board, 2)
    assert [(event.event, event.id, json.loads(event.data)["text"]) for event in seen] == [("notice", "1", "first"), ("notice", "2", "second ä\nline")]


def test_one_that_comes_back_goes_on_after_the_last_event_it_has_got(board):
    for text in ("a", "b", "c"):
        board.add(text)
    assert [event.id for event in events(board, 1, {"Last-Event-ID": "2"})] == ["3"]
    wrong = httpx.get(f"{board.url}/notices/events", headers={"Last-Event-ID": "x"}, trust_env=False)
    assert wrong.status_code == 422 and wrong.json()["detail"][0]["loc"] == ["header", "last-event-id"]
    assert httpx.get(f"{board.url}/notices/events", headers={"Last-Event-ID": "-1"}, trust_env=False).status_code == 400


def test_streams_end_at_once_when_the_server_is_told_to(board):
    connections = []
    for _ in range(50):
        connection = socket.create_connection(("127.0.0.1", board.port))
        connection.sendall(b"GET /notices/events HTTP/1.1\r\nHost: a\r\n\r\n")
        connections.append(connection)
    board.add("all are connected")
    for connection in connections:
        while b"connected" not in connection.recv(4096):
            pass
    began = time.monotonic()
    board.process.handle.send_signal(signal.SIGTERM)
    for connection in connections:
        rest = b""
        while more := connection.recv(4096):
            rest += more
        assert rest.endswith(b"0\r\n\r\n"), rest
        connection.close()
    board.process.handle.wait(5)
    assert time.monotonic() - began < 1.0


def test_clients_that_go_leave_nothing_behind(board):
    async def come_and_go():
        for _ in range(10):
            writers = []
            for _ in range(100):
                _, writer = await asyncio.open_connection("127.0.0.1", board.port)
                writer.write(b"GET /notices/events HTTP/1.1\r\nHost: a\r\n\r\n")
                writers.append(writer)
            await asyncio.sleep(0.05)
            for writer in writers:
                writer.transport.abort()
    asyncio.run(come_and_go())
    board.add("who is there")
    before = board.resident_kilobytes()
    for _ in range(5):
        asyncio.run(come_and_go())
    board.add("nobody")
    assert board.resident_kilobytes() - before < 8 * 1024


def test_two_gigabytes_up_and_down_take_no_memory(board):
    before = board.resident_kilobytes()
    zeros = ["head", "-c", str(2 * GIGABYTE), "/dev/zero"]
    with subprocess.Popen(zeros, stdout=subprocess.PIPE) as source:
        sent = subprocess.run(["curl", "-sS", "--noproxy", "*", "-T", "-", f"{board.url}/archive/zeros"], stdin=source.stdout, capture_output=True, check=True)
    assert json.loads(sent.stdout) == {"name": "zeros", "bytes": 2 * GIGABYTE}
    after_upload = board.resident_kilobytes()
    got = subprocess.run(f"curl -sS --noproxy '*' {board.url}/zeros/2048 | wc -c", shell=True, capture_output=True, check=True)
    assert int(got.stdout) == 2 * GIGABYTE
    assert max(after_upload, board.resident_kilobytes()) - before < 16 * 1024


def test_a_form_is_taken_part_by_part(board):
    class Large:
        def __init__(self, size):
            self.left = size

        def read(self, most=-1):
            count = min(self.left, most if most > 0 else self.left)
            self.left -= count
            return b"x" * count

    before = board.resident_kilobytes()
    answer = httpx.post(f"{board.url}/archive", files={"large": ("l", Large(200 << 20)), "small": ("s", b"12345")}, data={"title": "t"}, trust_env=False,
                        timeout=60)
    assert sorted((part["field"], part["bytes"]) for part in answer.json()) == [("large", 200 << 20), ("small", 5), ("title", 1)]
    assert board.resident_kilobytes() - before < 16 * 1024


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine; script/bootstrap --browser installs it")
def test_a_browser_shows_what_comes_and_goes_on_after_a_restart(tmp_path):
    board = Board(tmp_path)
    board.add("first <b>")
    script = pathlib.Path(__file__).with_name("event_source.mjs")
    with subprocess.Popen([CLIENTS / "venv" / "bin" / "node", script, board.url, CHROMIUM], stdout=subprocess.PIPE, text=True,
                          env={**os.environ, "BAILEY_CLIENTS": str(CLIENTS)}) as browser:
        assert browser.stdout.readline() == "connected\n"
        assert board.process.stop() == 0  # not held up by the page
        board = Board(tmp_path, board.port)
        board.add("seen already")  # the first of the new board, and the page has had a first one
        board.add("second")
        assert json.loads(browser.stdout.read()) == ["1: first <b>", "2: second"]
    assert browser.returncode == 0
    assert board.process.stop() == 0
