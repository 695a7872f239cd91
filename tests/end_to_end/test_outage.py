"""PostgreSQL is killed under load: the API says 503 while it is down, then serves again by itself, and never wrongly."""

import collections
import os
import signal
import threading
import time

import httpx
import pytest
from supabase import create_client

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
    session = client.auth.sign_up({"email": email("ada"), "password": "correct horse battery"}).session
    client.table("business_cards").insert({"full_name": "Ada", "email": "ada@example.com"}).execute()
    api = Api(stack, transport)
    headers = {"Authorization": f"Bearer {session.access_token}"}
    before = connections(stack)

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
        for round_number in range(3):
            time.sleep(1)
            os.kill(stack.postmaster_pid(), signal.SIGKILL if round_number else signal.SIGQUIT)
            recovered(statuses, lock)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
        assert api.stop() == 0
    print(transport, dict(statuses))
    assert not wrong, wrong[:3]
    assert statuses[200] > 100 and statuses[503] > 0 and set(statuses) == {200, 503}
    settle = time.monotonic() + 10
    while connections(stack) > before and time.monotonic() < settle:
        time.sleep(0.2)
    assert connections(stack) <= before


def recovered(statuses, lock, seconds=30):
    """Until refusals have been seen and good answers after them."""
    end = time.monotonic() + seconds
    with lock:
        refused = statuses[503]
    while time.monotonic() < end:
        time.sleep(0.1)
        with lock:
            if statuses[503] > refused:
                break
    with lock:
        good = statuses[200]
    while time.monotonic() < end:
        time.sleep(0.1)
        with lock:
            if statuses[200] > good + 20:
                return
    raise AssertionError(f"no service within {seconds} s: {dict(statuses)}")


def connections(stack):
    """Of all roles: pg_stat_activity would show this one its own only."""
    return int(stack.sql("select numbackends from pg_stat_database where datname = current_database()"))
