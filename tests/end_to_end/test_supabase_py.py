"""The business-card API and /rest/v1, used by two people through the real supabase-py."""

import httpx
import pytest
from postgrest.exceptions import APIError
from supabase import create_client
from supabase_auth.errors import AuthApiError

PASSWORD = "correct horse battery"


class Person:
    def __init__(self, stack, address):
        self.client = create_client(stack.url, stack.env["ANON_KEY"])
        self.session = self.client.auth.sign_up({"email": address, "password": PASSWORD}).session
        self.id = self.session.user.id
        self.headers = {"Authorization": f"Bearer {self.session.access_token}"}


@pytest.fixture
def ada(stack, email):
    return Person(stack, email("ada"))


@pytest.fixture
def bob(stack, email):
    return Person(stack, email("bob"))


@pytest.fixture
def http():
    with httpx.Client(trust_env=False, timeout=20) as client:
        yield client


def card(name, **more):
    return {"full_name": name, "email": f"{name.lower()}@example.com", **more}


def test_me_answers_the_id_of_who_asks(api, http, ada, bob):
    for person in (ada, bob):
        answer = http.get(f"{api.url}/me", headers=person.headers)
        assert (answer.status_code, answer.json()) == (200, {"user_id": person.id})


def test_who_has_twelve_kilobytes_of_metadata_signs_in_and_is_let_in_everywhere(stack, api, http, email):
    client = create_client(stack.url, stack.env["ANON_KEY"])
    credentials = {"email": email("wordy"), "password": PASSWORD}
    client.auth.sign_up({**credentials, "options": {"data": {"bio": "x" * 12 * 1024}}})
    session = client.auth.sign_in_with_password(credentials).session
    assert client.auth.get_user().user.id == session.user.id
    assert client.table("business_cards").select("*").execute().data == []
    headers = {"Authorization": f"Bearer {session.access_token}"}
    assert http.get(f"{api.url}/me", headers=headers).json() == {"user_id": session.user.id}
    assert http.get(f"{api.url}/cards", headers=headers).json() == []


def test_what_the_database_refuses_is_told_in_gotrues_words(stack, email):
    held = Person(stack, email("held"))
    admin = create_client(stack.url, stack.env["SERVICE_ROLE_KEY"]).auth.admin
    stack.sql("create table public.holding (owner uuid references auth.users)")
    try:
        stack.sql(f"insert into public.holding values ('{held.id}')")
        with pytest.raises(AuthApiError) as refused:
            admin.delete_user(held.id)
    finally:
        stack.sql("drop table public.holding")
    assert (refused.value.status, refused.value.code) == (500, "unexpected_failure")
    assert refused.value.message == "Database error deleting user"
    admin.delete_user(held.id)


def test_each_sees_and_changes_only_their_own_cards_through_the_api(api, http, ada, bob):
    made = http.post(f"{api.url}/cards", json=card("Ada"), headers=ada.headers)
    assert made.status_code == 201, made.text
    mine = made.json()
    assert mine["user_id"] == ada.id and mine["full_name"] == "Ada"

    assert [c["id"] for c in http.get(f"{api.url}/cards", headers=ada.headers).json()] == [mine["id"]]
    assert http.get(f"{api.url}/cards", headers=bob.headers).json() == []

    assert http.patch(f"{api.url}/cards/{mine['id']}", json={"job_title": "Spy"}, headers=bob.headers).status_code == 404
    assert http.delete(f"{api.url}/cards/{mine['id']}", headers=bob.headers).status_code == 404

    changed = http.patch(f"{api.url}/cards/{mine['id']}", json={"job_title": "Countess"}, headers=ada.headers)
    assert (changed.status_code, changed.json()["job_title"]) == (200, "Countess")
    assert changed.json()["full_name"] == "Ada"
    assert http.delete(f"{api.url}/cards/{mine['id']}", headers=ada.headers).status_code == 204
    assert http.get(f"{api.url}/cards", headers=ada.headers).json() == []


def test_each_sees_and_changes_only_their_own_cards_through_rest(ada, bob):
    mine = ada.client.table("business_cards").insert(card("Ada")).execute().data[0]
    assert mine["user_id"] == ada.id
    assert [row["id"] for row in ada.client.table("business_cards").select("id").execute().data] == [mine["id"]]
    assert bob.client.table("business_cards").select("*").execute().data == []
    assert bob.client.table("business_cards").update({"job_title": "Spy"}).eq("id", mine["id"]).execute().data == []
    assert bob.client.table("business_cards").delete().eq("id", mine["id"]).execute().data == []
    changed = ada.client.table("business_cards").update({"job_title": "Countess"}).eq("id", mine["id"]).execute().data
    assert [row["job_title"] for row in changed] == ["Countess"]
    assert len(ada.client.table("business_cards").delete().eq("id", mine["id"]).execute().data) == 1


def test_a_row_for_somebody_else_is_refused_by_the_policy(api, http, ada, bob):
    with pytest.raises(APIError) as refused:
        ada.client.table("business_cards").insert(card("Mallory", user_id=bob.id)).execute()
    assert refused.value.code == "42501"
    answer = http.post(f"{api.url}/cards", json=card("Mallory", user_id=bob.id), headers=ada.headers)
    assert answer.status_code == 403, answer.text
    assert http.get(f"{api.url}/cards", headers=bob.headers).json() == []


def test_filters_order_and_limits_reach_the_database(ada):
    table = ada.client.table("business_cards")
    table.insert([card("Cy", job_title="x"), card("Al", job_title="y"), card("Bo", job_title="y")]).execute()
    names = lambda query: [row["full_name"] for row in query.execute().data]
    assert names(table.select("full_name").order("full_name")) == ["Al", "Bo", "Cy"]
    assert names(table.select("full_name").order("full_name", desc=True).limit(1).offset(1)) == ["Bo"]
    assert names(table.select("full_name").eq("job_title", "y").neq("full_name", "Al")) == ["Bo"]
    assert names(table.select("full_name").ilike("full_name", "%O")) == ["Bo"]
    assert names(table.select("full_name").in_("full_name", ["Al", "Cy"]).order("full_name")) == ["Al", "Cy"]
    assert names(table.select("full_name").is_("phone_number", None).gte("full_name", "Bo").order("full_name")) == ["Bo", "Cy"]
    assert names(table.select("full_name").or_("full_name.eq.Al,full_name.eq.Cy").order("full_name")) == ["Al", "Cy"]
    assert table.select("full_name").eq("full_name", "Al").single().execute().data == {"full_name": "Al"}
    with pytest.raises(APIError) as several:
        table.select("full_name").single().execute()
    assert several.value.code == "PGRST116"
    with pytest.raises(APIError) as unknown:
        ada.client.table("bussiness_cards").select("*").execute()
    assert unknown.value.code == "PGRST205" and "business_cards" in unknown.value.hint


def test_without_a_user_nothing_is_seen_or_written(stack):
    anonymous = create_client(stack.url, stack.env["ANON_KEY"])
    assert anonymous.table("business_cards").select("*").execute().data == []
    with pytest.raises(APIError) as refused:
        anonymous.table("business_cards").insert(card("Nobody")).execute()
    assert refused.value.code == "42501"


def test_the_service_role_key_sees_everybody(stack, ada, bob):
    for person in (ada, bob):
        person.client.table("business_cards").insert(card("Both")).execute()
    service = create_client(stack.url, stack.env["SERVICE_ROLE_KEY"])
    owners = {row["user_id"] for row in service.table("business_cards").select("user_id").execute().data}
    assert {ada.id, bob.id} <= owners


def test_sessions_are_refreshed_once_and_end_with_sign_out(stack, email):
    person = Person(stack, email("cyd"))
    refreshed = person.client.auth.refresh_session().session
    assert refreshed.refresh_token != person.session.refresh_token
    assert person.client.auth.get_user().user.id == person.id
    token = refreshed.access_token
    person.client.auth.sign_out()
    with pytest.raises(AuthApiError) as gone:
        create_client(stack.url, stack.env["ANON_KEY"]).auth.get_user(token)
    assert gone.value.code == "session_not_found"


def test_a_wrong_password_and_an_unknown_address_look_the_same(stack, email):
    address = email("dee")
    Person(stack, address)
    client = create_client(stack.url, stack.env["ANON_KEY"])
    seen = []
    for who, password in ((address, "wrong password"), (email("nobody"), PASSWORD)):
        with pytest.raises(AuthApiError) as refused:
            client.auth.sign_in_with_password({"email": who, "password": password})
        seen.append((refused.value.status, refused.value.code, refused.value.message))
    assert seen[0] == seen[1] and seen[0][:2] == (400, "invalid_credentials")
    assert client.auth.sign_in_with_password({"email": address.upper(), "password": PASSWORD}).user.email == address
