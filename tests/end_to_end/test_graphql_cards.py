"""The business-card API's two GraphQL schemas, used by two people who have signed up with the real supabase-py."""

import pathlib

import httpx
import pytest
from supabase import create_client

from harness import run_node

PASSWORD = "correct horse battery"
CREATE = "mutation($card: NewBusinessCard!) { create_business_card(card: $card) { __typename ... on BusinessCard { id full_name user_id } ... on NotAuthorised { message } } }"
UPDATE = """mutation($id: Int64!, $patch: BusinessCardPatch!) { update_business_card(id: $id, patch: $patch) {
  __typename ... on BusinessCard { id full_name job_title } ... on BusinessCardNotFound { id message } } }"""
DELETE = "mutation($id: Int64!) { delete_business_card(id: $id) { __typename ... on BusinessCardDeleted { id } ... on BusinessCardNotFound { id } } }"


class Person:
    def __init__(self, stack, api, address):
        session = create_client(stack.url, stack.env["ANON_KEY"]).auth.sign_up({"email": address, "password": PASSWORD}).session
        self.id = session.user.id
        self.token = session.access_token
        self.client = httpx.Client(base_url=api.url, trust_env=False, timeout=20, headers={"Authorization": f"Bearer {session.access_token}"})

    def ask(self, query, **variables):
        answer = self.client.post("/graphql", json={"query": query, "variables": variables})
        assert answer.status_code == 200, answer.text
        return answer.json()

    def data(self, query, **variables):
        answer = self.ask(query, **variables)
        assert "errors" not in answer, answer
        (value,) = answer["data"].values()
        return value

    def creates(self, name, **more):
        return self.data(CREATE, card={"full_name": name, "email": f"{name.lower()}@example.com", **more})


@pytest.fixture
def people(stack, api, email):
    both = [Person(stack, api, email(name)) for name in ("ada", "bob")]
    yield both
    for person in both:
        person.client.close()


def test_everybody_sees_their_own_cards_and_no_row_of_anothers(people):
    ada, bob = people
    cards = {person: person.creates(name) for person, name in zip(people, ("Ada", "Bob"))}
    for person, other in ((ada, bob), (bob, ada)):
        assert person.data("{ business_cards { id full_name user_id } }") == [
            {"id": cards[person]["id"], "full_name": cards[person]["full_name"], "user_id": person.id}]
        one = "query($id: Int64!) { business_card(id: $id) { email } }"
        assert person.data(one, id=cards[person]["id"])["email"].endswith("@example.com")
        assert person.data(one, id=cards[other]["id"]) is None


def test_only_the_columns_that_are_selected_are_read(people):
    ada, _ = people
    ada.creates("Ada", job_title="Countess")
    assert ada.data("{ business_cards { title: job_title ...more } } fragment more on BusinessCard { website }") == [
        {"title": "Countess", "website": None}]
    assert ada.data("{ business_cards { __typename } }") == [{"__typename": "BusinessCard"}]


def test_a_result_is_of_the_type_that_says_what_has_happened(people):
    ada, bob = people
    card = ada.creates("Ada", job_title="Countess")
    assert card == {"__typename": "BusinessCard", "id": card["id"], "full_name": "Ada", "user_id": ada.id}
    assert bob.creates("Eve", user_id=ada.id)["__typename"] == "NotAuthorised"
    missing = {"__typename": "BusinessCardNotFound", "id": card["id"]}
    assert bob.data(UPDATE, id=card["id"], patch={"full_name": "Eve"}) == {**missing, "message": "There is no such card"}
    assert bob.data(DELETE, id=card["id"]) == missing
    assert ada.data(DELETE, id=card["id"]) == {"__typename": "BusinessCardDeleted", "id": card["id"]}
    assert ada.data(DELETE, id=card["id"]) == missing


def test_what_a_patch_leaves_out_stays_and_null_clears(people):
    ada, _ = people
    card = ada.creates("Ada", job_title="Countess")
    renamed = {"__typename": "BusinessCard", "id": card["id"], "full_name": "Augusta", "job_title": "Countess"}
    assert ada.data(UPDATE, id=card["id"], patch={"full_name": "Augusta"}) == renamed
    assert ada.data(UPDATE, id=card["id"], patch={"job_title": None}) == {**renamed, "job_title": None}


@pytest.mark.parametrize("card, at", [({"full_name": "", "email": "a@example.com"}, "full_name"),
                                      ({"full_name": "Ada", "email": "nobody"}, "email")])
def test_input_that_breaks_a_rule_is_refused_and_said_where(people, card, at):
    ada, _ = people
    (error,) = ada.ask(CREATE, card=card)["errors"]
    assert error["path"] == ["create_business_card"] and error["extensions"]["code"] == "BAD_USER_INPUT"
    assert at in error["extensions"]["detail"][0]["loc"]
    assert ada.data("{ business_cards { id } }") == []


def test_input_of_another_type_is_refused_before_anything_is_resolved(people):
    ada, _ = people
    for card in ({"full_name": "Ada"}, {"full_name": "Ada", "email": 1}, {"full_name": "Ada", "email": "a@example.com", "more": 1}):
        answer = ada.ask(CREATE, card=card)
        assert "data" not in answer and [error["extensions"]["code"] for error in answer["errors"]] == ["BAD_USER_INPUT"], answer
    assert ada.data("{ business_cards { id } }") == []


def test_nobody_is_let_in_without_a_token(api):
    with httpx.Client(base_url=api.url, trust_env=False) as nobody:
        answer = nobody.post("/graphql", json={"query": "{ business_cards { id } }"})
        assert (answer.status_code, answer.json()) == (401, {"detail": "Not authenticated"})
        assert nobody.get("/graphql", params={"query": "{ __typename }"}).status_code == 401


def test_the_public_schema_needs_no_token_and_has_names_in_camel_case(people, api):
    ada, _ = people
    with httpx.Client(base_url=api.url, trust_env=False) as nobody:
        def ask(query):
            return nobody.post("/publicgraphql", json={"query": query}).json()
        before = ask("{ cardCount }")["data"]["cardCount"]
        ada.creates("Ada")
        assert ask('{ hello apiVersion cardCount greeting: hello(name: "Ada") }')["data"] == {
            "hello": "Hello world", "apiVersion": "1.0.0", "cardCount": before + 1, "greeting": "Hello Ada"}
        assert ask("{ card_count }")["errors"] and ask("{ business_cards { id } }")["errors"]


def test_a_web_socket_is_its_users_whose_token_it_brings(people, api):
    ada, bob = people
    ada.creates("Ada")
    bob.creates("Bob")
    run_node(pathlib.Path(__file__).with_name("graphql_ws_cards.test.mjs"), {"API": api.url, "ADA": ada.token, "BOB": bob.token})
