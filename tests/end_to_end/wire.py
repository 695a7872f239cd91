"""HTTP/1.1 in bytes: what a server says to whatever it is sent, with no client library between that would put it right.

Answers are read as strictly as RFC 9112 lets them be written: what is framed in two ways, or in none, is an error."""

import dataclasses
import re
import socket
import struct

STATUS_LINE = re.compile(rb"HTTP/1\.1 ([1-9]\d\d) [\t -~]*")
FIELD_LINE = re.compile(rb"([!#$%&'*+\-.^_`|~0-9A-Za-z]+): ?([\t -~\x80-\xff]*)")
PATIENCE = 10


def get(path, *fields, host="a", version="1.1", method="GET"):
    """A request without a body; fields as "Name: value"."""
    lines = [f"{method} {path} HTTP/{version}", *([f"Host: {host}"] if host else []), *fields]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def post(path, body, *fields, method="POST"):
    return get(path, *fields, f"Content-Length: {len(body)}", method=method) + body


@dataclasses.dataclass
class Answer:
    status: int
    fields: list  # of (name in lower case, value)
    body: bytes = b""

    def all(self, name):
        return [value for known, value in self.fields if known == name.lower()]

    def field(self, name):
        """The value of a field that is there once; None where it is missing."""
        values = self.all(name)
        assert len(values) < 2, f"{name} is there {len(values)} times: {values}"
        return values[0] if values else None

    def members(self, name):
        """Of a field that is a list, in lower case."""
        return {member.strip().lower() for value in self.all(name) for member in value.split(",") if member.strip()}


class Ended(Exception):
    """The server has closed the connection before an answer was complete; what had come of it is the argument."""


class Wire:
    """One connection. Whatever takes ten seconds has failed."""

    def __init__(self, port, receive_buffer=None):
        self.socket = socket.socket()
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(PATIENCE)
        self.socket.connect(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.rest = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, *pieces):
        """Each piece leaves by itself."""
        for piece in pieces:
            self.socket.sendall(piece)
        return self

    def finish_sending(self):
        self.socket.shutdown(socket.SHUT_WR)
        return self

    def reset(self):
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def _more(self):
        part = self.socket.recv(1 << 16)
        if not part:
            raise Ended(self.rest)
        self.rest += part

    def _take_line(self):
        while b"\n" not in self.rest:
            self._more()
        line, self.rest = self.rest.split(b"\n", 1)
        assert line.endswith(b"\r") and b"\r" not in line[:-1], line
        return line[:-1]

    def _take(self, size):
        while len(self.rest) < size:
            self._more()
        taken, self.rest = self.rest[:size], self.rest[size:]
        return taken

    def _take_to_the_end(self):
        try:
            while True:
                self._more()
        except Ended:
            taken, self.rest = self.rest, b""
            return taken

    def _take_fields(self):
        fields = []
        while line := self._take_line():
            field = FIELD_LINE.fullmatch(line)
            assert field, line
            fields.append((field[1].decode().lower(), field[2].decode("latin-1").strip()))
        return fields

    def _take_chunks(self):
        body = b""
        while size := int(self._take_line(), 16):
            body += self._take(size)
            assert self._take(2) == b"\r\n"
        assert self._take_fields() == [], "no trailers were asked for"
        return body

    def head(self):
        line = self._take_line()
        status = STATUS_LINE.fullmatch(line)
        assert status, line
        return Answer(int(status[1]), self._take_fields())

    def answer(self, to="GET"):
        """The next answer; `to` is the method that was asked with, which says whether there is a body."""
        answer = self.head()
        lengths, codings = answer.all("content-length"), answer.all("transfer-encoding")
        assert len(lengths) + len(codings) < 2, f"framed twice: {answer.fields}"
        if answer.status < 200 or answer.status in (204, 304):
            assert not codings and (not lengths or answer.status == 304), answer.fields
        elif to == "HEAD":
            pass
        elif codings:
            assert codings == ["chunked"]
            answer.body = self._take_chunks()
        elif lengths:
            answer.body = self._take(int(lengths[0]))
        else:
            assert answer.members("connection") == {"close"}, "neither framed nor closed"
            answer.body = self._take_to_the_end()
        return answer

    def ask(self, request, to=None):
        self.send(request)
        return self.answer(to or request.split(b" ", 1)[0].decode("latin-1"))

    def is_silent(self, seconds=0.05):
        """Whether nothing comes, and the connection stays open, for so long."""
        if self.rest:
            return False
        self.socket.settimeout(seconds)
        try:
            self.rest += self.socket.recv(1 << 16)
            return False
        except TimeoutError:
            return True
        finally:
            self.socket.settimeout(PATIENCE)

    def end(self):
        """How the server has ended the connection: "closed" or "reset", or what it has said instead."""
        try:
            said = self._take_to_the_end()
            return said or "closed"
        except ConnectionResetError:
            return "reset"


def ask(port, request, to=None):
    """A request on a connection of its own."""
    with Wire(port) as wire:
        return wire.ask(request, to)
