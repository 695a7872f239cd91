import uuid

import pytest

from harness import Api, Stack


@pytest.fixture(scope="session")
def stack():
    stack = Stack()
    try:
        yield stack.start()
    finally:
        stack.remove()


@pytest.fixture(scope="session", params=["http", "direct"])
def api(request, stack):
    """The example's API, over both transports: every test that takes it runs twice."""
    api = Api(stack, request.param)
    yield api
    assert api.stop() == 0, api.process.text()


@pytest.fixture
def email():
    """Addresses nobody has signed up with: email("ada")."""
    return lambda name: f"{name}-{uuid.uuid4().hex[:8]}@example.com"
