"""The pages /docs and /redoc in a real browser: see docs_pages.test.mjs."""

import os
import shutil

import httpx
import pytest

from harness import BUILD, ROOT, Api, Process, free_port, run_node

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
PAGES = list((ROOT / "build" / "docs-pages").glob("swagger-ui-bundle.js.*"))


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine; script/bootstrap --browser installs it")
@pytest.mark.skipif(not PAGES, reason="built without the pages' files; script/bootstrap fetches them")
def test_people_read_sign_in_and_try_out_with_no_network_but_the_api(stack, email, tmp_path):
    who = {"email": email("docs"), "password": "correct horse battery"}
    httpx.post(f"{stack.url}/auth/v1/signup", headers={"apikey": stack.env["ANON_KEY"]}, json=who,
               trust_env=False).raise_for_status()
    api = Api(stack, "http")
    port = free_port()
    kitchen = Process([BUILD / "tests" / "kitchen_sink_api", "--host", "127.0.0.1", "--port", port], tmp_path / "kitchen.log")
    try:
        kitchen.wait_for(f"http://127.0.0.1:{port}/health")
        run_node(ROOT / "tests" / "end_to_end" / "docs_pages.test.mjs",
                 {"API_URL": api.url, "KITCHEN_URL": f"http://127.0.0.1:{port}", "SIGN_IN_EMAIL": who["email"],
                  "SIGN_IN_PASSWORD": who["password"], "CHROMIUM": CHROMIUM, "PICTURES": os.environ.get("PICTURES", "")})
    finally:
        assert kitchen.stop() == 0
        assert api.stop() == 0
