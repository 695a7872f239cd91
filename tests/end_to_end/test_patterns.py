"""Regular expressions: what pydantic takes, and what it finds in each text, beside what a rule's pattern finds
(validation_api.cpp). What is not supported is refused, never taken in another sense (docs/validation.md)."""

from typing import Annotated

import httpx
import pytest
from pydantic import Field, TypeAdapter, ValidationError
from pydantic_core import SchemaError

from harness import BUILD, Process, free_port
from pattern_corpus import PATTERNS, TAKEN, TEXTS, UNSUPPORTED


@pytest.fixture(scope="module")
def search(tmp_path_factory):
    port = free_port()
    process = Process([BUILD / "tests" / "validation_api"], tmp_path_factory.mktemp("api") / "log", env={"PORT": str(port)})
    process.wait_for(f"http://127.0.0.1:{port}/health")
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
        def ask(expression):
            response = client.post("/pattern", json={"expression": expression, "texts": TEXTS})
            assert response.status_code == 200, response.text
            return response.json()
        yield ask
    assert process.stop() == 0


def searched_by_pydantic(expression):
    """Whether each text is taken; None when the pattern is not."""
    try:
        adapter = TypeAdapter(Annotated[str, Field(pattern=expression)])
    except SchemaError:
        return None

    def takes(text):
        try:
            adapter.validate_python(text)
        except ValidationError:
            return False
        return True
    return [takes(text) for text in TEXTS]


def test_a_pattern_finds_what_pydantic_finds_and_is_refused_where_pydantic_refuses_it(search):
    assert len(PATTERNS) * len(TEXTS) > 10_000
    unequal = []
    for expression in PATTERNS:
        expected, found = searched_by_pydantic(expression), search(expression)
        if expected is None:
            if found["refusal"] is None:
                unequal.append(f"{ascii(expression)} is refused by pydantic only")
        elif found["refusal"] is not None:
            unequal.append(f"{ascii(expression)} is refused by Bailey only: {found['refusal']}")
        else:
            unequal += [f"{ascii(expression)} in {ascii(text)}: pydantic {theirs}, Bailey {ours}"
                        for text, theirs, ours in zip(TEXTS, expected, found["found"], strict=True) if theirs != ours]
    assert not unequal, f"{len(unequal)} differ:\n" + "\n".join(unequal[:20])


def test_a_pattern_that_would_be_taken_in_another_sense_is_refused_with_a_sentence(search):
    for expression in UNSUPPORTED:
        assert searched_by_pydantic(expression) is not None, f"{expression} is no difference"
        refusal = search(expression)["refusal"]
        assert refusal and refusal.startswith("The pattern cannot be used: ") and refusal.endswith("."), expression


def test_what_only_bailey_takes_is_known(search):
    for expression in TAKEN:
        assert searched_by_pydantic(expression) is None and search(expression)["refusal"] is None, expression
