"""What a request costs a server in CPU time, beside its peers, in one run.

Machines are noisy, so everything is measured in rounds, each peer once a round, and told as the median of the ratios
within a round. CPU time is the kernel's account of the processes (/proc), the load generator not counted. The first
argument of the program is how many seconds a round takes."""

import os
import pathlib
import re
import resource
import signal
import statistics
import subprocess
import sys
import time

from harness import ROOT

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


def wrk(url, token=None, script=None):
    """Requests answered, requests a second, errors."""
    options = [*(["-H", f"Authorization: Bearer {token}"] if token else []), *(["-s", script] if script else [])]
    printed = subprocess.run(["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS:g}s", *options, url],
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


def descendants(pid):
    try:
        children = [int(child) for child in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []
    return children + [d for child in children for d in descendants(child)]


def end(process):
    """A server and what it has started: Node.js comes as a program that starts the real one, and would leave it behind."""
    started = descendants(process.handle.pid)
    process.stop(signal.SIGKILL)
    for pid in started:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass


def table_of(compared):
    lines = [f"## {compared['title']}", "", "| | CPU a request, µs | ratio (lowest to highest) | its inverse: rate per CPU | requests/s |", "|---|---|---|---|---|"]
    lines += [f"| {r['name']} | {r['us']:.2f} | {r['ratio']:.2f} ({r['low']:.2f} to {r['high']:.2f}) | {1 / r['ratio']:.2f} | {r['rate']:.0f} |" for r in compared["rows"]]
    return [*lines, ""]


def heading(title):
    return [f"# {title}, {time.strftime('%Y-%m-%d')}", "",
            f"{os.cpu_count()} cores, {CONNECTIONS} connections, {ROUNDS} rounds of {SECONDS:g} s; medians. A ratio is of CPU time a request "
            "to the first row's, round by round.", ""]
