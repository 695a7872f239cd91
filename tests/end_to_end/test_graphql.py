"""GraphQL beside graphql-js, and npm's audits of GraphQL over HTTP: the tests are in the .mjs files."""

import json
import pathlib
import socket
import struct
import time

import httpx
import pytest

from harness import BUILD, Process, free_port, run_node


@pytest.fixture(scope="module")
def api(tmp_path_factory):
    port = free_port()
    process = Process([BUILD / "tests" / "graphql_api", "--port", port], tmp_path_factory.mktemp("graphql") / "log")
    process.url = f"http://127.0.0.1:{port}"
    process.wait_for(f"{process.url}/health")
    yield process
    assert process.stop() == 0


def test_what_graphql_js_answers_is_answered_equally(api):
    run_node(pathlib.Path(__file__).with_name("graphql_oracle.test.mjs"), {"API": api.url})


def test_what_graphql_js_reads_prints_and_coerces_is_read_printed_and_coerced_equally():
    run_node(pathlib.Path(__file__).with_name("graphql_syntax.test.mjs"), {"SYNTAX": str(BUILD / "tests" / "graphql_syntax")})


def test_the_audits_of_graphql_over_http_pass(api):
    run_node(pathlib.Path(__file__).with_name("graphql_http.test.mjs"), {"API": api.url})


def test_operations_answered_as_events_to_graphql_sse(api):
    run_node(pathlib.Path(__file__).with_name("graphql_events.test.mjs"), {"API": api.url})


def test_operations_over_the_older_web_socket_by_subscriptions_transport_ws(api):
    run_node(pathlib.Path(__file__).with_name("graphql_legacy_ws.test.mjs"), {"API": api.url})


def test_documents_that_are_named_by_apollos_link_and_by_their_ids(api):
    run_node(pathlib.Path(__file__).with_name("graphql_persisted.test.mjs"), {"API": api.url})


def test_operations_over_a_web_socket_by_graphql_ws(api):
    run_node(pathlib.Path(__file__).with_name("graphql_ws.test.mjs"), {"API": api.url})


def frame(message):
    data = json.dumps(message).encode()
    length = bytes([0x80 | len(data)]) if len(data) < 126 else struct.pack(">BH", 0xFE, len(data))
    return b"\x81" + length + bytes(4) + data


def silent(api, path, payload, operations):
    """A client who asks, and never reads."""
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.connect(("127.0.0.1", int(api.url.rsplit(":", 1)[1])))
    client.sendall(f"GET {path} HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                   "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n".encode())
    client.sendall(frame({"type": "connection_init"}))
    for i in range(operations):
        client.sendall(frame({"id": f"{i}", "type": "subscribe", "payload": payload}))
    return client


def test_answers_that_a_client_does_not_read_are_bounded_in_all(api):
    def memory():
        return int(next(line for line in open(f"/proc/{api.handle.pid}/status") if line.startswith("VmRSS")).split()[1])

    before, operations, limit = memory(), 80, 64 * 1024
    query = "{ people(count: 1) { greeting(word: \"%s\", times: 500) } }" % ("x" * 10_000)
    client = silent(api, "/bounded", {"query": query}, operations)
    # What operations that still run take is another bound: wait until there is none, and answers alone are left.
    taken, since, end = memory(), time.monotonic(), time.monotonic() + 60
    while time.monotonic() - since < 1 and time.monotonic() < end:
        time.sleep(0.05)
        if memory() != taken:
            taken, since = memory(), time.monotonic()
    taken -= before
    heard, completed, refused = b"", 0, 0
    client.settimeout(30)
    while completed < operations:
        heard = heard[-100:] + client.recv(1 << 20)
        completed += heard.count(b'"type":"complete"') - heard[:100].count(b'"type":"complete"')
        refused += heard.count(b"ANSWER_TOO_LARGE") - heard[:100].count(b"ANSWER_TOO_LARGE")
    client.close()
    assert taken < 2 * limit, f"{taken} kB"
    assert 0 < refused < operations


def test_clients_who_do_not_read_and_go_take_no_memory_and_leave_nothing_in_the_log(api):
    def memory():
        return int(next(line for line in open(f"/proc/{api.handle.pid}/status") if line.startswith("VmRSS")).split()[1])

    before, told = memory(), len(api.text())
    firehose = {"query": "subscription { born(count: 100000000) { id tags greeting(word: \"%s\", times: 50) } }" % ("x" * 1000)}
    clients = [silent(api, "/bounded", firehose, 20) for _ in range(10)]
    clients += [silent(api, "/bounded", {"query": "{ people(count: 2000) { id fullName tags } }"}, 50) for _ in range(3)]
    for client in clients[-2:]:  # which closes the WebSocket while its answers wait
        client.sendall(frame({"type": "connection_init"}))
    clients.append(silent(api, "/stubborn", {"query": "{ stubborn(pause: 2000) }"}, 3))
    time.sleep(0.5)
    with httpx.Client(base_url=api.url, trust_env=False, timeout=5) as others:
        assert others.get("/running").json() > 0
        assert others.post("/graphql", json={"query": "{ hello }"}).json() == {"data": {"hello": "world"}}
        for client in clients:
            client.close()
        end = time.monotonic() + 10
        while others.get("/running").json() > 0:
            assert time.monotonic() < end
            time.sleep(0.1)
    assert memory() - before < 100 * 1024, f"{memory() - before} kB"
    assert api.text()[told:] == ""
