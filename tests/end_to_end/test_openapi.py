"""The document says what the API does: validators accept it, a generator makes types of it that compile, and schemathesis
finds no request that is answered otherwise than the document says. Of an app with everything once, and of the example."""

import json
import os
import subprocess

import httpx
import openapi_spec_validator
import pytest

from harness import BUILD, CLIENTS, Api, Process, free_port

NODE = CLIENTS / "venv" / "bin" / "node"
VALIDATE = """
import { readFileSync } from 'node:fs';
import { Validator } from '@seriousme/openapi-schema-validator';
const result = await new Validator().validate(JSON.parse(readFileSync(process.argv[2], 'utf8')));
console.log(JSON.stringify(result));
process.exit(result.valid ? 0 : 1);
"""
# What is wanted and schemathesis takes for a fault: values are converted as FastAPI converts them ("7" and true are ints, 0 is a
# day), and header fields that nobody asked for are let pass.
WANTED = """
[checks.negative_data_rejection]
enabled = false
"""
# What the schema's words do not say: that PostgreSQL keeps no U+0000, and which addresses are e-mail's, by the library that
# FastAPI asks as well.
FORMATS = """
import email_validator
import schemathesis
from hypothesis import strategies

def is_deliverable(address):
    try:
        email_validator.validate_email(address, check_deliverability=False)
    except email_validator.EmailNotValidError:
        return False
    return True

schemathesis.openapi.format("email", strategies.emails().filter(is_deliverable))
"""
# What a caller of the kitchen sink may use.
CONFIG = """
[auth.openapi.bearer]
bearer = "let-me-in"
[auth.openapi.X-API-Key]
api_key = "k-1"
[auth.openapi.basic]
username = "cook"
password = "pepper"
"""


@pytest.fixture(scope="module")
def kitchen(tmp_path_factory):
    port = free_port()
    process = Process([BUILD / "tests" / "kitchen_sink_api", "--port", port, "--host", "127.0.0.1"],
                      tmp_path_factory.mktemp("kitchen") / "log")
    url = f"http://127.0.0.1:{port}"
    process.wait_for(f"{url}/health")
    yield url
    assert process.stop() == 0


@pytest.fixture(scope="module")
def example(stack):
    api = Api(stack, "direct")
    yield api
    assert api.stop() == 0, api.process.text()


@pytest.fixture(params=["kitchen", "example"])
def document(request):
    served = request.getfixturevalue(request.param)
    return httpx.get(f"{getattr(served, 'url', served)}/openapi.json", trust_env=False).json()


def node(*command, cwd=None):
    path = f"{CLIENTS / 'venv' / 'bin'}:{os.environ['PATH']}"
    return subprocess.run([NODE, *command], env={**os.environ, "PATH": path}, cwd=cwd, capture_output=True, text=True,
                          check=False, timeout=120)


def test_a_validator_of_pythons_accepts_the_document(document):
    openapi_spec_validator.validate(document)


def test_a_validator_of_nodes_accepts_the_document(document, tmp_path):
    (tmp_path / "openapi.json").write_text(json.dumps(document))
    script = CLIENTS / f"validate_openapi.{os.getpid()}.mjs"
    script.write_text(VALIDATE)
    try:
        done = node(script, tmp_path / "openapi.json")
    finally:
        script.unlink()
    assert done.returncode == 0, done.stdout + done.stderr


def test_types_generated_of_the_document_compile(document, tmp_path):
    (tmp_path / "openapi.json").write_text(json.dumps(document))
    packages = CLIENTS / "node_modules"
    made = node(packages / "openapi-typescript" / "bin" / "cli.js", tmp_path / "openapi.json", "-o", tmp_path / "api.d.ts")
    assert made.returncode == 0, made.stdout + made.stderr
    (tmp_path / "uses.ts").write_text("import type { paths } from './api.d.ts';\nexport const all: Array<keyof paths> = [];\n")
    done = node(packages / "typescript" / "bin" / "tsc", "--noEmit", "--strict", "--skipLibCheck", "false",
                "--allowImportingTsExtensions", "--module", "nodenext", tmp_path / "uses.ts", tmp_path / "api.d.ts")
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_program_prints_the_document_that_it_serves(kitchen):
    printed = subprocess.run([BUILD / "tests" / "kitchen_sink_api", "--openapi"], capture_output=True, check=True, text=True)
    assert json.loads(printed.stdout) == httpx.get(f"{kitchen}/openapi.json", trust_env=False).json()


def schemathesis(url, folder, config, *options):
    (folder / "schemathesis.toml").write_text(WANTED + "[generation]\nallow-x00 = false\n" + config)
    (folder / "formats.py").write_text(FORMATS)
    done = subprocess.run([CLIENTS / "venv" / "bin" / "schemathesis", "--config-file", "schemathesis.toml", "run", *options,
                           "--max-examples", "10", "--seed", "7", "--no-color", f"{url}/openapi.json"],
                          cwd=folder, env={**os.environ, "NO_PROXY": "*", "COLUMNS": "150", "SCHEMATHESIS_HOOKS": "formats", "PYTHONPATH": "."}, capture_output=True, text=True,
                          check=False, timeout=400)
    return done.returncode, done.stdout[-12000:] + done.stderr[-2000:]


def test_everything_is_answered_as_the_document_says(kitchen, tmp_path):
    code, text = schemathesis(kitchen, tmp_path, CONFIG)
    assert code == 0, text


def test_the_example_answers_as_its_document_says(stack, example, email, tmp_path):
    signed_up = httpx.post(f"{stack.url}/auth/v1/signup", headers={"apikey": stack.env["ANON_KEY"]}, trust_env=False,
                           json={"email": email("sam"), "password": "correct horse battery"}).json()
    code, text = schemathesis(example.url, tmp_path, f'[auth.openapi.bearer]\nbearer = "{signed_up["access_token"]}"\n')
    assert code == 0, text
