"""Tokens made on the spot by the npm package jose get the verdict they deserve from our verifier."""

import os
import subprocess

from harness import BUILD, CLIENTS, ROOT


def test_tokens_made_by_jose_get_the_verdict_they_deserve(tmp_path):
    tokens = tmp_path / "tokens.json"
    subprocess.run([CLIENTS / "venv/bin/node", ROOT / "tests/jwt/make_tokens.mjs", tokens], check=True,
                   env={**os.environ, "JOSE_MODULES": str(CLIENTS)})
    done = subprocess.run([BUILD / "src/jwt/jwt_test", "--gtest_filter=TokensMadeByJose.*"], capture_output=True, text=True,
                          check=False, env={**os.environ, "BAILEY_JOSE_TOKENS": str(tokens)})
    assert done.returncode == 0 and "[  PASSED  ] 1 test" in done.stdout, done.stdout
