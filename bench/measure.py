"""What a request costs the server in CPU time, beside the peers, in one run.

Machines are noisy, so everything is measured in rounds, each peer once a round, and told as the median of the ratios
within a round. CPU time is the kernel's account of the processes (/proc), the load generator not counted."""

import base64
import json
import os
import pathlib
import re
import resource
import signal
import statistics
import subprocess
import sys
import time

import httpx
import matplotlib
from supabase import create_client

from harness import BUILD, ROOT, Api, Process, Stack, free_port

matplotlib.use("Agg")
from matplotlib import pyplot  # noqa: E402

SECONDS = float(sys.argv[1])
ROUNDS = 5
CONNECTIONS = 64
TICK = os.sysconf("SC_CLK_TCK")
OUT = ROOT / "build" / "bench"


def cpu_of(pid):
    """Seconds of CPU used by a process, its children, and the children it has waited for."""
    try:
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        children = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return sum(int(field) for field in fields[11:15]) / TICK + sum(cpu_of(int(child)) for child in children)


def finished_children():
    """Seconds of CPU of the programs this one has started and seen end: of pgbench, while it is measured."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def wrk(url, token, threads=1):
    """Requests answered, requests a second, errors."""
    printed = subprocess.run(["wrk", f"-t{threads}", f"-c{CONNECTIONS}", f"-d{SECONDS:g}s", "-H", f"Authorization: Bearer {token}", url],
                             capture_output=True, text=True, check=True).stdout
    requests = int(re.search(r"(\d+) requests in", printed).group(1))
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", printed).group(1))
    bad = sum(int(n) for n in re.findall(r"Non-2xx or 3xx responses: (\d+)", printed))
    return requests, rate, bad


class Target:
    """Something that answers requests, and the processes whose CPU its answers cost; with `client`, its load's too."""

    def __init__(self, name, load, pids, client=False):
        self.name, self.load, self.pids, self.client = name, load, pids, client
        self.rounds = []

    def cpu(self):
        return sum(cpu_of(pid) for pid in self.pids) + (finished_children() if self.client else 0)

    def processes(self):
        return {process for pid in self.pids for process in descendants(pid)}

    def settle(self, before):
        """Waits for the processes that ended with the load: between its end and its parent's wait for it, the CPU time of a
        process is on nobody's account, and the server processes that served pgbench are just there when pgbench has ended."""
        deadline = time.monotonic() + 5
        while self.client and not self.processes() <= before:
            if time.monotonic() > deadline:
                raise SystemExit(f"bench: {self.name}: the processes that served the load are still there")
            time.sleep(0.05)

    def measure(self):
        processes, before = self.processes(), self.cpu()
        requests, rate, bad = self.load()
        self.settle(processes)
        used = self.cpu() - before
        if bad:
            raise SystemExit(f"bench: {self.name}: {bad} of {requests} answers were errors")
        self.rounds.append({"us": used / requests * 1e6, "rate": rate, "per_cpu": requests / used})
        print(f"  {self.name:48} {self.rounds[-1]['us']:10.2f} us CPU a request {rate:10.0f} requests/s", flush=True)


def compare(title, targets, base):
    print(title, flush=True)
    for target in targets:      # a warm-up round of each: caches, pools, plans
        target.measure()
        target.rounds.clear()
    for _ in range(ROUNDS):
        for target in targets:
            target.measure()
    reference = next(t for t in targets if t.name == base)
    rows = []
    for target in targets:
        ratio = [mine["us"] / its["us"] for mine, its in zip(target.rounds, reference.rounds)]
        rows.append({"name": target.name, "us": statistics.median(r["us"] for r in target.rounds),
                     "rate": statistics.median(r["rate"] for r in target.rounds),
                     "ratio": statistics.median(ratio), "low": min(ratio), "high": max(ratio)})
    return {"title": title, "base": base, "rows": rows}


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


def descendants(pid):
    try:
        children = [int(child) for child in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []
    return children + [d for child in children for d in descendants(child)]


def inlined(sql):
    """pgbench makes parameters of its variables: the one of the statement is the bound on rows. It looks for them in quoted
    texts, too, so that a colon there is written as its number."""
    sql = re.sub(r"(?i)\blimit \$1(?!\d)", "limit :max_rows", sql)
    if re.search(r"\$\d", sql):
        raise SystemExit("bench: the statement of GET /cards has parameters: " + sql)
    sql = re.sub(r"'[^']*'", lambda text: "E" + text[0].replace("\\", "\\\\").replace(":", "\\072"), sql)
    return " ".join(sql.split())


def write(me, cards, crossed):
    lines = [f"# Benchmarks, {time.strftime('%Y-%m-%d')}", "",
             f"{os.cpu_count()} cores, {CONNECTIONS} connections, {ROUNDS} rounds of {SECONDS:g} s; medians. A ratio is of CPU time a request "
             "to the first row's, round by round.", ""]
    for table in (me, cards):
        lines += [f"## {table['title']}", "", "| | CPU a request, µs | ratio (lowest to highest) | its inverse: rate per CPU | requests/s |", "|---|---|---|---|---|"]
        lines += [f"| {r['name']} | {r['us']:.2f} | {r['ratio']:.2f} ({r['low']:.2f} to {r['high']:.2f}) | {1 / r['ratio']:.2f} | {r['rate']:.0f} |" for r in table["rows"]]
        lines.append("")
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
