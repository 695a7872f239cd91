"""What a guarded request and one to the database cost the server, beside the peers, in one run. See ratios.py."""

import base64
import json
import pathlib
import re
import signal
import subprocess
import time

import httpx
import matplotlib
from supabase import create_client

from harness import BUILD, ROOT, Api, Process, Stack, free_port
from ratios import OUT, SECONDS, Target, compare, descendants, heading, table_of, wrk

matplotlib.use("Agg")
from matplotlib import pyplot  # noqa: E402


def pgbench(stack, script, clients, parameters):
    """pgbench running the same statements, pipelined and prepared, with the same parameters."""
    binary = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/pgbench"))[-1]

    def load():
        printed = subprocess.run([binary, "-n", "-M", "prepared", "-c", str(clients), "-j", "1", "-T", f"{SECONDS:g}",
                                  "-f", script, *parameters, stack.database_url],
                                 capture_output=True, text=True, check=False)
        if printed.returncode:
            raise SystemExit("bench: pgbench: " + printed.stderr)
        rate = float(re.search(r"tps = ([\d.]+)", printed.stdout).group(1))
        count = int(re.search(r"transactions actually processed: (\d+)", printed.stdout).group(1))
        failed = re.search(r"failed transactions: (\d+)", printed.stdout)
        return count, rate, int(failed.group(1)) if failed else 0

    return load


def recipe(stack):
    port = free_port()
    process = Process([ROOT / "build/bench/venv/bin/uvicorn", "--port", str(port), "--log-level", "warning", "recipe:app"],
                      stack.folder / "recipe.log", cwd=ROOT / "bench" / "peers",
                      env={"SUPABASE_URL": stack.url, "SUPABASE_ANON_KEY": stack.env["ANON_KEY"]})
    process.wait_for(f"http://127.0.0.1:{port}/health")
    return process, f"http://127.0.0.1:{port}"


def statements(stack):
    """The statement of GET /cards as the API's connections ran it last, read back from the server."""
    text = stack.sql("select query from pg_stat_activity where pid <> pg_backend_pid() and query ilike '%business_cards%' "
                               "order by query_start desc limit 1", stack.database_url)
    if not text:
        raise SystemExit("bench: no connection of the API's to read the statement from")
    return text


def leaks(url, users):
    """The recipe and the library's API under the same load of two users: rows that came to the wrong one."""
    node = ROOT / "build/clients/venv/bin/node"
    done = subprocess.run([node, ROOT / "tests/end_to_end/two_users.mjs", url, "64", "4000", "60"], input=json.dumps(users),
                          capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def sign_up(stack, name, cards):
    client = create_client(stack.url, stack.env["ANON_KEY"])
    session = client.auth.sign_up({"email": f"{name}-{time.time_ns()}@example.com", "password": "correct horse battery"}).session
    client.table("business_cards").insert(
        [{"full_name": f"{name} {n}", "email": f"{name}@example.com", "job_title": "Engineer", "phone_number": "+44 20 7946 0000",
          "website": "https://example.com"} for n in range(cards)]).execute()
    return {"id": session.user.id, "token": session.access_token}


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    stack = Stack()
    running = []
    try:
        stack.start()
        users = [sign_up(stack, "ada", 10), sign_up(stack, "bob", 10)]
        token = users[0]["token"]
        api = Api(stack, "direct", program="bench/guarded_api")
        logged = Api(stack, "direct")
        rest = Api(stack, "http", program="bench/guarded_api")
        running += [api.process, logged.process, rest.process]
        bare_port = free_port()
        bare = Process([BUILD / "bench/bare_epoll", str(bare_port)], stack.folder / "bare.log")
        running.append(bare)
        peer, peer_url = recipe(stack)
        running.append(peer)
        postmaster, gateway = stack.postmaster_pid(), stack.process.handle.pid
        # The auth server, the REST server and PostgreSQL: one tree of processes, or two.
        everything = [gateway, *([] if postmaster in descendants(gateway) else [postmaster])]

        me = compare("GET /me, guarded by an ES256 token", [
            Target("bare epoll loop", lambda: wrk(f"http://127.0.0.1:{bare_port}/me", token), [bare.handle.pid]),
            Target("Bailey", lambda: wrk(f"{api.url}/me", token), [api.process.handle.pid]),
            Target("Bailey, the example: two loops, access log", lambda: wrk(f"{logged.url}/me", token), [logged.process.handle.pid]),
            Target("FastAPI recipe (its own process)", lambda: wrk(f"{peer_url}/me", token), [peer.handle.pid]),
            Target("FastAPI recipe (with the auth server it asks)", lambda: wrk(f"{peer_url}/me", token),
                   [peer.handle.pid, *everything]),
        ], "bare epoll loop")

        httpx.get(f"{api.url}/cards", headers={"Authorization": f"Bearer {token}"}, trust_env=False).raise_for_status()
        claims = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
        script = OUT / "cards.pgbench"
        # Who is asking, as bailey::pg says it before each statement, then the statement, in one pipeline.
        script.write_text("\\startpipeline\nselect pg_catalog.num_nulls(pg_catalog.set_config('transaction_read_only', 'on', true), "
                          "pg_catalog.set_config('statement_timeout', :timeout, true), pg_catalog.set_config('search_path', :path, true), "
                          "pg_catalog.set_config('request.method', :method, true), pg_catalog.set_config('request.path', :url, true), "
                          "pg_catalog.set_config('request.jwt.claim', '', true), pg_catalog.set_config('request.jwt.claim.sub', '', true), "
                          "pg_catalog.set_config('request.jwt.claim.role', '', true), pg_catalog.set_config('request.jwt.claim.email', '', true), "
                          "pg_catalog.set_config('row_security', 'on', true), "
                          "pg_catalog.set_config('role', :role, true), pg_catalog.set_config('request.jwt.claims', :claims, true));\n"
                          + inlined(statements(stack)) + ";\n\\endpipeline\n")
        scope = {"timeout": "8000", "path": '"public", "extensions"', "method": "GET", "url": "/business_cards", "role": "authenticated", "max_rows": "1000",
                 "claims": json.dumps(claims)}
        parameters = [option for name, value in scope.items() for option in ("-D", f"{name}={value}")]
        cards = compare("GET /cards, ten rows under row-level security (PostgreSQL's CPU counted too)", [
            Target("pgbench, the same statements pipelined", pgbench(stack, script, 8, parameters), [postmaster], client=True),
            Target("Bailey, straight to PostgreSQL", lambda: wrk(f"{api.url}/cards", token), [api.process.handle.pid, postmaster]),
            Target("Bailey, over the local stack's /rest/v1", lambda: wrk(f"{rest.url}/cards", token), [rest.process.handle.pid, *everything]),
            Target("FastAPI recipe, over the local stack", lambda: wrk(f"{peer_url}/cards", token), [peer.handle.pid, *everything]),
        ], "pgbench, the same statements pipelined")

        crossed = {"FastAPI recipe": leaks(f"{peer_url}/cards", users), "Bailey": leaks(f"{api.url}/cards", users)}
        write(me, cards, crossed)
    finally:
        for process in reversed(running):
            process.stop(signal.SIGKILL)
        stack.remove()


def inlined(sql):
    """pgbench makes parameters of its variables: the one of the statement is the bound on rows. It looks for them in quoted
    texts, too, so that a colon there is written as its number."""
    sql = re.sub(r"(?i)\blimit \$1(?!\d)", "limit :max_rows", sql)
    if re.search(r"\$\d", sql):
        raise SystemExit("bench: the statement of GET /cards has parameters: " + sql)
    sql = re.sub(r"'[^']*'", lambda text: "E" + text[0].replace("\\", "\\\\").replace(":", "\\072"), sql)
    return " ".join(sql.split())


def write(me, cards, crossed):
    lines = [*heading("Benchmarks"), *table_of(me), *table_of(cards)]
    lines += ["## Rows that came to the wrong user: two users, 64 connections", "", "| | requests | rows of another user | statuses |", "|---|---|---|---|"]
    lines += [f"| {name} | {seen['requests']} | {seen['foreign_rows']} | {seen['statuses']} |" for name, seen in crossed.items()]
    (OUT / "results.md").write_text("\n".join(lines) + "\n")
    print("\n".join(lines))

    figure, axes = pyplot.subplots(2, 1, figsize=(9, 7))
    for axis, table in zip(axes, (me, cards)):
        names = [r["name"] for r in table["rows"]][::-1]
        values = [r["us"] for r in table["rows"]][::-1]
        bars = axis.barh(names, values, color=["#2b6cb0" if n.startswith("Bailey") else "#a0aec0" for n in names])
        axis.bar_label(bars, [f"{v:.1f} µs" for v in values], padding=3)
        axis.set_xscale("log")
        axis.set_title(table["title"], fontsize=10)
        axis.set_xlabel("CPU a request, µs (logarithmic)")
        axis.set_xlim(1, max(values) * 6)
    figure.tight_layout()
    figure.savefig(OUT / "results.png", dpi=120)
    print(f"written: {OUT / 'results.md'} and results.png")


if __name__ == "__main__":
    main()
