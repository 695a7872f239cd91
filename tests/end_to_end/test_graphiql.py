"""GraphiQL in a real browser: see graphiql.test.mjs."""

import os
import pathlib
import shutil

import httpx
import pytest

from harness import ROOT, Api, run_node

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
PAGES = list((ROOT / "build" / "docs-pages").glob("graphiql.min.js.*"))
PASSWORD = "correct horse battery"


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine; script/bootstrap --browser installs it")
@pytest.mark.skipif(not PAGES, reason="built without the page's files; script/bootstrap fetches them")
def test_people_sign_in_and_ask_for_what_is_theirs_with_no_network_but_the_api(stack, email):
    cards = Api(stack, "http")
    users = Api(stack, "http", "tests/graphql_api")
    try:
        people, tokens = {}, {}
        for name in ("Ada", "Bob"):
            people[name] = email(name.lower())
            answer = httpx.post(f"{stack.url}/auth/v1/signup", headers={"apikey": stack.env["ANON_KEY"]}, trust_env=False,
                                json={"email": people[name], "password": PASSWORD}).raise_for_status()
            tokens[name] = answer.json()["access_token"]
            httpx.post(f"{cards.url}/cards", headers={"Authorization": f"Bearer {tokens[name]}"}, trust_env=False,
                       json={"full_name": name, "email": people[name]}).raise_for_status()
        run_node(pathlib.Path(__file__).with_name("graphiql.test.mjs"),
                 {"CARDS_URL": cards.url, "USERS_URL": users.url, "ADA": people["Ada"], "BOB": people["Bob"], "TOKEN": tokens["Bob"],
                  "PASSWORD": PASSWORD, "CHROMIUM": CHROMIUM, "PICTURES": os.environ.get("PICTURES", "")})
    finally:
        assert cards.stop() == 0
        assert users.stop() == 0
