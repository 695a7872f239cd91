"""What the guard refuses: every forged, stale or damaged token gets 401, at the API and at the gateway."""

import base64
import hashlib
import hmac
import json
import time

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from supabase import create_client

from harness import Api

SECRET = "super-secret-jwt-token-with-at-least-32-characters-long"


@pytest.fixture(scope="module")
def session(stack):
    client = create_client(stack.url, stack.env["ANON_KEY"])
    return client.auth.sign_up({"email": f"tokens-{time.time_ns()}@example.com", "password": "correct horse battery"}).session


@pytest.fixture(scope="module")
def claims(session):
    return jwt.decode(session.access_token, options={"verify_signature": False})


def me(api, token):
    return httpx.get(f"{api.url}/me", headers={"Authorization": f"Bearer {token}"}, trust_env=False)


def part(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def refused(answer):
    assert answer.status_code == 401, (answer.status_code, answer.text)
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert "detail" in answer.json()
    return True


def test_the_users_own_token_is_accepted(api, session):
    assert me(api, session.access_token).status_code == 200


def test_a_token_with_one_byte_changed_is_refused_wherever_the_byte_is(api, session):
    token = session.access_token
    for position in range(0, len(token), 7):
        changed = "A" if token[position] != "A" else "B"
        assert refused(me(api, token[:position] + changed + token[position + 1:]))


def test_a_token_signed_by_another_key_is_refused(api, session, claims):
    header = jwt.get_unverified_header(session.access_token)
    stranger = ec.generate_private_key(ec.SECP256R1())
    assert refused(me(api, jwt.encode(claims, stranger, algorithm="ES256", headers={"kid": header["kid"]})))
    assert refused(me(api, jwt.encode(claims, stranger, algorithm="ES256", headers={"kid": "another"})))
    assert refused(me(api, jwt.encode(claims, stranger, algorithm="ES256")))
    assert refused(me(api, jwt.encode(claims, "another-secret-of-more-than-thirty-two-characters", algorithm="HS256")))


def test_a_token_without_a_signature_is_refused(api, session, claims):
    for algorithm in ("none", "None", "NONE", ""):
        assert refused(me(api, f'{part({"alg": algorithm, "typ": "JWT"})}.{part(claims)}.'))
    head, body, _ = session.access_token.split(".")
    assert refused(me(api, f"{head}.{body}."))
    assert refused(me(api, f"{head}.{body}"))


def test_the_public_key_is_no_secret_to_sign_with(api, stack, claims):
    published = httpx.get(f"{stack.url}/auth/v1/.well-known/jwks.json", trust_env=False).json()["keys"][0]
    key = jwt.PyJWK(published).key
    pem = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    signed = f'{part({"alg": "HS256", "typ": "JWT", "kid": published["kid"]})}.{part(claims)}'
    for secret in (pem, json.dumps(published).encode(), b""):
        mac = base64.urlsafe_b64encode(hmac.new(secret, signed.encode(), hashlib.sha256).digest()).rstrip(b"=").decode()
        assert refused(me(api, f"{signed}.{mac}"))


def test_a_token_past_its_exp_is_refused_by_the_api_and_the_gateway(api, stack, claims):
    past = int(time.time()) - 3600
    stale = jwt.encode({**claims, "exp": past, "iat": past - 3600}, SECRET, algorithm="HS256")
    assert refused(me(api, stale))
    rest = httpx.get(f"{stack.url}/rest/v1/business_cards", trust_env=False,
                     headers={"apikey": stack.env["ANON_KEY"], "Authorization": f"Bearer {stale}"})
    assert (rest.status_code, rest.json()["code"]) == (401, "PGRST303")


@pytest.mark.parametrize("name, status", [("Ada", 200), ("A\0da", 401), ({"A\0": 1}, 401), (["\ud800"], 401)])
def test_a_token_whose_claims_no_database_can_hold_is_refused_and_not_each_query_of_it(api, claims, name, status):
    token = jwt.encode({**claims, "user_metadata": {"name": name}}, SECRET, algorithm="HS256")
    assert me(api, token).status_code == status
    answer = httpx.get(f"{api.url}/cards", headers={"Authorization": f"Bearer {token}"}, trust_env=False)
    assert answer.status_code == status, answer.text


def test_a_missing_or_malformed_header_is_refused(api):
    for header in (None, "", "Bearer", "Basic YTpi", "Bearer a b", "Bearer  x y", "bearer: x", "Token x"):
        headers = {} if header is None else {"Authorization": header}
        assert refused(httpx.get(f"{api.url}/cards", headers=headers, trust_env=False)), header


def test_the_anon_key_is_nobody_to_the_api(api, stack):
    answer = me(api, stack.env["ANON_KEY"])
    assert answer.status_code in (401, 403), answer.text


def test_a_request_without_an_api_key_is_anon_and_one_with_a_strangers_key_is_refused(stack):
    def status(path, **headers):
        return httpx.get(stack.url + path, headers=headers, trust_env=False).status_code

    cards = httpx.get(stack.url + "/rest/v1/business_cards", trust_env=False)
    assert (cards.status_code, cards.json()) == (200, [])
    assert status("/auth/v1/settings") == 200
    assert status("/auth/v1/user") == 401
    for path in ("/rest/v1/business_cards", "/auth/v1/settings"):
        assert status(path, apikey="sb_publishable_of_another_project") == 401


def test_no_token_key_or_password_is_in_any_log(api, stack, session):
    me(api, session.access_token)
    httpx.get(f"{api.url}/me?access_token={session.access_token}", trust_env=False)
    secrets = [session.access_token, session.access_token.split(".")[2], session.refresh_token, "correct horse battery", SECRET]
    api_log, stack_log = api.process.text(), stack.process.text()
    for secret in secrets:
        assert secret not in api_log
    for secret in secrets[:4]:
        assert secret not in stack_log
