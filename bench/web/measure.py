"""The same five endpoints in Bailey and in other frameworks: what a request costs each server in CPU time. See ../ratios.py."""

import base64
import json
import pathlib
import tempfile
import time

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric import ec

from harness import BUILD, ROOT, Process, free_port
from ratios import OUT, Target, compare, end, heading, table_of, wrk

PEERS = OUT / "web"
USER = "b5ae62f9-ef1d-4f11-a02b-731c8bbb11e8"
ORDER = {"id": USER, "customer": {"name": "Ada Lovelace", "city": "London"}, "note": "Leave it at the door. " * 4,
         "lines": [{"sku": f"ABC-{1000 + n}", "quantity": n + 1, "price": 9.5 + n} for n in range(17)]}


def key_and_token():
    key = ec.generate_private_key(ec.SECP256R1())
    point = key.public_key().public_numbers()
    number = lambda value: base64.urlsafe_b64encode(value.to_bytes(32, "big")).decode().rstrip("=")  # noqa: E731
    jwks = {"keys": [{"kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": "bench", "x": number(point.x), "y": number(point.y)}]}
    claims = {"sub": USER, "role": "authenticated", "exp": int(time.time()) + 86400}
    return json.dumps(jwks), jwt.encode(claims, key, "ES256", {"kid": "bench"})


def servers(jwks, folder):
    """Each in one process on one thread."""
    peers = ROOT / "bench/web/peers"
    node, python = ROOT / "build/clients/venv/bin/node", PEERS / "venv/bin/python"
    programs = {
        "Bailey": ([BUILD / "bench/web_api", "PORT"], None),
        "axum (Rust)": ([PEERS / "axum/target/release/bench", "PORT"], None),
        "Go net/http": ([PEERS / "go_web", "PORT"], None),
        "Fastify (Node.js)": ([node, PEERS / "fastify/app.mjs", "PORT"], None),
        "FastAPI, uvicorn": ([python, "-m", "uvicorn", "--port", "PORT", "--log-level", "warning", "--no-access-log", "fastapi_app:app"], peers),
    }
    for name, (command, place) in programs.items():
        port = free_port()
        process = Process([str(port) if part == "PORT" else part for part in command], folder / f"{name.split()[0]}.log".lower(), cwd=place,
                          env={"JWKS": jwks, "GOMAXPROCS": "1", "GOGC": "100"})
        yield name, process, f"http://127.0.0.1:{port}"


def require_equal_answers(running, token):
    """What is measured is the same: every server gives the same JSON, and refuses the same requests."""
    with httpx.Client(trust_env=False) as client:
        bad = {**ORDER, "lines": [{**ORDER["lines"][0], "quantity": 0}]}
        bearer = {"authorization": f"Bearer {token}"}
        requests = [("GET", "/json", {}), ("GET", "/items/7?q=wood&limit=10", {}), ("GET", "/items/7", {}), ("GET", "/stock", {}),
                    ("POST", "/orders", {"json": ORDER}), ("GET", "/me", {"headers": bearer}), ("POST", "/orders", {"json": bad}),
                    ("GET", "/items/7?limit=101", {}), ("GET", "/me", {}), ("GET", "/me", {"headers": {"authorization": bearer["authorization"][:-9]}})]
        for method, path, more in requests:
            answers = {name: client.request(method, url + path, **more) for name, (_, url) in running.items()}
            said = {name: (answer.is_success, answer.json() if answer.is_success else None) for name, answer in answers.items()}
            if len({json.dumps(each, sort_keys=True) for each in said.values()}) != 1:
                raise SystemExit(f"bench: {method} {path} is not answered alike: {said}")


def main():
    jwks, token = key_and_token()
    PEERS.mkdir(parents=True, exist_ok=True)
    post = PEERS / "order.lua"
    post.write_text(f'wrk.method = "POST"\nwrk.headers["Content-Type"] = "application/json"\nwrk.body = [==[{json.dumps(ORDER)}]==]\n')
    running = {}
    with tempfile.TemporaryDirectory(prefix="bailey-bench-") as folder:
        try:
            for name, process, url in servers(jwks, pathlib.Path(folder)):
                running[name] = (process, url)
            for process, url in running.values():
                process.wait_for(url + "/json")
            bare_port = free_port()
            bare = Process([BUILD / "bench/bare_epoll", str(bare_port)], pathlib.Path(folder) / "bare.log")
            require_equal_answers(running, token)
            running["bare epoll loop, which parses nothing"] = (bare, f"http://127.0.0.1:{bare_port}")

            def row(title, path, **how):
                targets = [Target(name, lambda url=url: wrk(url + path, **how), [process.handle.pid]) for name, (process, url) in running.items()]
                return compare(title, targets, "Bailey")

            tables = [row("GET /json", "/json"),
                      row("GET /items/7?q=wood&limit=10: a path's and two query parameters", "/items/7?q=wood&limit=10"),
                      row(f"POST /orders: {len(json.dumps(ORDER))} bytes of JSON, validated", "/orders", script=post),
                      row("GET /stock: 40 objects, 10 kB of JSON", "/stock"),
                      row("GET /me: an ES256 token verified", "/me", token=token)]
        finally:
            for process, _ in running.values():
                end(process)
    text = "\n".join([*heading("Web frameworks"), *(line for table in tables for line in table_of(table))])
    (OUT / "web.md").write_text(text + "\n")
    print(text)


if __name__ == "__main__":
    main()
