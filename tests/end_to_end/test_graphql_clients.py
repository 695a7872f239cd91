"""The real GraphQL clients with sessions of supabase-js's: see graphql_clients.test.mjs."""

import json
import pathlib
import shutil

import httpx

from harness import BUILD, Api, free_port, run_node

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
PASSWORD = "correct horse battery"


def test_graphql_request_apollo_and_urql_work_as_who_has_signed_in(stack, email):
    page_port, server_port = free_port(), free_port()
    origin = f"http://127.0.0.1:{page_port}"
    cards = Api(stack, "http", env={"FRONTEND_ORIGIN": origin})
    users = Api(stack, "http", "tests/graphql_api", env={"FRONTEND_ORIGIN": origin})
    here = pathlib.Path(__file__)
    address = email("clients")
    try:
        httpx.post(f"{stack.url}/auth/v1/signup", headers={"apikey": stack.env["ANON_KEY"]}, trust_env=False,
                   json={"email": address, "password": PASSWORD}).raise_for_status()
        run_node(here.with_name("graphql_clients.test.mjs"),
                 {"STACK": stack.url, "KEY": stack.env["ANON_KEY"], "JWT_SECRET": stack.env["JWT_SECRET"], "CARDS": cards.url,
                  "USERS": users.url, "EMAIL": address, "PASSWORD": PASSWORD, "PAGE_PORT": str(page_port), "CHROMIUM": CHROMIUM or "",
                  "SERVER": str(BUILD / "tests" / "graphql_api"), "SERVER_PORT": str(server_port), "DATABASE_URL": ""})
    finally:
        assert cards.stop() == 0
        assert users.stop() == 0


def test_two_users_over_64_connections_see_no_row_of_each_others(stack, email):
    cards = Api(stack, "direct")
    users = Api(stack, "http", "tests/graphql_api")
    try:
        people = []
        for name in ("Ada", "Bob"):
            who = {"name": name, "email": email(name.lower())}
            answer = httpx.post(f"{stack.url}/auth/v1/signup", headers={"apikey": stack.env["ANON_KEY"]}, trust_env=False,
                                json={"email": who["email"], "password": PASSWORD}).raise_for_status()
            who["token"] = answer.json()["access_token"]
            httpx.post(f"{cards.url}/cards", headers={"Authorization": f"Bearer {who['token']}"}, trust_env=False,
                       json={"full_name": name, "email": who["email"]}).raise_for_status()
            people.append(who)
        run_node(pathlib.Path(__file__).with_name("graphql_two_users.test.mjs"),
                 {"CARDS": cards.url, "USERS": users.url, "PEOPLE": json.dumps(people)})
    finally:
        assert cards.stop() == 0
        assert users.stop() == 0
