"""What every answer must keep to, whatever the route (RFC 9110, 9111, 9112; Fetch for CORS), as it stands on the wire."""

import email.utils
import gzip
import os
import re
import urllib.parse

import pytest

from served import Served
from wire import Wire, ask, get, post

PAGE = "<!doctype html><title>Page</title>" + "<p>text</p>" * 200
OURS = "Origin: https://app.example.com"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("rules")
    (folder / "page.html").write_text(PAGE)
    (folder / "data.bin").write_bytes(bytes(range(256)))
    os.utime(folder / "page.html", (1_700_000_000, 1_700_000_000))
    server = Served(folder)
    yield server
    assert server.stop() == 0, server.text()


@pytest.fixture
def port(server):
    return server.port


# Every kind of answer there is, with its status.
KINDS = {
    "text": (get("/text"), 200), "JSON": (get("/json"), 200), "a page": (get("/page"), 200),
    "a compressed page": (get("/page", "Accept-Encoding: gzip"), 200),
    "a stream": (get("/letters?bytes=70000"), 200), "a file": (get("/files/page.html"), 200),
    "a part of a file": (get("/files/page.html", "Range: bytes=0-4"), 206),
    "parts of a file": (get("/files/page.html", "Range: bytes=0-4, 10-14"), 206),
    "no such part": (get("/files/page.html", "Range: bytes=99999-"), 416),
    "made": (post("/made", b""), 201), "nothing": (get("/nothing"), 204), "a reset form": (get("/reset"), 205),
    "moved": (get("/moved?to=/text"), 307), "not modified": (get("/files/page.html", "If-None-Match: *"), 304),
    "malformed": (b"GET /text\r\n\r\n", 400), "nobody": (get("/private"), 401), "not there": (get("/nowhere"), 404),
    "no such method": (post("/text", b""), 405), "another's version": (get("/files/page.html", 'If-Match: "other"'), 412),
    "too long": (get("/echo", "Content-Length: 9999999", method="POST"), 413), "a long target": (get("/" + "a" * 9000), 414),
    "invalid": (get("/slow?ms=soon"), 422), "no protocol": (get("/socket"), 426), "many fields": (get("/text", *["A: b"] * 200), 431),
    "a mistake": (get("/fails"), 500), "CONNECT": (get("a:1", method="CONNECT"), 501), "busy": (get("/busy"), 503),
    "HTTP/2": (get("/text", version="2.0"), 505), "options": (get("/text", method="OPTIONS"), 204),
    "options of all": (get("*", method="OPTIONS"), 204),
    "a preflight": (get("/text", OURS, "Access-Control-Request-Method: GET", method="OPTIONS"), 200),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_answer_is_dated_framed_once_typed_and_says_what_its_status_promises(port, kind):
    request, status = KINDS[kind]
    answer = ask(port, request)  # which has checked the framing
    assert answer.status == status, answer
    assert abs(email.utils.parsedate_to_datetime(answer.field("date")).timestamp() - email.utils.localtime().timestamp()) < 5
    assert answer.field("date").endswith(" GMT")
    if answer.body:
        kind_of_body = answer.field("content-type")
        assert kind_of_body and (not kind_of_body.startswith("text/") or "charset=utf-8" in kind_of_body.lower())
    else:
        assert status in (201, 204, 205, 304, 307) or "options" in kind or kind == "a preflight", "an empty body"
    promised = {401: "www-authenticate", 405: "allow", 416: "content-range", 426: "upgrade", 307: "location", 503: "retry-after"}
    if status in promised:
        assert answer.field(promised[status]), answer.fields
    if request.startswith(b"OPTIONS") and kind != "a preflight":
        assert answer.members("allow")
    for name in ("keep-alive", "proxy-connection", "te", "trailer"):  # hop-by-hop, and none of ours
        assert not answer.all(name)
    assert b"what nobody may read" not in answer.body


@pytest.mark.parametrize("path", ["/text", "/json", "/page", "/letters?bytes=70000", "/letters/whole?bytes=70000", "/nothing",
                                  "/moved?to=/text", "/files/page.html", "/files/data.bin", "/nowhere", "/private", "/fails",
                                  "/socket", "/slow?ms=soon", "/health", "/openapi.json"])
@pytest.mark.parametrize("accept", ["identity", "gzip"])
def test_head_is_told_what_get_is_and_sent_no_body(port, path, accept):
    with Wire(port) as wire:
        whole = wire.ask(get(path, f"Accept-Encoding: {accept}"))
        wire.send(get(path, f"Accept-Encoding: {accept}", method="HEAD") + get("/text"))
        head = wire.answer("HEAD")
        assert wire.answer().body == b"text"

    def told(answer):
        of_itself = {"date", "x-request-id", "transfer-encoding"}
        if accept == "gzip" or not whole.body:
            of_itself.add("content-length")  # of what has not been made, or has no bytes, none need be told
        return sorted(field for field in answer.fields if field[0] not in of_itself)

    assert (head.status, told(head)) == (whole.status, told(whole))
    assert not (head.all("content-length") and head.all("transfer-encoding"))


def test_a_tag_is_quoted_and_the_same_for_the_same_and_another_for_another(port):
    plain, again = (ask(port, get("/files/page.html")) for _ in range(2))
    packed = ask(port, get("/files/page.html", "Accept-Encoding: gzip"))
    other = ask(port, get("/files/data.bin"))
    tag = plain.field("etag")
    assert re.fullmatch(r'"[!#-~]+"', tag) and again.field("etag") == tag != other.field("etag")
    assert gzip.decompress(packed.body) == plain.body
    assert packed.field("etag") == f"W/{tag}" or packed.field("etag").strip('W/"') != tag.strip('"')


@pytest.mark.parametrize("conditions,status", [
    (["If-None-Match: {tag}"], 304), (["If-None-Match: W/{tag}"], 304), (["If-None-Match: *"], 304),
    (['If-None-Match: "a", {tag}'], 304), (['If-None-Match: "a"'], 200),
    (["If-Modified-Since: {date}"], 304), (["If-Modified-Since: Thu, 01 Jan 1970 00:00:00 GMT"], 200),
    (["If-Modified-Since: yesterday"], 200),
    (['If-None-Match: "a"', "If-Modified-Since: {date}"], 200), (["If-None-Match: {tag}", "If-Modified-Since: Thu, 01 Jan 1970 00:00:00 GMT"], 304),
    (["If-Match: {tag}"], 200), (["If-Match: *"], 200), (['If-Match: "a"'], 412), (["If-Match: W/{tag}"], 412),
    (["If-Unmodified-Since: {date}"], 200), (["If-Unmodified-Since: Thu, 01 Jan 1970 00:00:00 GMT"], 412),
])
def test_conditions_are_heeded_in_their_rank(port, conditions, status):
    now = ask(port, get("/files/page.html"))
    values = {"tag": now.field("etag"), "date": now.field("last-modified")}
    answer = ask(port, get("/files/page.html", *[each.format(**values) for each in conditions]))
    assert answer.status == status
    if status == 304:
        assert not answer.body
        assert answer.field("etag").removeprefix("W/") == values["tag"]  # weak to who has asked with a weak one
        for name in ("cache-control", "vary"):
            assert answer.all(name) == now.all(name), name


@pytest.mark.parametrize("asked,status,part", [
    ("bytes=0-4", 206, (0, 5)), ("bytes=-5", 206, (len(PAGE) - 5, len(PAGE))), ("bytes=5-", 206, (5, len(PAGE))),
    ("bytes=0-999999", 206, (0, len(PAGE))), ("bytes=999999-", 416, None), ("bytes=-0", 416, None),
    ("bytes=4-0", 200, None), ("bytes=a-b", 200, None), ("bytes", 200, None), ("lines=0-4", 200, None), ("bytes=0-4,x", 200, None),
    ("bytes=" + ",".join(f"{i * 4}-{i * 4 + 1}" for i in range(200)), 200, None),
])
def test_a_range_is_a_part_of_get_and_ignored_where_it_is_malformed(port, asked, status, part):
    answer = ask(port, get("/files/page.html", f"Range: {asked}"))
    assert answer.status == status
    if part:
        assert answer.body.decode() == PAGE[part[0]:part[1]]
        assert answer.field("content-range") == f"bytes {part[0]}-{part[1] - 1}/{len(PAGE)}"
    elif status == 416:
        assert answer.field("content-range") == f"bytes */{len(PAGE)}"
    else:
        assert answer.body.decode() == PAGE and answer.field("content-range") is None
    assert ask(port, get("/files/page.html", f"Range: {asked}", method="HEAD"), "HEAD").status == 200


def test_a_range_of_another_version_is_the_whole_and_only_a_strong_tag_says_which(port):
    now = ask(port, get("/files/page.html"))
    tag, date = now.field("etag"), now.field("last-modified")
    for of, status in ((tag, 206), (f"W/{tag}", 200), ('"other"', 200), (date, 206), ("Thu, 01 Jan 1970 00:00:00 GMT", 200)):
        assert ask(port, get("/files/page.html", "Range: bytes=0-4", f"If-Range: {of}")).status == status, of


def test_vary_names_what_the_answer_depends_on_and_nothing_else(port):
    both = {"origin", "accept-encoding"}
    for path, fields, names in (
        ("/page", [], both), ("/page", ["Accept-Encoding: gzip"], both), ("/page", [OURS], both),
        ("/page", ["Origin: https://evil.example"], both), ("/text", [], {"origin"}), ("/files/data.bin", [], {"origin"}),
    ):
        answer = ask(port, get(path, *fields))
        assert answer.members("vary") == names, (path, fields, answer.fields)
    assert ask(port, get("/page", OURS)).field("access-control-allow-origin") == "https://app.example.com"
    assert ask(port, get("/page", "Origin: https://evil.example")).field("access-control-allow-origin") is None
    assert ask(port, get("/fails", OURS)).field("access-control-allow-origin") == "https://app.example.com"


SPLITTING = ["a\r\nSet-Cookie: evil=1", "a\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil", "a\nX-Evil: 1", "a\rX-Evil: 1", "a\0b"]


@pytest.mark.parametrize("path", ["/headers?value=", "/cookie?value=", "/moved?to=/", "/named?name="])
@pytest.mark.parametrize("value", SPLITTING)
def test_nothing_that_a_client_says_ends_a_header_line(server, path, value):
    with Wire(server.port) as wire:
        answer = wire.ask(get(path + urllib.parse.quote(value, safe="")))
        assert wire.ask(get("/text")).body == b"text", "one answer, and the connection goes on"
    names = {name for name, _ in answer.fields}
    assert "x-evil" not in names and b"evil" not in answer.body
    assert not any(cookie.startswith("evil") for cookie in answer.all("set-cookie"))
    assert answer.status in (200, 307, 400, 500)
    for _, text in answer.fields:
        assert not re.search(r"[\r\n\0]", text)


def test_a_header_takes_any_other_text_as_it_is(port):
    for value in ("a b", "ü", "\x80", "a;b,c=\"d\"", "x" * 2000):
        answer = ask(port, get("/headers?value=" + urllib.parse.quote(value)))
        assert answer.status == 200 and answer.field("x-value").encode("latin-1") == value.encode()


def test_a_refusal_to_an_unknown_path_tells_no_more_than_that(port):
    for path in ("/nowhere", "/files/nowhere", "/files/../conformance.log", "/files/%2e%2e/x", "/files/%2e%2e%2fx", "/files/..%5cx"):
        answer = ask(port, get(path))
        assert (answer.status, answer.body) == (404, b'{"detail":"Not Found"}'), path
