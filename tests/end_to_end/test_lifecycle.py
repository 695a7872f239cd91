"""`bailey dev` as somebody uses it day by day: start, stop, start again, migrate, reset, and what it says."""

import os
import re
import signal
import subprocess
import time

import httpx
import pytest
from supabase import create_client

from harness import BAILEY, BUILD, Api, Stack, free_port


@pytest.fixture
def own_stack():
    stack = Stack()
    yield stack
    stack.remove()


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # A zombie waiting for its parent is no orphan.
    with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as stat:
        return stat.read().rsplit(")", 1)[1].split()[0] != "Z"


def gone_within(pid, seconds):
    end = time.monotonic() + seconds
    while alive(pid):
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_stopping_it_leaves_no_orphan_and_keeps_the_data(own_stack, how):
    own_stack.start()
    client = create_client(own_stack.url, own_stack.env["ANON_KEY"])
    client.auth.sign_up({"email": "ada@example.com", "password": "correct horse battery"})
    postmaster = own_stack.postmaster_pid()
    assert alive(postmaster)
    own_stack.stop(how)
    assert gone_within(postmaster, 10), "PostgreSQL lives on"
    own_stack.start()
    client = create_client(own_stack.url, own_stack.env["ANON_KEY"])
    assert client.auth.sign_in_with_password({"email": "ada@example.com", "password": "correct horse battery"}).user


def test_one_ctrl_c_that_comes_as_many_signals_is_a_clean_stop(own_stack):
    """A terminal interrupts script/server and `bailey dev` together, and the script then tells `bailey dev` to end."""
    own_stack.start()
    postmaster = own_stack.postmaster_pid()
    bailey = own_stack.process.handle
    [pid_file] = own_stack.folder.glob(".bailey/**/postmaster.pid")
    bailey.send_signal(signal.SIGINT)
    while bailey.poll() is None and pid_file.exists():
        bailey.send_signal(signal.SIGTERM)
        time.sleep(0.002)
    assert bailey.wait(20) == 0, own_stack.process.text()
    assert not alive(postmaster) and not pid_file.exists(), "PostgreSQL has not ended before bailey"


def test_large_answers_leave_no_memory_behind(own_stack):
    own_stack.start()
    own_stack.sql("create table large (body text); insert into large select repeat('x', 1000000) from generate_series(1, 60);"
                  "grant select on large to anon; notify pgrst, 'reload schema'")

    def resident_megabytes():
        with open(f"/proc/{own_stack.process.handle.pid}/status", encoding="ascii") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) // 1024

    def bytes_of(rows):
        answer = httpx.get(f"{own_stack.url}/rest/v1/large?limit={rows}", headers={"apikey": own_stack.env["ANON_KEY"]},
                           timeout=60, trust_env=False)
        assert answer.status_code == 200, answer.text[:200]
        return len(answer.content)

    end = time.monotonic() + 10  # the new table is served once the notification has been heard
    while httpx.get(f"{own_stack.url}/rest/v1/large?limit=0", headers={"apikey": own_stack.env["ANON_KEY"]},
                    trust_env=False).status_code == 404:
        assert time.monotonic() < end
        time.sleep(0.05)
    bytes_of(1)
    before = resident_megabytes()
    for rows in (60, 12, 20, 30, 12, 20, 30):
        assert bytes_of(rows) > rows * 1_000_000
    end = time.monotonic() + 10
    while resident_megabytes() > before + 10:
        assert time.monotonic() < end, f"{before} MB before, {resident_megabytes()} MB after"
        time.sleep(0.05)


def test_reset_begins_anew(own_stack):
    own_stack.start()
    client = create_client(own_stack.url, own_stack.env["ANON_KEY"])
    client.auth.sign_up({"email": "ada@example.com", "password": "correct horse battery"})
    own_stack.stop()
    own_stack.start("--reset")
    assert own_stack.sql("select count(*) from auth.users") == "0"
    assert own_stack.sql("select count(*) from public.business_cards") == "0"


def test_migrations_are_applied_once_each_and_new_ones_at_the_next_start(own_stack):
    own_stack.start()
    own_stack.stop()
    (own_stack.folder / "supabase" / "migrations" / "20990101000000_notes.sql").write_text(
        "create table public.notes (id int primary key, body text);\ninsert into public.notes values (1, 'first');\n")
    for _ in range(2):
        own_stack.start()
        assert own_stack.sql("select count(*) from public.notes") == "1"
        versions = own_stack.sql("select version from supabase_migrations.schema_migrations order by 1").split()
        assert versions[-1] == "20990101000000" and len(versions) == len(set(versions))
        rows = httpx.get(f"{own_stack.url}/rest/v1/notes?select=id", trust_env=False,
                         headers={"apikey": own_stack.env["SERVICE_ROLE_KEY"]}).json()
        assert rows == [{"id": 1}]
        own_stack.stop()


def test_a_migration_that_fails_stops_the_start_and_says_where(own_stack):
    (own_stack.folder / "supabase" / "migrations" / "20990101000000_bad.sql").write_text("create tabel oops (id int);\n")
    with pytest.raises(RuntimeError) as stopped:
        own_stack.start()
    text = str(stopped.value)
    assert "20990101000000_bad.sql" in text and "syntax error" in text


def test_the_seed_is_for_a_new_database_only(own_stack):
    (own_stack.folder / "supabase" / "seed.sql").write_text(
        "create table if not exists public.seeded (n int); insert into public.seeded values (1);\n")
    for _ in range(2):
        own_stack.start()
        assert own_stack.sql("select count(*) from public.seeded") == "1"
        own_stack.stop()


def test_a_schema_that_is_made_later_is_served_from_then_on(own_stack):
    config = own_stack.folder / "supabase" / "config.toml"
    config.write_text(re.sub(r"(?m)^schemas = .*$", 'schemas = ["later"]', config.read_text()))
    own_stack.start()
    assert "schema=later" in own_stack.process.text()
    own_stack.sql("create schema later; grant usage on schema later to anon;"
                  "create table later.news (id int); grant select on later.news to anon; insert into later.news values (1)")
    end = time.monotonic() + 10
    while (answer := httpx.get(f"{own_stack.url}/rest/v1/news", headers={"apikey": own_stack.env["ANON_KEY"]},
                               trust_env=False)).status_code != 200:
        assert time.monotonic() < end, answer.text
        time.sleep(0.05)
    assert answer.json() == [{"id": 1}]


def test_a_second_one_in_the_same_project_is_told_so(own_stack):
    own_stack.start()
    second = subprocess.run([BAILEY, "dev"], cwd=own_stack.folder, capture_output=True, text=True, timeout=30, check=False)
    assert second.returncode != 0 and "already" in (second.stdout + second.stderr)
    assert httpx.get(f"{own_stack.url}/auth/v1/health", trust_env=False).status_code == 200


def test_it_starts_whatever_the_environment_says_of_another_database(own_stack, monkeypatch):
    elsewhere = {"PGSERVICE": "production", "PGHOSTADDR": "192.0.2.1", "PGCHANNELBINDING": "require", "PGGSSENCMODE": "require",
                 "PGTARGETSESSIONATTRS": "standby", "PGREQUIREPEER": "nobody", "PGOPTIONS": "-c statement_timeout=1"}
    for name, value in elsewhere.items():
        monkeypatch.setenv(name, value)
    own_stack.start(seconds=40)
    own_stack.stop()


def test_status_says_when_nothing_runs(own_stack):
    done = subprocess.run([BAILEY, "status", "-o", "env"], cwd=own_stack.folder, capture_output=True, text=True, check=False)
    assert done.returncode == 1 and done.stdout == "" and "bailey dev" in done.stderr


@pytest.mark.parametrize("words", [["dve"], ["--workdir", "/", "dve", "--reset"]])
def test_a_word_that_is_no_command_is_named_and_the_commands_with_it(words):
    done = subprocess.run([BAILEY, *words], capture_output=True, text=True, check=False, timeout=10)
    assert done.returncode == 2 and done.stdout == ""
    first, *commands = done.stderr.splitlines()
    assert first == 'bailey: there is no command "dve"; there are:'
    assert [line.split()[0] for line in commands] == ["dev", "status", "stop"]


def test_an_api_told_to_stop_finishes_what_it_is_doing(own_stack):
    own_stack.start()
    api = Api(own_stack)
    assert httpx.get(f"{api.url}/health", trust_env=False).status_code == 200
    assert api.stop(signal.SIGTERM) == 0
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{api.url}/health", trust_env=False)


def test_an_api_whose_output_nobody_reads_goes_on_and_stops_when_asked(stack):
    port = free_port()
    reading, writing = os.pipe()
    api = subprocess.Popen([BUILD / "examples/business-card/business_card"], stdin=subprocess.DEVNULL, stdout=writing, stderr=writing,
                           env={**os.environ, "SUPABASE_URL": stack.url, "SUPABASE_ANON_KEY": stack.env["ANON_KEY"], "PORT": str(port)})
    os.close(writing)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=5) as http:
            end = time.monotonic() + 10
            while not answers(http) and time.monotonic() < end:
                time.sleep(0.05)
            for _ in range(300):  # 300 lines of more than 1,000 bytes: four pipes full
                assert http.get("/me", params={"padding": "x" * 1000}).status_code == 401
            os.close(reading)  # and now the reader goes altogether
            reading = None
            time.sleep(0.2)
            assert http.get("/health").status_code == 200
        api.send_signal(signal.SIGTERM)
        assert api.wait(10) == 0
    finally:
        api.kill()
        api.wait()
        if reading is not None:
            os.close(reading)


def answers(http):
    try:
        return http.get("/health").status_code == 200
    except httpx.HTTPError:
        return False
