"""The client's own suite (tests/supabase), which by itself runs against a small REST server, against the whole stack: the
gateway, its keys, its REST dialect and its database, over HTTP and directly."""

import os
import re
import subprocess

from harness import BUILD, ROOT


def test_the_clients_suite_passes_on_the_stack(stack):
    settings = {"SUPABASE_URL": stack.url, "SUPABASE_ANON_KEY": stack.env["ANON_KEY"],
                "SUPABASE_SERVICE_ROLE_KEY": stack.env["SERVICE_ROLE_KEY"],
                "SUPABASE_JWT_SECRET": stack.env["JWT_SECRET"],
                "DATABASE_URL": stack.env["DB_URL"]}  # the owner's: the suite makes its tables
    done = subprocess.run([BUILD / "tests" / "supabase" / "supabase_suite"], cwd=ROOT, env={**os.environ, **settings},
                          capture_output=True, text=True, check=False, timeout=240)
    assert done.returncode == 0, done.stdout + done.stderr
    passed = re.search(r"PASSED\s*\] (\d+) tests", done.stdout)
    assert passed and int(passed[1]) >= 90, "hardly a test ran:\n" + done.stdout
    assert stack.env["SERVICE_ROLE_KEY"] not in done.stdout + done.stderr
