"""The mailbox of `bailey dev`: mail is sent by smtplib, which is no code of ours, and read by the API that the tests of
projects of the Supabase CLI use, Mailpit's; its page in a real browser; and what is wrong with templates, told at start."""

import datetime
import email
import email.message
import email.policy
import ipaddress
import os
import re
import shutil
import smtplib
import socket
import ssl
import subprocess
import tempfile
import time

import httpx
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from harness import BAILEY, BUILD, Stack, free_port

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture
def mailbox(stack):
    with httpx.Client(base_url=stack.mail_url, trust_env=False, timeout=10) as client:
        assert client.request("DELETE", "/api/v1/messages").text == "ok"
        yield client


def message(subject, to="anna@example.com", html=None):
    made = email.message.EmailMessage()
    made["From"] = "Ben Büro <ben@example.com>"
    made["To"] = to
    made["Subject"] = subject
    made.set_content("Your code is 123456.\n.\n..\n")
    if html is not None:
        made.add_alternative(html, subtype="html")
    return made


def send(stack, *messages, **login):
    with smtplib.SMTP("127.0.0.1", stack.smtp_port, timeout=10) as server:
        if login:
            server.login(**login)
        for each in messages:
            server.send_message(each)


def test_what_a_program_sends_is_read_as_from_mailpit(stack, mailbox):
    made = message("Grüße an alle 😀", html="<p>Hello <b>Anna</b></p>")
    made.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="Rechnung ü.pdf")
    send(stack, made, user="me", password="any password")

    listed = mailbox.get("/api/v1/messages").json()
    assert (listed["total"], listed["unread"], listed["messages_count"]) == (1, 1, 1)
    summary = listed["messages"][0]
    assert summary["Subject"] == "Grüße an alle 😀"
    assert summary["From"] == {"Name": "Ben Büro", "Address": "ben@example.com"}
    assert summary["To"] == [{"Name": "", "Address": "anna@example.com"}]
    assert summary["Snippet"].startswith("Your code is 123456.")
    assert (summary["Attachments"], summary["Read"], summary["Username"]) == (1, False, "me")

    for name in (summary["ID"], "latest"):
        whole = mailbox.get(f"/api/v1/message/{name}").json()
        assert re.search(r"\d{6}", whole["Text"])[0] == "123456"
        assert whole["Text"].splitlines()[1:] == [".", ".."]
        assert "<b>Anna</b>" in whole["HTML"]
        assert whole["Attachments"][0]["FileName"] == "Rechnung ü.pdf"
    part = whole["Attachments"][0]["PartID"]
    assert mailbox.get(f"/api/v1/message/latest/part/{part}").content == b"%PDF-1.4"
    assert mailbox.get("/api/v1/message/latest/headers").json()["MIME-Version"] == ["1.0"]
    raw = email.message_from_bytes(mailbox.get("/api/v1/message/latest/raw").content)
    assert raw["To"] == "anna@example.com"
    assert "<b>Anna</b>" in mailbox.get("/view/latest.html").text
    assert mailbox.get("/view/latest.txt").text.startswith("Your code is 123456.")
    assert mailbox.get("/api/v1/messages").json()["unread"] == 0


def test_mails_are_searched_and_deleted(stack, mailbox):
    send(stack, *(message(f"number {i}", to=f"user{i}@example.com") for i in range(5)))
    found = mailbox.get("/api/v1/search", params={"query": "to:user3@example.com"}).json()
    assert [each["Subject"] for each in found["messages"]] == ["number 3"]
    deleted = mailbox.request("DELETE", "/api/v1/messages", json={"IDs": [found["messages"][0]["ID"]]})
    assert deleted.status_code == 200
    assert mailbox.get("/api/v1/messages").json()["total"] == 4
    assert mailbox.request("DELETE", "/api/v1/search", params={"query": "subject:number"}).text == "ok"
    assert mailbox.get("/api/v1/messages").json()["messages"] == []
    assert mailbox.get("/api/v1/message/latest").status_code == 404


def test_there_is_room_for_so_many_and_the_oldest_go(stack, mailbox):
    for begin in range(0, 510, 255):
        send(stack, *(message(f"number {i}") for i in range(begin, begin + 255)))
    listed = mailbox.get("/api/v1/messages", params={"limit": 1000}).json()
    assert listed["total"] == 500
    assert (listed["messages"][0]["Subject"], listed["messages"][-1]["Subject"]) == ("number 509", "number 10")


def test_a_foreign_page_or_host_gets_nothing(stack, mailbox):
    send(stack, message("secret"))
    assert mailbox.get("/api/v1/messages", headers={"Host": "rebound.example"}).status_code == 403
    assert mailbox.request("DELETE", "/api/v1/messages", headers={"Origin": "https://evil.example"}).status_code == 403
    assert mailbox.get("/api/v1/messages", headers={"Origin": "https://evil.example"}).headers.get("access-control-allow-origin") is None
    upgrade = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
               "Origin": "https://evil.example"}
    assert mailbox.get("/api/events", headers=upgrade).status_code == 403
    assert mailbox.get("/api/v1/messages").json()["total"] == 1


def test_smtp_withstands_who_talks_too_much_or_not_at_all(stack, mailbox):
    held = []
    for _ in range(49):
        held.append(socket.create_connection(("127.0.0.1", stack.smtp_port), timeout=10))
    talker = socket.create_connection(("127.0.0.1", stack.smtp_port), timeout=10)
    with talker, talker.makefile("rwb") as file:
        assert file.readline().startswith(b"220 ")
        try:
            file.write(b"A" * 1_000_000 + b"\r\nNOOP\r\n")
            file.flush()
        except ConnectionError:
            pass
        assert file.readline().startswith(b"500 ")
    for each in held:
        each.close()
    deadline = time.monotonic() + 10
    while True:
        try:
            send(stack, message("after all"))
            break
        except (smtplib.SMTPException, ConnectionError):
            assert time.monotonic() < deadline
            time.sleep(0.1)
    assert mailbox.get("/api/v1/message/latest").json()["Subject"] == "after all"
    with smtplib.SMTP("127.0.0.1", stack.smtp_port, timeout=10) as server:
        with pytest.raises(smtplib.SMTPSenderRefused) as refused:
            server.ehlo()
            server.sendmail("a@example.com", ["b@example.com"], b"x" * 17_000_000)
        assert refused.value.smtp_code == 552


def test_status_names_the_mailbox(stack):
    assert stack.env["MAILPIT_URL"] == stack.env["INBUCKET_URL"] == stack.mail_url
    shown = subprocess.run([BAILEY, "status"], cwd=stack.folder, capture_output=True, text=True, check=True).stdout
    assert f"Mailpit URL: {stack.mail_url}" in shown
    assert f"Mailpit URL: {stack.mail_url}" in stack.process.text()


@pytest.mark.parametrize(("config", "says"), [
    ('[auth.email.template.invite]\nsubject = "{{ .Email"\n', "auth.email.template.invite.subject: }} is missing"),
    ('[auth.email.template.invite]\ncontent_path = "./templates/none.html"\n', "auth.email.template.invite.content_path: cannot read"),
    ('[auth.email.template.invite]\ncontent_path = "./templates/bad.html"\n', "supabase/templates/bad.html:2: {{end}} is missing for this block"),
    ('[auth.email.smtp]\nhost = "smtp.example.com"\n', "auth.email.smtp.admin_email must be the address that mail is sent from"),
    ('[local_smtp]\nport = 1\n', "inbucket must be left out where there is local_smtp"),
])
def test_what_is_wrong_with_letters_is_told_at_start_with_its_place(config, says):
    stack = Stack()
    try:
        (stack.folder / "supabase" / "templates").mkdir()
        (stack.folder / "supabase" / "templates" / "bad.html").write_text("<p>\n{{ if .Email }}</p>")
        path = stack.folder / "supabase" / "config.toml"
        path.write_text(path.read_text() + config)
        done = subprocess.run([BAILEY, "dev"], cwd=stack.folder, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 1
        assert says in done.stderr, done.stderr
    finally:
        stack.remove()


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine; script/bootstrap --browser installs it")
def test_the_page_shows_a_hostile_mail_and_runs_none_of_it(stack, mailbox, tmp_path):
    beacon = "<script>document.title = 'owned'; parent.document.title = 'owned'; fetch('/api/v1/messages', {method: 'DELETE'})</script>"
    send(stack, message("Willkommen", html="<h1>First</h1>"),
         message('<img src=x onerror="document.title=1">', to="eve@example.com",
                 html=f"<!doctype html><h1>Hello</h1><p>Follow <a href='https://example.com/'>the link</a></p>{beacon}<img src=x onerror=\"parent.document.title='owned'\">"))
    chosen = mailbox.get("/api/v1/messages").json()["messages"][0]["ID"]
    profile = tempfile.mkdtemp(prefix="bailey-browser-")
    picture = tmp_path / "mailbox.png"
    try:
        common = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                  "--disable-component-update", "--disable-sync", "--no-proxy-server", f"--user-data-dir={profile}", "--window-size=1200,800"]
        address = f"{stack.mail_url}/#{chosen}"
        done = subprocess.run([*common, "--virtual-time-budget=8000", "--dump-dom", address], capture_output=True, text=True, timeout=90, check=True)
        subprocess.run([*common, "--virtual-time-budget=8000", f"--screenshot={picture}", address], capture_output=True, timeout=90, check=True)
    finally:
        shutil.rmtree(profile, ignore_errors=True)
    assert "owned" not in done.stdout.split("<main>")[0]
    assert '<h2 id="subject">&lt;img src=x onerror="document.title=1"&gt;</h2>' in done.stdout
    assert "Willkommen" in done.stdout
    assert f'src="/view/{chosen}.html?embed=1"' in done.stdout
    assert mailbox.get("/api/v1/messages").json()["total"] == 2
    assert picture.stat().st_size > 5000
    print(f"screenshot: {picture}")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for 127.0.0.1 that is its own authority, and its key: paths."""
    folder = tmp_path_factory.mktemp("certificate")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.timezone.utc)
    made = (x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
            .not_valid_before(now - datetime.timedelta(days=1)).not_valid_after(now + datetime.timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(key, hashes.SHA256()))
    (folder / "certificate.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                                       serialization.NoEncryption()))
    return folder / "certificate.pem", folder / "key.pem"


class Server:
    """Another's mail server, as it is to be: what it was sent."""

    def __init__(self, certificate=None, implicit=False, users=None, utf8=True):
        self.messages = []
        self.users = users or {}
        self.secured = []
        context = None
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
        options = {"enable_SMTPUTF8": utf8}
        if users is not None:
            options.update(authenticator=self.authenticate, auth_required=True, auth_require_tls=certificate is not None and not implicit)
        if implicit:
            options["ssl_context"] = context
        elif context is not None:
            options["tls_context"] = context
        self.port = free_port()
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port, **options)

    def authenticate(self, _server, _session, _envelope, _mechanism, login):
        return AuthResult(success=self.users.get(login.login.decode()) == login.password.decode(), handled=False)

    async def handle_DATA(self, _server, session, envelope):
        self.secured.append(session.ssl is not None)
        self.messages.append((envelope.mail_from, envelope.rcpt_tos, email.message_from_bytes(envelope.content, policy=email.policy.default)))
        return "250 OK"

    def __enter__(self):
        self.controller.start()
        return self

    def __exit__(self, *_):
        self.controller.stop()


def post(server, to="anna@example.com", **settings):
    told = {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(server.port), "LETTER_TO": to, **settings}
    done = subprocess.run([BUILD / "tests" / "send_letter"], env={**os.environ, **told}, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    return done.stdout.strip()


def test_another_mail_server_reads_our_letters_as_they_were_written():
    with Server() as server:
        assert post(server) == "sent"
    sender, recipients, read = server.messages[0]
    assert (sender, recipients) == ("admin@example.com", ["anna@example.com"])
    assert read["Subject"] == "Grüße an alle, die eine Überschrift lesen wollen, die länger ist als eine Zeile 😀"
    assert read["From"].addresses[0].display_name == 'Jürgen "der" Müller'
    assert read["From"].addresses[0].addr_spec == "admin@example.com"
    assert read["Date"].datetime is not None and read["Message-ID"].endswith("@example.com>")
    assert read.get_body(("html",)).get_content().replace("\r\n", "\n").rstrip("\n") == "<p>Hello ü</p>\n.\n..two\n" + "x" * 3000
    assert read.get_body(("plain",)).get_content().replace("\r\n", "\n") == "Hello\n.\n"
    assert not read.defects


@pytest.mark.parametrize("implicit", [False, True])
def test_letters_go_by_tls_to_a_server_whose_certificate_can_be_verified(certificate, implicit):
    with Server(certificate, implicit, users={"anna": "correct horse"}) as server:
        tls = {"SMTP_TLS": "implicit" if implicit else "required"}
        good = {**tls, "SMTP_USER": "anna", "SMTP_PASS": "correct horse", "SMTP_CA_FILE": str(certificate[0])}
        assert post(server, **good) == "sent"
        assert server.secured == [not implicit]  # that is how aiosmtpd names STARTTLS; of the other it knows nothing
        assert post(server, **{**good, "SMTP_PASS": "wrong"}) == "mail_refused: The mail could not be sent: the mail server refused the user or the password"
        assert post(server, **{**good, "SMTP_CA_FILE": ""}) == "mail_refused: The mail could not be sent: the mail server's certificate could not be verified"
        assert len(server.messages) == 1


def test_addresses_beyond_ascii_go_where_they_are_taken():
    with Server() as server:
        assert post(server, to="jürgen@example.com") == "sent"
        assert server.messages[0][1] == ["jürgen@example.com"]
    with Server(utf8=False) as server:
        assert "SMTPUTF8" in post(server, to="jürgen@example.com")
        assert not server.messages


def test_what_could_become_another_header_is_not_sent():
    with Server() as server:
        for to in ("a@example.com\r\nBcc: eve@example.com", "a@example.com,eve@example.com", "", "a b@example.com"):
            assert post(server, to=to).startswith("invalid_letter: ")
        assert not server.messages
