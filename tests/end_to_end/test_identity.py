"""Identity never crosses: two users, 64 connections, interleaved requests, and handlers that are forced to suspend
between every two steps and take what they are given in every form there is. Not one row of another's, over either
transport."""

import json
import subprocess

import pytest
from supabase import create_client

from harness import CLIENTS, ROOT, Api

REQUESTS = 50_000
CARDS = 5

# What handlers take, and where the load sends it; the rows that come back.
READS_CARDS = {"user": "", "optional": "", "supabase": ""}
NAMES_SENDER = {"path": "/USER_ID", "query": "?user_id=USER_ID", "header": "", "json": "", "body": ""}
FORMS = [(kind, form, way) for kind in [*READS_CARDS, *NAMES_SENDER] for form in ("value", "reference", "rvalue")
         for way in ("coroutine", "forwarding")]
FORMS += [("request", "reference", way) for way in ("coroutine", "forwarding")]


def load(url, users, requests, method):
    done = subprocess.run([CLIENTS / "venv/bin/node", ROOT / "tests/end_to_end/two_users.mjs", url, "64", str(requests), "240",
                           method], input=json.dumps(users), capture_output=True, text=True, check=True, timeout=280)
    return json.loads(done.stdout)


@pytest.mark.parametrize("transport", ["http", "direct"])
def test_not_one_row_of_another_user_in_any_form_a_parameter_can_take(stack, email, transport):
    users = []
    for name in ("ada", "bob"):
        client = create_client(stack.url, stack.env["ANON_KEY"])
        session = client.auth.sign_up({"email": email(name), "password": "correct horse battery"}).session
        for number in range(CARDS):
            client.table("business_cards").insert({"full_name": f"{name} {number}", "email": "a@example.com"}).execute()
        users.append({"id": session.user.id, "token": session.access_token})

    api = Api(stack, transport, program="tests/interleaving_api")
    answered = 0
    try:
        for kind, form, way in FORMS:
            path = f"/{kind}/{form}/{way}{NAMES_SENDER.get(kind, '')}"
            share = REQUESTS // len(FORMS) + 1
            seen = load(f"{api.url}{path}", users, share, "POST" if kind in ("json", "body") else "GET")
            answered += seen["requests"]
            rows = CARDS if kind in READS_CARDS else 1 if kind == "request" else 2
            expected = {"requests": share, "rows": rows * share, "foreign_rows": 0, "failures": 0, "statuses": {"200": share}}
            assert seen == expected, path
    finally:
        assert api.stop() == 0
    print(transport, answered)
    assert answered >= REQUESTS
