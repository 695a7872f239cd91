"""Subscriptions to rows changed in PostgreSQL: over graphql-ws and as events, by two people, through broken connections."""

import pathlib
import signal

import pytest

from harness import Api, run_node
from test_graphql_cards import Person

HERE = pathlib.Path(__file__)


@pytest.fixture(scope="module")
def changes_api(stack):
    stack.sql(HERE.with_name("graphql_changes.sql").read_text())
    api = Api(stack, "direct", "tests/graphql_changes_api")
    yield api
    api.stop(signal.SIGTERM)


def test_everybody_hears_of_their_own_rows_and_of_no_others(stack, changes_api, api, email):
    people = [Person(stack, api, email(name)) for name in ("ada", "bob")]
    run_node(HERE.with_name("graphql_changes.test.mjs"), {
        "API": changes_api.url, "CARDS": api.url, "DB": stack.env["DB_URL"],
        "ADA": people[0].token, "BOB": people[1].token})
    for person in people:
        person.client.close()
