"""The numbered examples do what the pages that quote them say."""

import contextlib
import http.server
import json
import os
import socket
import subprocess
import threading

import httpx
import pytest

from harness import BUILD, Process, free_port


def run(example, *arguments, env=None):
    done = subprocess.run([BUILD / "examples" / example, *arguments], env={**os.environ, **(env or {})},
                          capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("transport", ["http", "direct"])
def test_the_client_signs_somebody_up_and_keeps_their_cards(stack, email, transport):
    env = {"SUPABASE_URL": stack.url, "SUPABASE_ANON_KEY": stack.env["ANON_KEY"],
           "DATABASE_URL": stack.database_url if transport == "direct" else ""}
    who = email("client")
    for _ in range(2):  # the second time they sign in
        printed = run("02_client/client", who, "correct horse", env=env)
        assert '"full_name":"Ada Lovelace"' in printed and "there are 1\n" in printed


def test_postgresql_without_the_rest_dialect(stack):
    printed = run("04_postgresql/postgresql", env={"DATABASE_URL": stack.env["API_DATABASE_URL"]})
    assert "3 squared is 9\n" in printed
    assert "authenticated ada00000-0000-4000-8000-000000000001\n" in printed
    assert "together 42\n" in printed and "22P02: " in printed


def test_the_servers_fittings(tmp_path):
    port = free_port()
    server = Process([BUILD / "examples" / "03_server" / "server"], tmp_path / "server.log", env={"PORT": str(port)})
    url = f"http://127.0.0.1:{port}"
    try:
        server.wait_for(f"{url}/health")
        tenant = {"X-Tenant": "north"}
        with httpx.Client(base_url=url, trust_env=False) as client:
            assert client.get("/ticks").text == "tick\n" * 3
            assert client.get("/admin/version").json() == "1.0.0"
            assert client.get("/readings").status_code == 400
            found = client.get("/readings?unit=percent", headers=tenant)
            assert found.json() == {"tenant": "north", "unit": "percent", "limit": 20}
            assert found.headers["x-frame-options"] == "DENY" and int(found.headers["x-microseconds"]) >= 0
            assert client.get("/readings?limit=0", headers=tenant).status_code == 422
            offline = client.get("/readings/7")
            assert (offline.status_code, offline.json()) == (424, {"detail": "No answer from sensor 7"})
            assert client.get("/readings/seven").status_code == 404
            assert client.get("/closed").status_code == 503
            good = {"sensor": "a-1", "value": 1.5, "taken_at": "2026-11-23T14:05:09Z"}
            assert client.post("/readings", json=[good]).status_code == 202
            wrong = client.post("/readings", json=[{**good, "sensor": "A", "more": 1}]).json()["detail"]
            assert [entry["type"] for entry in wrong] == ["string_pattern_mismatch", "extra_forbidden"]
            large = [{**good, "tags": ["t" * 1000]}] * 2000  # over the usual limit, under this route's
            assert client.post("/readings", json=large).json() == 2000
            example = "06_http_client/http_client"
            assert run(example, f"{url}/ticks") == "tick\n" * 3
            assert run(example, f"{url}/readings", "1000") == "202 1000\n"
            readings = tmp_path / "readings.json"
            readings.write_text(json.dumps([good] * 3), encoding="utf-8")
            assert run(example, f"{url}/readings", str(readings)) == "202 3\n"
            assert client.post("/readings", content=b" " * (8 * 1024 * 1024 + 1),
                               headers={"Content-Type": "application/json"}).status_code == 413
    finally:
        assert server.stop() == 0, server.text()


def test_files_out(tmp_path):
    folder = tmp_path / "files"
    for name in ("assets", "site"):
        (folder / name).mkdir(parents=True)
    script = "let line = 1;\n" * 20_000
    (folder / "assets" / "app.3f9c.js").write_text(script, encoding="utf-8")
    (folder / "site" / "index.html").write_text("<p>the app", encoding="utf-8")
    (folder / "report.csv").write_text("a;b\n" * 500, encoding="utf-8")
    port = free_port()
    server = Process([BUILD / "examples" / "09_files" / "files", str(folder)], tmp_path / "server.log", env={"PORT": str(port)})
    url = f"http://127.0.0.1:{port}"
    try:
        server.wait_for(f"{url}/health")
        with httpx.Client(base_url=url, trust_env=False) as client:
            plain = client.get("/assets/app.3f9c.js", headers={"Accept-Encoding": "identity"})
            assert plain.text == script and plain.headers["cache-control"] == "public, max-age=31536000, immutable"
            zipped = client.get("/assets/app.3f9c.js", headers={"Accept-Encoding": "gzip"})
            assert zipped.text == script and zipped.headers["content-encoding"] == "gzip"
            assert zipped.headers["etag"] == "W/" + plain.headers["etag"]
            again = client.get("/assets/app.3f9c.js", headers={"If-None-Match": zipped.headers["etag"]})
            assert again.status_code == 304 and again.headers["etag"] == zipped.headers["etag"]
            part = client.get("/assets/app.3f9c.js", headers={"Range": "bytes=0-12", "If-Range": plain.headers["etag"]})
            assert (part.status_code, part.text) == (206, "let line = 1;")
            assert client.get("/assets/../report.csv").status_code == 404
            assert client.get("/assets/%2e%2e%2freport.csv").status_code == 404
            page = client.get("/cards/7", headers={"Accept": "text/html"})
            assert page.text == "<p>the app" and page.headers["cache-control"] == "no-cache"
            assert client.get("/gone.js", headers={"Accept": "*/*"}).status_code == 404
            report = client.get("/report")
            assert report.headers["content-disposition"].endswith("filename*=UTF-8''%C3%9Cbersicht.csv")
            secret = client.get("/search", params={"text": "x" * 1000}, headers={"Accept-Encoding": "gzip"})
            assert "content-encoding" not in secret.headers and secret.json()["searched"] == "x" * 1000
            assert client.get("/search", params={"text": "é"}).headers["cache-control"] == "no-store, no-transform"
    finally:
        assert server.stop() == 0, server.text()


def no_project(port):
    return "business-card/business_card", [], {"SUPABASE_URL": ""}, "business_card: Supabase needs the project's url (SUPABASE_URL)."


def not_a_number(port):
    return "01_hello/hello", [], {"PORT": "abc"}, "hello: The environment variable PORT must be a whole number from 0 to 65535."


def port_in_use(port):
    return "01_hello/hello", [], {"PORT": str(port)}, (
        f"hello: 127.0.0.1:{port} is in use already; the environment variable PORT names another port")


def no_certificate(port):
    return "03_server/server", ["/none.pem", "/none.key"], {"PORT": "0"}, (
        "server: cannot use the TLS certificate /none.pem: No such file or directory")


def no_database(port):
    return "04_postgresql/postgresql", [], {"DATABASE_URL": ""}, (
        "postgresql: The environment variable DATABASE_URL is not set. Set it, for example with: export DATABASE_URL=…")


@pytest.mark.parametrize("mistake", [no_project, not_a_number, port_in_use, no_certificate, no_database])
def test_a_mistake_at_the_start_is_told_in_one_sentence(mistake):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        example, arguments, env, sentence = mistake(taken.getsockname()[1])
        done = subprocess.run([BUILD / "examples" / example, *arguments], env={**os.environ, "HOST": "", **env},
                              capture_output=True, text=True, check=False, timeout=20)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", sentence + "\n")


@contextlib.contextmanager
def another_server():
    """One that answers with the traceparent it was sent."""
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(self.headers.get("traceparent", "none").encode())

        def log_message(self, *_):
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(name="another")
def fixture_another():
    with another_server() as url:
        yield url


def test_what_stands_around_the_handlers(tmp_path, another):
    port = free_port()
    server = Process([BUILD / "examples" / "12_middleware" / "middleware"], tmp_path / "server.log",
                     env={"PORT": str(port), "REDIS_URL": "", "ANOTHER_URL": another})
    url = f"http://127.0.0.1:{port}"
    proxy = {"Host": "api.example.com", "X-Forwarded-For": "192.0.2.7", "X-Forwarded-Proto": "https"}
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    try:
        server.wait_for(f"{url}/health")
        with httpx.Client(base_url=url, trust_env=False, headers=proxy) as client:
            who = client.get("/whoami")
            assert who.text == "192.0.2.7 asks for https://api.example.com/api/whoami"
            assert who.headers["strict-transport-security"] == "max-age=31536000"
            assert who.headers["x-content-type-options"] == "nosniff" and who.headers["x-frame-options"] == "DENY"
            assert who.headers["ratelimit-policy"] == '"default";q=1000;w=60'
            assert client.get("/api/whoami").text == who.text  # a proxy that keeps the prefix
            assert client.get("/openapi.json").json()["servers"] == [{"url": "/api"}]
            made_up = client.get("/whoami", headers={"X-Forwarded-For": "1.1.1.1, 192.0.2.7"})
            assert made_up.text.startswith("192.0.2.7 ")
            assert client.get("/whoami", headers={"Host": "evil.example"}).status_code == 400
            plain = client.get("/whoami", headers={"X-Forwarded-Proto": "http"})
            assert (plain.status_code, plain.headers["location"]) == (307, "https://api.example.com/api/whoami")
            assert "strict-transport-security" not in plain.headers
            for path, status in [("/reports/quick", 200), ("/reports/slow", 504), ("/reports/long", 200)]:
                assert client.get(path).status_code == status, path
            logins = [client.post("/login") for _ in range(4)]
            assert [login.status_code for login in logins] == [200, 200, 200, 429]
            assert logins[-1].headers["retry-after"] == "20" and logins[-1].headers["x-content-type-options"] == "nosniff"
            assert client.post("/login", headers={"X-Forwarded-For": "192.0.2.8"}).status_code == 200
            cross = {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example", "X-Forwarded-For": "192.0.2.9"}
            assert client.post("/login", headers=cross).status_code == 403
            traced = {"traceparent": f"00-{trace}-00f067aa0ba902b7-01"}
            assert client.get("/trace", headers=traced).text == trace
            elsewhere = {"url": f"{url}/health"}  # nobody but the program says whom it asks
            through = client.get("/another", params=elsewhere, headers=traced).json()
            assert through.startswith(f"00-{trace}-") and "00f067aa0ba902b7" not in through
    finally:
        assert server.stop() == 0, server.text()
    assert f"trace_id={trace}" in server.text() and " 192.0.2.7 - " in server.text()


def test_credentials():
    assert run("16_security/security").splitlines() == [
        '401 "ada"', '["pen","paper"]', '403 Bearer error="insufficient_scope", scope="items:write"', "[3,5]",
        'Basic realm="Administrators", charset="UTF-8"', '"hello, friend"', "200"]
