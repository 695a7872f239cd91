"""The whole story in a real browser: a page on an origin of its own signs somebody up with supabase-js, takes the access
token to the API across origins, and shows what came back."""

import http.server
import pathlib
import shutil
import subprocess
import tempfile
import threading

import pytest

from harness import CLIENTS, Api

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
PAGE = """<!doctype html><title>cards</title><pre id="seen">…</pre>
<script src="/supabase.js"></script>
<script>
  const show = (value) => { document.title = 'done'; document.getElementById('seen').textContent = JSON.stringify(value); };
  (async () => {
    const client = supabase.createClient('%(stack)s', '%(key)s');
    const { data, error } = await client.auth.signUp({ email: '%(email)s', password: 'correct horse battery' });
    if (error) throw error;
    const call = async (method, path, body) => (await fetch('%(api)s' + path, { method,
      headers: { Authorization: `Bearer ${data.session.access_token}`, 'Content-Type': 'application/json' }, body })).json();
    const made = await call('POST', '/cards', JSON.stringify({ full_name: 'Ada', email: 'ada@example.com' }));
    const me = await call('GET', '/me');
    const cards = await call('GET', '/cards');
    const rows = (await client.from('business_cards').select('full_name')).data;
    show({ mine: me.user_id === data.user.id && made.user_id === me.user_id, cards: cards.map((c) => c.full_name), rows });
  })().catch((error) => show({ error: String(error.message ?? error) }));
</script>"""


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine; script/bootstrap --browser installs it")
def test_a_page_signs_up_and_reads_its_own_cards_across_origins(stack, email):
    pages = {"/supabase.js": (CLIENTS / "node_modules/@supabase/supabase-js/dist/umd/supabase.js").read_bytes()}

    class Pages(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            body = pages.get(self.path)
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "text/javascript" if self.path.endswith(".js") else "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    origin = f"http://localhost:{server.server_port}"
    api = Api(stack, "direct", env={"FRONTEND_ORIGIN": origin})
    pages["/"] = (PAGE % {"stack": stack.url, "key": stack.env["ANON_KEY"], "api": api.url, "email": email("ada")}).encode()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    profile = tempfile.mkdtemp(prefix="bailey-browser-")
    try:
        done = subprocess.run(
            [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync", "--no-proxy-server", f"--user-data-dir={profile}", "--virtual-time-budget=20000",
             "--dump-dom", origin], capture_output=True, text=True, timeout=90, check=True)
    finally:
        server.shutdown()
        shutil.rmtree(profile, ignore_errors=True)
        assert api.stop() == 0
    assert '{"mine":true,"cards":["Ada"],"rows":[{"full_name":"Ada"}]}' in done.stdout, done.stdout
