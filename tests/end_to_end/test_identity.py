"""Identity never crosses: two users, 64 connections, interleaved requests, and a handler that is forced to suspend
between every two steps. Not one row of another's, over either transport."""

import json
import subprocess

import pytest
from supabase import create_client

from harness import CLIENTS, ROOT, Api

REQUESTS = 50_000


@pytest.mark.parametrize("transport", ["http", "direct"])
def test_not_one_row_of_another_user_in_fifty_thousand_requests(stack, email, transport):
    users = []
    for name in ("ada", "bob"):
        client = create_client(stack.url, stack.env["ANON_KEY"])
        session = client.auth.sign_up({"email": email(name), "password": "correct horse battery"}).session
        for number in range(5):
            client.table("business_cards").insert({"full_name": f"{name} {number}", "email": "a@example.com"}).execute()
        users.append({"id": session.user.id, "token": session.access_token})

    api = Api(stack, transport, program="tests/interleaving_api")
    try:
        load = subprocess.run([CLIENTS / "venv/bin/node", ROOT / "tests/end_to_end/two_users.mjs", f"{api.url}/cards", "64",
                               str(REQUESTS)], input=json.dumps(users), capture_output=True, text=True, check=True, timeout=280)
    finally:
        assert api.stop() == 0
    seen = json.loads(load.stdout)
    print(transport, seen)
    assert seen["requests"] >= REQUESTS
    assert seen["foreign_rows"] == 0
    assert seen["failures"] == 0
    assert seen["rows"] == 5 * seen["requests"]
