import uuid

import httpx
import pytest

from harness import BUILD, Api, Process, Stack, free_port


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


@pytest.fixture(scope="module")
def ours(tmp_path_factory):
    """A client of validation_api.cpp, to be compared with what FastAPI or pydantic says."""
    port = free_port()
    process = Process([BUILD / "tests" / "validation_api"], tmp_path_factory.mktemp("api") / "log", env={"PORT": str(port)})
    process.wait_for(f"http://127.0.0.1:{port}/health")
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
        yield client
    assert process.stop() == 0


@pytest.fixture
def email():
    """Addresses nobody has signed up with: email("ada")."""
    return lambda name: f"{name}-{uuid.uuid4().hex[:8]}@example.com"
