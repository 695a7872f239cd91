"""A served app and what is sent to it in bytes: malformed, split, pipelined, half-closed, cut. What the parser says of each
shape is tested beside it (src/http/head_parser_test.cpp, chunked_decoder_test.cpp); here is what a stranger on the wire gets."""

import random
import time

import pytest

from served import Served
from wire import Ended, Wire, ask, get, post


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    server = Served(tmp_path_factory.mktemp("raw"))
    yield server
    assert server.stop() == 0, server.text()


@pytest.fixture
def wire(server):
    with Wire(server.port) as wire:
        yield wire


HEAD = b"POST /echo HTTP/1.1\r\nHost: a\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
SMUGGLED = get("/smuggled")


def fields(*lines):
    return b"GET /text HTTP/1.1\r\nHost: a\r\n" + b"".join(line + b"\r\n" for line in lines) + b"\r\n"


def target(text):
    return b"GET " + text + b" HTTP/1.1\r\nHost: a\r\n\r\n"


def body(*lines):
    return HEAD + b"".join(line + b"\r\n" for line in lines) + b"\r\n"


# Each is answered once, and nothing that stands behind it is taken for a request.
REFUSED = {
    # Where is it to?
    "no Host": (b"GET /text HTTP/1.1\r\n\r\n", 400),
    "two Hosts": (fields(b"Host: b"), 400),
    "two equal Hosts": (fields(b"Host: a"), 400),
    **{f"Host {host.decode()!r}": (b"GET /text HTTP/1.1\r\nHost: " + host + b"\r\n\r\n", 400)
       for host in (b"", b"a/b", b"a?b", b"a#b", b"u@a", b"a b", b"a, b", b"a:b")},
    # Where does it end?
    "an unknown coding": (body(b"Transfer-Encoding: xchunked"), 501),
    "chunked, identity": (body(b"Transfer-Encoding: chunked, identity"), 501),
    "gzip, chunked": (body(b"Transfer-Encoding: gzip, chunked"), 501),
    "gzip alone": (body(b"Transfer-Encoding: gzip"), 501),
    "a coding in 1.0": (b"POST /echo HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    "a coding twice": (body(b"Transfer-Encoding: chunked", b"Transfer-Encoding: chunked"), 400),
    "length and coding": (body(b"Content-Length: 5", b"Transfer-Encoding: chunked") + b"0\r\n\r\n", 400),
    "coding and length": (body(b"Transfer-Encoding: chunked", b"Content-Length: 5") + b"0\r\n\r\n", 400),
    "two lengths": (body(b"Content-Length: 0", b"Content-Length: 44"), 400),
    "two equal lengths": (body(b"Content-Length: 0", b"Content-Length: 0"), 400),
    **{f"length {length.decode()!r}": (body(b"Content-Length: " + length), 400)
       for length in (b"3, 3", b"+3", b"-1", b"0x3", b"", b"three", b"18446744073709551617", b"1 0")},
    "a bad chunk size": (CHUNKED + b"x\r\nhi\r\n0\r\n\r\n", 400),
    "a chunk size that wraps": (CHUNKED + b"10000000000000002\r\nhi\r\n0\r\n\r\n", 400),
    "a bad chunk extension": (CHUNKED + b"2;\x01\r\nhi\r\n0\r\n\r\n", 400),
    "a chunk that is longer than it says": (CHUNKED + b"2\r\nhiXX\r\n0\r\n\r\n", 400),
    "chunks framed by bare line feeds": (CHUNKED + b"2\nhi\n0\n\n", 400),
    # Where does a line end, and what is its name?
    "a folded line": (fields(b"X-A: one", b" two"), 400),
    "a space before the colon": (fields(b"X-A : one"), 400),
    "a space in a name": (fields(b"X A: one"), 400),
    "no name": (fields(b": one"), 400),
    "a control byte": (fields(b"X-A: \x01"), 400),
    "a NUL": (fields(b"X-A: \x00"), 400),
    "a bare carriage return": (fields(b"X-A: one\rtwo"), 400),
    "a bare line feed": (fields(b"X-A: one\nX-B: two"), 400),
    "line feeds alone": (b"GET /text HTTP/1.1\nHost: a\n\n", 400),
    # What is asked?
    "no version": (b"GET /text\r\n\r\n", 400),
    "HTTP/1.2": (get("/text", version="1.2"), 505),
    "HTTP/9.9": (get("/text", version="9.9"), 505),
    "the preface of HTTP/2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
    "a hello of TLS": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
    "two empty lines": (b"\r\n\r\n" + get("/text"), 400),
    "noise before the method": (b"\x00\xff" + get("/text"), 400),
    "a target that is no path": (target(b"text"), 400),
    "a fragment": (target(b"/text#a"), 400),
    "a byte that is not ASCII in a path": (target("/täxt".encode()), 400),
    "the whole URL of another host": (target(b"http://evil.example/text"), 400),
    "a star for GET": (target(b"*"), 400),
    "CONNECT": (b"CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n", 501),
    "another expectation": (body(b"Expect: tea", b"Content-Length: 0"), 417),
    # How much of it?
    "a long target": (target(b"/" + b"a" * 9000), 414),
    "a large field": (fields(b"X-A: " + b"a" * 33_000), 431),
    "500 fields": (fields(*[b"a: b"] * 500), 431),
    "a long body": (body(b"Content-Length: 2000000") + b"x" * 2_000_000, 413),
    "many chunks": (CHUNKED + b"1000\r\n" + b"x" * 4096 + b"\r\n" + (b"1000\r\n" + b"x" * 4096 + b"\r\n") * 300, 413),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_is_answered_once_and_ends_the_connection(server, name):
    request, status = REFUSED[name]
    before = server.counts()["smuggled"]
    with Wire(server.port) as wire:
        wire.send(request + SMUGGLED).finish_sending()
        answer = wire.answer()
        assert answer.status == status, answer
        assert answer.field("content-type") == "application/json" and answer.body.startswith(b'{"detail":')
        assert answer.field("date") and "close" in answer.members("connection")
        assert wire.end() == "closed"
    assert server.counts()["smuggled"] == before


ACCEPTED = {
    "names in any case": b"GET /text HTTP/1.1\r\nhOST: a\r\nX-a: 1\r\n\r\n",
    "tabs around a value": fields(b"X-A:\t one \t"),
    "an empty value": fields(b"X-A:"),
    "no space behind the colon": fields(b"X-A:one"),
    "one empty line before": b"\r\n" + get("/text"),
    "a Host with a port": get("/text", host="a.example:8000"),
    "an IPv6 Host": get("/text", host="[::1]:80"),
    "the whole URL of this host": target(b"http://a/text"),
    "an escape": target(b"/%74ext"),
    "an offer of another protocol": fields(b"Connection: Upgrade, HTTP2-Settings", b"Upgrade: h2c",
                                           b"HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA"),
    "a Content-Length of nothing": fields(b"Content-Length: 0"),
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_what_is_odd_but_right_is_served(wire, name):
    for _ in range(2):  # and the connection goes on
        answer = wire.ask(ACCEPTED[name], "GET")
        assert (answer.status, answer.body) == (200, b"text"), name


def test_a_request_is_answered_when_its_last_byte_has_come_and_not_before(server, wire):
    for request, expected in ((post("/echo", b"hello"), b"hello"), (CHUNKED + b"5\r\nhello\r\n0\r\n\r\n", b"hello"),
                              (get("/text"), b"text")):
        for byte in request[:-1]:
            wire.send(bytes([byte]))
            assert wire.is_silent(0.002)
        assert wire.is_silent(0.1)
        wire.send(request[-1:])
        assert wire.answer().body == expected
    assert wire.is_silent()


def test_a_request_in_two_pieces_is_one_request_wherever_it_is_cut(wire):
    request = HEAD + b"Transfer-Encoding: chunked\r\n\r\n2;e\r\nhe\r\n3\r\nllo\r\n0\r\nT: 1\r\n\r\n"
    for cut in range(1, len(request)):
        wire.send(request[:cut], request[cut:])
        assert wire.answer("POST").body == b"hello", cut
    assert wire.is_silent()


def test_requests_in_pieces_of_a_few_bytes_are_answered_one_by_one(wire):
    chance = random.Random(7)
    for number in range(40):
        text = f"request {number} ".encode() * chance.randint(0, 9)
        request = chance.choice((post("/echo", text), CHUNKED + (b"%x\r\n%s\r\n" % (len(text), text) if text else b"") + b"0\r\n\r\n"))
        pieces, at = [], 0
        while at < len(request):
            size = chance.randint(1, 7)
            pieces.append(request[at:at + size])
            at += size
        assert wire.send(*pieces).answer("POST").body == text
    assert wire.is_silent()


def test_ten_requests_at_once_get_ten_answers_in_their_order_also_behind_a_slow_one(wire):
    bodies = [f"number {i}".encode() for i in range(10)]
    pipeline = b"".join(post("/echo", text) for text in bodies)
    for pieces in [[pipeline], *([pipeline[:cut], pipeline[cut:]] for cut in range(1, len(pipeline), 29))]:
        wire.send(*pieces)
        assert [wire.answer("POST").body for _ in bodies] == bodies
    wire.send(post("/echo", b"before") + get("/slow?ms=60") + post("/echo", b"after") + get("/text"))
    assert [wire.answer().body for _ in range(4)] == [b"before", b"slow", b"after", b"text"]
    assert wire.is_silent()


@pytest.mark.parametrize("name,chunks,echo", [
    ("one of twelve", b"c\r\nhello, world\r\n0\r\n\r\n", b"hello, world"),
    ("extensions", b"5;a=b;c=\"d;e\"\r\nhello\r\n0;last\r\n\r\n", b"hello"),
    ("trailers, of which one looks like a length", b"5\r\nhello\r\n0\r\nX-T: 1\r\nContent-Length: 99\r\n\r\n", b"hello"),
    ("single bytes", b"".join(b"1\r\n%c\r\n" % c for c in b"hello") + b"0\r\n\r\n", b"hello"),
    ("none", b"0\r\n\r\n", b""),
    ("what looks like the end", b"5\r\n0\r\n\r\n\r\n0\r\n\r\n", b"0\r\n\r\n"),
    ("many", (b"1000\r\n" + b"x" * 4096 + b"\r\n") * 200 + b"0\r\n\r\n", b"x" * 4096 * 200),
])
def test_a_body_in_chunks_is_taken_as_it_was_meant(wire, name, chunks, echo):
    wire.send(CHUNKED + chunks + get("/text"))
    assert wire.answer("POST").body == echo, name
    assert wire.answer().body == b"text"


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
def test_a_body_of_any_method_is_read(wire, method):
    for text in (b"", b"hello", b"\r\n\r\n", b"x" * 100_000, bytes(range(256)) * 10):
        wire.send(post("/echo", text, method=method) + get("/text"))
        answer = wire.answer()
        assert (answer.body, answer.field("x-method")) == (text, method)
        assert wire.answer().body == b"text"


def test_a_client_that_expects_100_is_told_to_go_on_or_the_answer(server):
    expecting = get("/echo", "Expect: 100-continue", "Content-Length: 5", method="POST")
    with Wire(server.port) as wire:
        assert wire.ask(expecting).status == 100
        assert wire.is_silent()
        assert wire.ask(b"hello", "POST").body == b"hello"
        assert wire.ask(get("/text")).status == 200
    with Wire(server.port) as wire:  # the body comes without being asked for
        answers = [wire.send(expecting + b"hello").answer()]
        while answers[-1].status == 100:
            answers.append(wire.answer())
        assert answers[-1].body == b"hello"
    with Wire(server.port) as wire:  # what is not read need not be sent
        answer = wire.ask(get("/nowhere", "Expect: 100-continue", "Content-Length: 5", method="POST"))
        assert answer.status == 404 and "close" in answer.members("connection")
        assert wire.finish_sending().end() == "closed"


def test_what_nobody_reads_of_a_body_is_no_request(wire):
    text = SMUGGLED * 3
    for path, status in (("/nowhere", 404), ("/text", 405), ("/private", 405)):
        for request in (post(path, text), get(path, "Transfer-Encoding: chunked", method="POST") +
                        b"%x\r\n%s\r\n0\r\n\r\n" % (len(text), text)):
            assert wire.ask(request, "POST").status == status
            assert wire.ask(get("/text")).body == b"text"


@pytest.mark.parametrize("method", ["TRACE", "BREW", "get", "PROPFIND", "M-SEARCH"])
def test_a_method_that_no_route_has_is_405_and_says_which_there_are(wire, method):
    answer = wire.ask(get("/text", "X-Secret: canary", method=method))
    assert (answer.status, answer.members("allow")) == (405, {"get", "head"})
    assert b"canary" not in answer.body  # TRACE would send it back
    assert wire.ask(get("/text")).status == 200


def test_http_1_0_is_closed_unless_it_asks_to_be_kept_and_gets_no_chunks(server):
    with Wire(server.port) as wire:
        answer = wire.ask(get("/text", version="1.0", host=None))
        assert (answer.status, answer.body, answer.members("connection")) == (200, b"text", {"close"})
        assert wire.end() == "closed"
    with Wire(server.port) as wire:
        for _ in range(2):
            answer = wire.ask(get("/text", "Connection: keep-alive", version="1.0"))
            assert (answer.body, answer.members("connection")) == (b"text", {"keep-alive"})
        answer = wire.ask(get("/letters?bytes=100000", "Connection: keep-alive", version="1.0"))
        assert not answer.all("transfer-encoding") and answer.members("connection") == {"close"}
        assert answer.body == b"x" * 100_000
        assert wire.end() == "closed"


def test_who_says_close_gets_the_answer_and_the_end(server):
    for said in ("close", "Close", "foo, close", "keep-alive, close"):
        with Wire(server.port) as wire:
            answer = wire.ask(get("/text", f"Connection: {said}"))
            assert (answer.body, answer.members("connection")) == (b"text", {"close"})
            assert wire.end() == "closed"


def test_who_has_finished_sending_still_gets_every_answer(server):
    with Wire(server.port) as wire:
        wire.send(get("/slow?ms=50") + get("/text")).finish_sending()
        assert [wire.answer().body for _ in range(2)] == [b"slow", b"text"]
        assert wire.end() == "closed"


def test_a_body_that_ends_too_soon_reaches_no_handler(server):
    for request in (get("/echo", "Content-Length: 10", method="POST") + b"half", CHUNKED + b"5\r\nhel", CHUNKED + b"5\r\nhello\r\n"):
        with Wire(server.port) as wire:
            try:
                assert wire.send(request).finish_sending().answer().status == 400
            except Ended as ended:
                assert ended.args == (b"",)


@pytest.mark.parametrize("path", ["/ticks", "/slow?ms=60000", "/letters?bytes=8000000000"])
def test_who_is_gone_by_a_reset_is_worked_for_no_longer(server, path):
    before = server.counts()
    with Wire(server.port, receive_buffer=8192) as wire:
        wire.send(get(path))
        if path != "/slow?ms=60000":
            wire.head()
        elif not wait_until(lambda: server.counts()["begun"] > before["begun"]):
            pytest.fail("the handler has not begun")
        wire.reset()
    if path.startswith("/letters"):
        return  # it has no counter: that it ends shows when the server stops in time
    assert wait_until(lambda: server.counts()["cancelled"] == before["cancelled"] + 1)


def wait_until(condition, seconds=5):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


def test_a_client_that_keeps_sending_can_read_why_it_is_refused(server):
    with Wire(server.port) as wire:
        wire.send(get("/echo", "Content-Length: 20000000", method="POST"), *[b"x" * 1_000_000] * 20)
        assert wire.answer().status == 413
    with Wire(server.port) as wire:
        wire.send(CHUNKED, *[b"f4240\r\n" + b"x" * 1_000_000 + b"\r\n"] * 20)
        assert wire.answer().status == 413


def test_any_noise_gets_a_refusal_or_the_end_and_the_server_stays(server):
    chance = random.Random(11)
    whole = post("/echo", b"hello", "X-A: b", "Cookie: a=b")
    for _ in range(300):
        noise = bytearray(whole)
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(len(noise))
            noise[at:at + chance.randint(0, 3)] = bytes(chance.randrange(256) for _ in range(chance.randint(0, 3)))
        with Wire(server.port) as wire:
            wire.send(bytes(noise)).finish_sending()
            while not isinstance(end := answer_or_end(wire), str):
                assert end.status < 500 or end.status in (501, 505), noise
            assert end == "closed", noise
    assert ask(server.port, get("/text")).body == b"text"


def answer_or_end(wire):
    try:
        return wire.answer()
    except Ended as ended:
        assert ended.args == (b"",), "half an answer"
        return "closed"
    except ConnectionResetError:
        return "reset"
