"""Starts what a user starts: `bailey dev` in a project of its own, and a program written with the library in front of it.

Every project has a temporary folder and free ports, so that runs never meet. Processes are stopped by the handle they
were started with, and what they printed is kept to be searched for secrets."""

import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time

import httpx

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("BAILEY_BUILD", ROOT / "build" / "dev"))
CLIENTS = pathlib.Path(os.environ.get("BAILEY_CLIENTS", ROOT / "build" / "clients"))
BAILEY = BUILD / "src" / "cli" / "bailey"
EXAMPLE = ROOT / "examples" / "business-card"
STOP_SECONDS = 40


held_ports = []


def free_port():
    """A port that nobody listens on, held until this process ends: no other run is given it meanwhile. Servers that set
    SO_REUSEADDR, as PostgreSQL and ours do, may listen on it, one after another."""
    probe = socket.socket()
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    probe.bind(("127.0.0.1", 0))
    held_ports.append(probe)
    return probe.getsockname()[1]


# What may be in no log: a token, or the password that every test signs up with.
SECRET = re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]+|correct horse battery")


class Process:
    """A program that runs until it is stopped. What it printed is then searched for secrets."""

    def __init__(self, command, log, cwd=None, env=None):
        self.meant_to_be_printed = set()
        self.log = pathlib.Path(log)
        self._output = open(self.log, "ab")
        self.handle = subprocess.Popen([str(part) for part in command], cwd=cwd, env={**os.environ, **(env or {})},
                                       stdin=subprocess.DEVNULL, stdout=self._output, stderr=subprocess.STDOUT)

    def wait_for(self, url, seconds=30.0):
        end = time.monotonic() + seconds
        while True:
            try:
                if httpx.get(url, timeout=2, trust_env=False).status_code == 200:
                    return
            except httpx.HTTPError:
                pass
            if self.handle.poll() is not None:
                raise RuntimeError(f"ended with {self.handle.returncode} before {url} answered:\n{self.text()}")
            if time.monotonic() > end:
                raise RuntimeError(f"no answer at {url} within {seconds} s:\n{self.text()}")
            time.sleep(0.05)

    def text(self):
        return self.log.read_text(errors="replace")

    def stop(self, how=signal.SIGTERM):
        if self.handle.poll() is None:
            self.handle.send_signal(how)
            try:
                self.handle.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.handle.kill()
                self.handle.wait()
                raise RuntimeError(f"did not stop within {STOP_SECONDS} s of {how.name}:\n{self.text()}") from None
            finally:
                self._output.close()
            leaked = {found for found in SECRET.findall(self.text()) if found not in self.meant_to_be_printed}
            assert not leaked, f"{self.log} holds {leaked}"
        return self.handle.returncode


class Stack:
    """A project folder with `bailey dev` in it."""

    def __init__(self, supabase=EXAMPLE / "supabase"):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="bailey-test-"))
        self.folder.chmod(0o755)  # as root, the database is another user's, who must be able to enter
        shutil.copytree(supabase, self.folder / "supabase")
        self.api_port, self.db_port, self.mail_port, self.smtp_port = (free_port() for _ in range(4))
        config = self.folder / "supabase" / "config.toml"
        text = config.read_text()
        for section, port in (("api", self.api_port), ("db", self.db_port)):
            text, count = re.subn(rf"(?ms)(^\[{section}\][^\[]*?^port\s*=\s*)\d+", rf"\g<1>{port}", text)
            assert count == 1, f"config.toml has no [{section}] port"
        assert not re.search(r"(?m)^\[(inbucket|local_smtp)\]", text), "the mailbox's ports are chosen here"
        text += f"\n[inbucket]\nport = {self.mail_port}\nsmtp_port = {self.smtp_port}\n"
        config.write_text(text)
        self.url = f"http://127.0.0.1:{self.api_port}"
        self.mail_url = f"http://127.0.0.1:{self.mail_port}"
        self.process = None
        self.env = {}

    def start(self, *options, seconds=60.0):
        self.process = Process([BAILEY, "dev", *options], self.folder / "bailey.log", cwd=self.folder)
        self.process.wait_for(f"{self.url}/auth/v1/health", seconds)
        self.env = self.status()
        self.process.meant_to_be_printed = set(self.env.values())  # `bailey dev` shows the project's keys, as it should
        return self

    def status(self):
        printed = subprocess.run([BAILEY, "status", "-o", "env"], cwd=self.folder, capture_output=True, text=True, check=True)
        return dict(re.findall(r'(?m)^([A-Z_]+)="(.*)"$', printed.stdout))

    def stop(self, how=signal.SIGTERM):
        return self.process.stop(how)

    def remove(self):
        if self.process is not None and self.process.handle.poll() is None:
            self.process.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def database_url(self):
        """As the role an API logs in with: no superuser, no rights of its own but to become a user's role."""
        return self.env["API_DATABASE_URL"]

    def postmaster_pid(self):
        found = list(self.folder.glob(".bailey/**/postmaster.pid"))
        if found:
            return int(found[0].read_text().splitlines()[0])
        out = subprocess.run(["pgrep", "-f", f"postgres.*-p {self.db_port}|postgres.*port={self.db_port}"],
                             capture_output=True, text=True, check=False).stdout.split()
        return int(out[0])

    def sql(self, sql, url=None):
        """As the role postgres, unless `url` says another."""
        printed = subprocess.run(["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", url or self.env["DB_URL"], "-c", sql],
                                 capture_output=True, text=True, check=True)
        return printed.stdout.strip()


class Api:
    """A program written with the library, in front of a stack: over HTTP, or with DATABASE_URL directly."""

    def __init__(self, stack, transport="http", program="examples/business-card/business_card", env=None):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        settings = {"SUPABASE_URL": stack.url, "SUPABASE_ANON_KEY": stack.env["ANON_KEY"], "PORT": str(self.port)}
        settings["DATABASE_URL"] = stack.database_url if transport == "direct" else ""
        settings.update(env or {})
        self.process = Process([BUILD / program], stack.folder / f"api-{self.port}.log", env=settings)
        self.process.wait_for(f"{self.url}/health")

    def stop(self, how=signal.SIGTERM):
        return self.process.stop(how)


def copy_module(script):
    """ES modules look for packages beside themselves, so they are run from there, with those of ours that they import. Other
    tests may read the same ones meanwhile: each is replaced as a whole."""
    text = script.read_text()
    for imported in re.findall(r"(?m)^import .* from '\./([^']+)';$", text):
        copy_module(script.with_name(imported))
    target = CLIENTS / script.name
    with tempfile.NamedTemporaryFile("w", dir=CLIENTS, prefix=script.name, delete=False) as copy:
        copy.write(text)
    os.replace(copy.name, target)
    return target


def run_node(script, env):
    """Runs a file of node:test tests with the installed clients; its output is shown when one fails."""
    path = f"{CLIENTS / 'venv' / 'bin'}:{os.environ['PATH']}"
    node = CLIENTS / "venv" / "bin" / "node"
    target = copy_module(pathlib.Path(script))
    done = subprocess.run([node, "--test", target], env={**os.environ, **env, "PATH": path}, capture_output=True, text=True,
                          check=False, timeout=240)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"(?m)^. pass [1-9]", done.stdout), "no test ran:\n" + done.stdout
