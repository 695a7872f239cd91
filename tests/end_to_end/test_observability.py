"""What an operator's tools make of an app: Prometheus's own parser, a prober, whoever reads the log, an operator's typing
errors in the environment."""

import concurrent.futures
import json
import os
import subprocess
import time

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from harness import BUILD, Process, free_port

EXAMPLES = BUILD / "examples"
SCRAPE = {"Authorization": "Bearer let me see"}


@pytest.fixture
def orders(tmp_path):
    port = free_port()
    process = Process([EXAMPLES / "14_observability" / "observability", "--host", "127.0.0.1", "--port", port, "--workers", "2"], tmp_path / "log",
                      env={"HOST": "my-machine", "PORT": "none", "SCRAPE_TOKEN": "let me see"})
    url = f"http://127.0.0.1:{port}"
    process.wait_for(f"{url}/health")
    with httpx.Client(base_url=url, trust_env=False) as client:
        yield client, process
    process.stop()


def scrape(client):
    answer = client.get("/metrics", headers=SCRAPE)
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    families = {family.name: family for family in text_string_to_metric_families(answer.text)}
    series = [(sample.name, tuple(sorted(sample.labels.items()))) for family in families.values() for sample in family.samples]
    assert len(series) == len(set(series)), "a series occurs twice"
    return families


def value(families, family, name=None, **labels):
    found = [sample.value for sample in families[family].samples
             if sample.name == (name or sample.name) and labels.items() <= sample.labels.items()]
    assert len(found) == 1, (family, labels, found)
    return found[0]


def test_prometheus_reads_the_metrics(orders):
    client, _ = orders
    assert client.get("/metrics").status_code == 401
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: client.post(f"/orders/{n % 3}"), range(300)))
    for path in ("/none", '/"} 1', "/%22%7d1"):
        client.get(path)
    families = scrape(client)
    assert all(family.type in ("counter", "gauge", "histogram") and family.documentation for family in families.values())
    route = {"method": "POST", "route": "/orders/{items}"}
    assert value(families, "http_requests", **route, status="2xx") == 200
    assert value(families, "http_requests", **route, status="4xx") == 100
    assert value(families, "http_requests", route="unmatched", status="4xx") == 3
    assert value(families, "http_request_duration_seconds", "http_request_duration_seconds_count", **route) == 300
    buckets = [sample.value for sample in families["http_request_duration_seconds"].samples
               if sample.name.endswith("_bucket") and route.items() <= sample.labels.items()]
    assert buckets == sorted(buckets) and buckets[-1] == 300
    assert value(families, "orders_made") == 200
    assert value(families, "order_items", "order_items_bucket", le="1") == 100
    assert value(families, "order_items", "order_items_sum") == 300
    assert value(families, "http_connections") >= 1
    assert abs(value(families, "process_start_time_seconds") - time.time()) < 120
    assert value(families, "process_resident_memory_bytes") > 1e6


def test_the_number_of_series_does_not_grow_with_what_strangers_send(orders):
    client, _ = orders
    client.get("/x")
    client.request("BREW", "/x")
    before = sum(len(family.samples) for family in scrape(client).values())
    for n in range(200):
        client.get(f"/stranger/{n}", headers={"Host": f"host{n}"})
        client.request(f"METHOD{n}", "/x")
    assert sum(len(family.samples) for family in scrape(client).values()) == before


def test_a_prober_sees_what_fails_and_when_it_is_well_again(orders):
    client, process = orders
    assert client.get("/ready").json() == {"status": "ready"}
    client.put("/warehouse/closed")
    end = time.monotonic() + 5
    while (answer := client.get("/ready")).status_code == 200:
        assert time.monotonic() < end
        time.sleep(0.1)
    assert answer.status_code == 503 and answer.json() == {"status": "not ready", "failing": ["warehouse"]}
    assert answer.headers["cache-control"] == "no-store"
    assert "not ready check=warehouse" in process.text()
    assert client.get("/health").status_code == 200
    client.put("/warehouse/open")
    while client.get("/ready").status_code == 503:
        assert time.monotonic() < end + 5
        time.sleep(0.1)


def test_the_access_log_is_json_without_secrets(orders):
    client, process = orders
    client.post("/orders/2?token=canary&page=2", headers={"Authorization": "Bearer canary", "Cookie": "session=canary"})
    client.get('/%22%3C?access_token=canary&q=%22}')
    end = time.monotonic() + 5
    lines = []
    while len(lines) < 2 and time.monotonic() < end:
        time.sleep(0.1)
        lines = [json.loads(line) for line in process.text().splitlines() if line.startswith('{"time"') and "/health" not in line]
    assert (lines[0]["route"], lines[0]["status"], lines[0]["bytes"]) == ("/orders/{items}", 204, 0)
    assert lines[0]["target"] == "/orders/2?token=***&page=2" and lines[0]["user_id"] is None
    assert (lines[1]["route"], lines[1]["status"]) == (None, 404) and lines[1]["bytes"] > 0
    assert "canary" not in process.text()


def test_errors_are_problem_documents(orders):
    client, _ = orders
    answer = client.post("/orders/0")
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert len(problem.pop("request_id")) == 16
    assert problem == {"type": "about:blank", "title": "Conflict", "status": 409, "detail": "An order has an item at least"}
    wrong = client.post("/orders/many").json()
    assert wrong["status"] == 422 and wrong["errors"][0]["type"] == "int_parsing"
    missing = client.get("/none")
    assert missing.headers["x-hint"] == "See /docs" and missing.json()["title"] == "Not Found"
    assert client.get("/orders/1").headers["allow"] == "POST"


def settings(cwd, **environment):
    clean = {name: text for name, text in os.environ.items() if not name.startswith("APP_")}
    return subprocess.run([EXAMPLES / "13_settings" / "settings"], cwd=cwd, env={**clean, **environment}, capture_output=True,
                          text=True, check=False, timeout=30)


def test_settings_come_from_environment_file_and_secrets(tmp_path):
    (tmp_path / ".env").write_text("# of this machine\nAPP_TITLE='Karten'\nexport APP_ORIGINS=http://a,http://b\n"
                                   "APP_WORKERS=3\nAPP_API_KEY_FILE=key\n")
    (tmp_path / "key").write_text("canary\n")
    done = settings(tmp_path, APP_WORKERS="4", APP_MAIL__PORT="2525", APP_SESSION="30m")
    assert done.returncode == 0, done.stderr
    assert done.stdout == "Karten: 4 workers, mail by 127.0.0.1:2525, 2 origins, sessions of 1800 s\n"


def test_settings_that_are_wrong_are_all_told_without_a_secret(tmp_path):
    done = settings(tmp_path, APP_WORKERS="many", APP_MAIL__PORT="70000", APP_API_KYE="canary", APP_SENTRY_URL="canary")
    assert done.returncode == 1 and done.stdout == ""
    assert done.stderr.splitlines()[0] == "settings: 5 settings are missing or wrong:"
    for part in ("APP_API_KEY is not set", "APP_API_KYE is set: is that a typing error?", "APP_ORIGINS is not set",
                 'APP_WORKERS is wrong: "many"', "from 1 to 64", "APP_MAIL__PORT is wrong", "APP_SENTRY_URL is wrong"):
        assert part in done.stderr, done.stderr
    assert "canary" not in done.stderr
