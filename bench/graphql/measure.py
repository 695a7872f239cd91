"""The same GraphQL operations in Bailey and in other servers: what a request costs each in CPU time. See ../ratios.py.

Each server is one process on one thread and one core, the load and the database on the other, where there are two."""

import json
import os
import pathlib
import subprocess
import tempfile
import time

import httpx

from harness import BUILD, ROOT, Process, free_port
from ratios import OUT, Target, compare, end, heading, table_of, wrk

PEERS = OUT / "graphql"
HELLO = "{ hello }"
ITEMS = """query Items {
  items {
    id
    sku
    name
    description
    quantity
    price
    rating
    isAvailable
    color
    labels
  }
}"""
CARDS = """query Cards {
  cards {
    id
    title
    owner {
      id
      name
      email
    }
  }
}"""
REFUSED = ["{ nothing }", "{ items }", "{ hello { id } }", "{", "query Q($id: Int!) { hello }"]
CORES = sorted(os.sched_getaffinity(0))
CHECKED_REQUESTS = 50


def on_core(core, command):
    return ["taskset", "-c", str(core), *command] if len(CORES) > 1 else command


def start_database():
    """Its process, and the URL that it says."""
    process = subprocess.Popen([BUILD / "bench/graphql_bench_database"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    return process, process.stdout.readline().strip()


def servers(database_url, folder):
    peers = ROOT / "bench/graphql/peers"
    node, python = ROOT / "build/clients/venv/bin/node", PEERS / "venv/bin/python"
    programs = {
        "Bailey": ([BUILD / "bench/graphql_bench", "PORT"], None),
        "async-graphql on axum (Rust)": ([PEERS / "async_graphql/target/release/bench", "PORT"], None),
        "gqlgen (Go)": ([PEERS / "gqlgen_bench", "PORT"], None),
        "Mercurius on Fastify (Node.js)": ([node, PEERS / "mercurius/app.mjs", "PORT"], None),
        "Mercurius with its jit": ([node, PEERS / "mercurius/app.mjs", "PORT", "jit"], None),
        "Strawberry on FastAPI, uvicorn": ([python, "-m", "uvicorn", "--port", "PORT", "--log-level", "warning", "--no-access-log",
                                            "strawberry_app:app"], peers),
    }
    for number, (name, (command, place)) in enumerate(programs.items()):
        port = free_port()
        command = [str(port) if part == "PORT" else part for part in command]
        process = Process(on_core(CORES[0], command), folder / f"{number}.log", cwd=place, env={"DATABASE_URL": database_url, "GOMAXPROCS": "1"})
        yield name, process, f"http://127.0.0.1:{port}"


def wait_for(process, url, seconds=30):
    """Until it answers an operation: not all of them answer a GET."""
    end = time.monotonic() + seconds
    while True:
        try:
            if httpx.post(url, json={"query": HELLO}, trust_env=False).is_success:
                return
        except httpx.HTTPError:
            pass
        if process.handle.poll() is not None or time.monotonic() > end:
            raise SystemExit(f"bench: no answer at {url}: {process.text()}")
        time.sleep(0.05)


def require_equal_answers(running):
    """What is measured is the same: every server gives the same data in the same order, and refuses the same documents."""
    with httpx.Client(trust_env=False) as client:
        for document in [HELLO, ITEMS, CARDS, *REFUSED]:
            answers = {name: client.post(url + "/graphql", json={"query": document}).json() for name, (_, url) in running.items()}
            said = {name: (bool(answer.get("errors")), answer.get("data")) for name, answer in answers.items()}
            if len({json.dumps(each) for each in said.values()}) != 1 or (document in REFUSED) != said["Bailey"][0]:
                raise SystemExit(f"bench: {document} is not answered alike: {said}")
            if document == ITEMS:
                plain = client.get(running["Bailey"][1] + "/items").json()
                if [list(item.values()) for item in plain] != [list(item.values()) for item in said["Bailey"][1]["items"]]:
                    raise SystemExit("bench: the plain endpoint has other items")


def require_batches(running, database_url):
    """One query a request, however many cards there are; a peer that waits by the clock may now and then take two. While that
    is counted, the table is a view that counts who asks it."""
    def sql(text):
        return subprocess.run(["psql", "-XAtqv", "ON_ERROR_STOP=1", "-1", database_url, "-c", text], capture_output=True, text=True,
                              check=True).stdout

    sql("create sequence asked; alter table people rename to counted_people;"
        "create view people as select * from counted_people where (select nextval('asked')) > 0")
    with httpx.Client(trust_env=False) as client:
        for name, (_, url) in running.items():
            before = int(sql("select nextval('asked')"))
            for _ in range(CHECKED_REQUESTS):
                client.post(url + "/graphql", json={"query": CARDS}).raise_for_status()
            asked = int(sql("select nextval('asked')")) - before - 1
            if not CHECKED_REQUESTS <= asked <= 1.1 * CHECKED_REQUESTS:
                raise SystemExit(f"bench: {name} asks {asked} queries for the owners of {CHECKED_REQUESTS} requests")
    sql("drop view people; drop sequence asked; alter table counted_people rename to people")


def script_of(name, document):
    """What wrk sends: the operation as JSON, with its document in full."""
    script = PEERS / f"{name}.lua"
    body = json.dumps({"query": document})
    script.write_text(f'wrk.method = "POST"\nwrk.headers["Content-Type"] = "application/json"\nwrk.body = [==[{body}]==]\n')
    return script


def main():
    if len(CORES) > 1:
        os.sched_setaffinity(0, {CORES[1]})
    PEERS.mkdir(parents=True, exist_ok=True)
    database, database_url = start_database()
    running = {}
    with tempfile.TemporaryDirectory(prefix="bailey-bench-") as folder:
        try:
            for name, process, url in servers(database_url, pathlib.Path(folder)):
                running[name] = (process, url)
            for process, url in running.values():
                wait_for(process, url + "/graphql")
            require_equal_answers(running)
            require_batches(running, database_url)

            def targets(script, *more_pids):
                return [Target(name, lambda url=url: wrk(url + "/graphql", script=script), [process.handle.pid, *more_pids])
                        for name, (process, url) in running.items()]

            hello, items, cards = script_of("hello", HELLO), script_of("items", ITEMS), script_of("cards", CARDS)
            ours, our_url = running["Bailey"]
            plain = Target("Bailey, GET /items: the same from a plain endpoint", lambda: wrk(our_url + "/items"), [ours.handle.pid])
            tables = [compare("hello: one field", targets(hello), "Bailey"),
                      compare("items: a list of 100 objects with 10 fields", [*targets(items), plain], "Bailey"),
                      compare("cards: 50 objects, their owners from PostgreSQL in one batch", targets(cards), "Bailey"),
                      compare("cards, PostgreSQL's CPU counted too", targets(cards, database.pid), "Bailey")]
            require_equal_answers(running)
        finally:
            for process, _ in running.values():
                end(process)
            database.stdin.close()
            database.wait()
    text = "\n".join([*heading("GraphQL servers"), *(line for table in tables for line in table_of(table))])
    (OUT / "graphql.md").write_text(text + "\n")
    print(text)


if __name__ == "__main__":
    main()
