"""GraphQL beside graphql-js, and npm's audits of GraphQL over HTTP: the tests are in the two .mjs files."""

import pathlib

import pytest

from harness import BUILD, Process, free_port, run_node


@pytest.fixture(scope="module")
def api(tmp_path_factory):
    port = free_port()
    process = Process([BUILD / "tests" / "graphql_api", "--port", port], tmp_path_factory.mktemp("graphql") / "log")
    process.url = f"http://127.0.0.1:{port}"
    process.wait_for(f"{process.url}/health")
    yield process
    assert process.stop() == 0


def test_what_graphql_js_answers_is_answered_equally(api):
    run_node(pathlib.Path(__file__).with_name("graphql_oracle.test.mjs"), {"API": api.url})


def test_the_audits_of_graphql_over_http_pass(api):
    run_node(pathlib.Path(__file__).with_name("graphql_http.test.mjs"), {"API": api.url})


def test_operations_answered_as_events_to_graphql_sse(api):
    run_node(pathlib.Path(__file__).with_name("graphql_events.test.mjs"), {"API": api.url})


def test_operations_over_the_older_web_socket_by_subscriptions_transport_ws(api):
    run_node(pathlib.Path(__file__).with_name("graphql_legacy_ws.test.mjs"), {"API": api.url})


def test_documents_that_are_named_by_apollos_link_and_by_their_ids(api):
    run_node(pathlib.Path(__file__).with_name("graphql_persisted.test.mjs"), {"API": api.url})


def test_operations_over_a_web_socket_by_graphql_ws(api):
    run_node(pathlib.Path(__file__).with_name("graphql_ws.test.mjs"), {"API": api.url})
