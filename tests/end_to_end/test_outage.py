"""PostgreSQL is killed under load: the API says 503 while it is down, then serves again by itself, and never wrongly."""

import collections
import os
import pathlib
import signal
import threading
import time

import httpx
import pytest
from supabase import create_client
from supabase_auth.errors import AuthRetryableError

from harness import Api, Stack


@pytest.fixture(scope="module")
def own_stack():
    stack = Stack()
    try:
        yield stack.start()
    finally:
        stack.remove()


@pytest.mark.parametrize("transport", ["http", "direct"])
def test_service_returns_by_itself_and_no_answer_is_wrong(own_stack, email, transport):
    stack = own_stack
    client = create_client(stack.url, stack.env["ANON_KEY"])
    login = {"email": email("ada"), "password": "correct horse battery"}
    session = again(lambda: client.auth.sign_up(login)).session
    client.table("business_cards").insert({"full_name": "Ada", "email": "ada@example.com"}).execute()
    api = Api(stack, transport)
    headers = {"Authorization": f"Bearer {session.access_token}"}

    statuses, wrong, stop = collections.Counter(), [], threading.Event()
    lock = threading.Lock()

    def load():
        with httpx.Client(trust_env=False, timeout=20) as http:
            while not stop.is_set():
                answer = http.get(f"{api.url}/cards", headers=headers)
                with lock:
                    statuses[answer.status_code] += 1
                    if answer.status_code == 200 and [c["full_name"] for c in answer.json()] != ["Ada"]:
                        wrong.append(answer.text)
                    if answer.status_code != 200 and (answer.status_code != 503 or "detail" not in answer.json()):
                        wrong.append((answer.status_code, answer.text))
                if answer.status_code != 200:
                    time.sleep(0.02)

    threads = [threading.Thread(target=load) for _ in range(8)]
    for thread in threads:
        thread.start()
    try:
        for how in (signal.SIGQUIT, signal.SIGKILL):
            time.sleep(1)
            killed = stack.postmaster_pid()
            os.kill(killed, how)
            recovered(stack, killed, statuses, lock)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
        assert api.stop() == 0
    print(transport, dict(statuses))
    assert not wrong, wrong[:3]
    # Over HTTP the client asks again for reads that were answered 503, and an outage as short as this goes unseen.
    assert statuses[200] > 100 and set(statuses) <= {200, 503}
    assert transport == "http" or statuses[503] > 0
    # Two loops of eight connections at most for the API, auth and rest each, one that listens, this one: more are leaks.
    assert connections(stack) <= 3 * 2 * 8 + 2


@pytest.mark.parametrize("transport", ["http", "direct"])
def test_while_postgresql_stays_down_every_answer_is_503_and_afterwards_none_is(own_stack, email, transport):
    stack = own_stack
    client = create_client(stack.url, stack.env["ANON_KEY"])
    login = {"email": email("ada"), "password": "correct horse battery"}
    token = again(lambda: client.auth.sign_up(login)).session.access_token
    api = Api(stack, transport)
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(trust_env=False, timeout=30) as http:
        assert http.get(f"{api.url}/cards", headers=headers).status_code == 200
        down = KeptDown(stack)
        try:
            time.sleep(1)
            read = http.get(f"{api.url}/cards", headers=headers)
            written = http.post(f"{api.url}/cards", headers=headers, json={"full_name": "Ada", "email": "a@example.com"})
            signed_in = http.post(f"{stack.url}/auth/v1/token?grant_type=password", headers={"apikey": stack.env["ANON_KEY"]},
                                  json=login)
            for answer in (read, written, signed_in):
                assert answer.status_code == 503, (answer.request.url, answer.text)
            assert "detail" in read.json() and "detail" in written.json() and "msg" in signed_in.json()
        finally:
            down.end()
        statuses = collections.Counter()
        end = time.monotonic() + 30
        while statuses[200] < 60 and time.monotonic() < end:
            statuses[http.get(f"{api.url}/cards", headers=headers).status_code] += 1
        assert statuses[200] >= 60, dict(statuses)
        again(lambda: client.auth.sign_in_with_password(login))
        # Nothing that was answered 503 has been written after all.
        assert http.get(f"{api.url}/cards", headers=headers).json() == []
    assert api.stop() == 0


@pytest.mark.parametrize("transport", ["http", "direct"])
def test_many_outages_leave_no_descriptor_open(own_stack, email, transport):
    stack = own_stack
    client = create_client(stack.url, stack.env["ANON_KEY"])
    login = {"email": email("ada"), "password": "correct horse battery"}
    token = again(lambda: client.auth.sign_up(login)).session.access_token
    api = Api(stack, transport)
    held = []
    with httpx.Client(trust_env=False, timeout=30, headers={"Authorization": f"Bearer {token}"}) as http:
        for outage in range(6):
            killed = stack.postmaster_pid()
            os.kill(killed, signal.SIGKILL)
            end = time.monotonic() + 20
            good = 0
            while good < 50:
                good = good + 1 if http.get(f"{api.url}/cards").status_code == 200 and running(stack) not in (None, killed) else 0
                assert time.monotonic() < end, f"no service within 20 s of outage {outage}"
            again(lambda: client.auth.sign_in_with_password(login))
            held.append((descriptors(api.process), descriptors(stack.process)))
    assert api.stop() == 0
    print(transport, held)
    # The first ones may open what is kept from then on; a leak of one an outage is four more at the end.
    for first, last in zip(held[1], held[-1]):
        assert last <= first + 3, held


def again(call, seconds=10):
    """The auth server has connections of its own, which come back in their own time, after the test before as well."""
    end = time.monotonic() + seconds
    while True:
        try:
            return call()
        except AuthRetryableError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


def descriptors(process):
    return len(os.listdir(f"/proc/{process.handle.pid}/fd"))


def running(stack):
    try:
        return stack.postmaster_pid()
    except (IndexError, OSError, ValueError):
        return None


class KeptDown:
    """Kills PostgreSQL, and each that is started in its place before it serves, until `end`."""

    def __init__(self, stack):
        self._stack, self._over = stack, threading.Event()
        self._thread = threading.Thread(target=self._work)
        self._thread.start()

    def _work(self):
        while not self._over.is_set():
            for pid in processes_of(self._stack):
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
            time.sleep(0.005)

    def end(self):
        self._over.set()
        self._thread.join()


def processes_of(stack):
    """The postmaster, told by its arguments; its children have titles of their own."""
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and f"port={stack.db_port}".encode() in (entry / "cmdline").read_bytes().split(b"\0"):
                found.append(int(entry.name))
        except OSError:
            pass
    return found


def recovered(stack, killed, statuses, lock, seconds=20):
    """Until another PostgreSQL runs and good answers have come since."""
    end = time.monotonic() + seconds
    good = None
    while time.monotonic() < end:
        time.sleep(0.1)
        runs = running(stack) not in (None, killed)
        with lock:
            if runs and good is None:
                good = statuses[200]
            if good is not None and statuses[200] > good + 50:
                return
    raise AssertionError(f"no service within {seconds} s: {dict(statuses)}\n{stack.process.text()[-3000:]}")


def connections(stack):
    """Of all roles: pg_stat_activity would show this one its own only."""
    return int(stack.sql("select numbackends from pg_stat_database where datname = current_database()"))
