"""The pages of docs/tutorial, and docs/graphql.md, show what the programs below examples/tutorial really answer.

A page names its program: `<!-- runs bodies -->`, or `<!-- runs database with supabase -->` for one that needs a local Supabase.
That is started, and every command of the page's `console` blocks is run by one bash, in order: what it prints must be what the
page shows. JSON may be broken into lines on the page. An ellipsis stands for what differs from run to run, one on a line of its own for
any lines. What stands in a `text` block behind `<!-- printed -->` must be printed by the program itself.

    build/clients/venv/bin/python tests/end_to_end/test_tutorial.py --fix [PAGE…]

writes what is printed into the pages instead: for whoever changes a page, to be read before it is committed."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import pytest

from harness import BUILD, ROOT, Process, Stack, free_port

PAGES = sorted(page for page in [*(ROOT / "docs" / "tutorial").glob("*.md"), ROOT / "docs" / "graphql.md"]
               if "<!-- runs " in page.read_text(encoding="utf-8"))
RUNS = re.compile(r"^<!-- runs (\w+)( with supabase)? -->$", re.M)
CONSOLE = re.compile(r"(?<=^```console\n).*?(?=^```$)", re.M | re.S)
PRINTED = re.compile(r"^<!-- printed -->\n```text\n(.*?)^```$", re.M | re.S)
# A command goes on behind a backslash at the end of its line; what stands up to the next one is its output.
STEP = re.compile(r"^\$ (?P<command>(?:.*\\\n)*.*)\n(?P<output>(?:(?!\$ ).*\n)*)", re.M)
BETWEEN = "\x1e"


def ordered(text):
    return json.loads(text, object_pairs_hook=lambda pairs: [["", None], *map(list, pairs)])


def same_text(shown, real):
    pattern = "".join(r"(?:.*\n)*?" if line == "…\n" else re.escape(line).replace("…", ".+?") for line in shown.splitlines(True))
    return re.fullmatch(pattern, real) is not None


def same_value(shown, real):
    if isinstance(shown, list):
        return isinstance(real, list) and len(shown) == len(real) and all(map(same_value, shown, real))
    if isinstance(shown, str) and isinstance(real, str):
        return same_text(shown, real)
    return type(shown) is type(real) and shown == real


def same(shown, real):
    if real.startswith("HTTP/") and "\n\n" in real and "\n\n" in shown:
        (shown, shown_body), (real, real_body) = shown.split("\n\n", 1), real.split("\n\n", 1)
        return same_text(shown, real) and same(shown_body, real_body)
    try:
        return same_value(ordered(shown), ordered(real))
    except ValueError:
        return same_text(shown, real)


def laid_out(value, indent="", name=""):
    line = indent + name + json.dumps(value, ensure_ascii=False)
    if len(line) <= 108 or not isinstance(value, (dict, list)) or not value:
        return line
    members = value.items() if isinstance(value, dict) else [(None, one) for one in value]
    rows = [laid_out(one, indent + "  ", "" if key is None else f"{json.dumps(key)}: ") for key, one in members]
    begin, end = ("{", "}") if isinstance(value, dict) else ("[", "]")
    return f"{indent}{name}{begin}\n" + ",\n".join(rows) + f"\n{indent}{end}"


def readable(text):
    """As it is written into a page."""
    if text.startswith("HTTP/") and "\n\n" in text:
        head, body = text.split("\n\n", 1)
        return re.sub(r"(?mi)^(date|last-modified|etag|x-request-id|x-process-microseconds): .*", r"\1: …", head) + "\n\n" + readable(body)
    try:
        value = json.loads(text)
    except ValueError:
        return text
    return text if len(text) <= 110 else laid_out(value) + "\n"


class Tutorial:
    """A page's program, and what the page's commands print."""

    def __init__(self, page, stack=None):
        self.text = page.read_text(encoding="utf-8")
        self.program = RUNS.search(self.text)[1]
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="bailey-tutorial-"))
        self.port = free_port()
        self.env = {"PORT": str(self.port)}
        if stack is not None:
            self.env |= {"SUPABASE_URL": stack.url, "SUPABASE_ANON_KEY": stack.env["ANON_KEY"], "DATABASE_URL": ""}
        self.process = Process([BUILD / "examples" / "tutorial" / self.program], self.folder / "log",
                               cwd=ROOT / "examples" / "tutorial" / self.program, env=self.env)
        self.process.wait_for(f"http://127.0.0.1:{self.port}/health")

    def steps(self):
        return [step for block in CONSOLE.finditer(self.text) for step in STEP.finditer(block[0])]

    def printed(self):
        """What each command prints."""
        script = 'curl() { command curl -sS --noproxy "*" "$@"; }\n'
        for step in self.steps():
            command = step["command"].replace("localhost:8000", f"127.0.0.1:{self.port}")
            command = re.sub(r"(?<!\S)\./", f"{BUILD}/examples/tutorial/", command)
            script += f"printf '\\036'\n{command}\n"
        done = subprocess.run(["bash", "-c", script], cwd=self.folder, env={**os.environ, **self.env}, capture_output=True,
                              text=True, check=False, timeout=120)
        text = done.stdout.replace("\r", "").replace(f"127.0.0.1:{self.port}", "localhost:8000")
        text = re.sub(r" +$", "", text.replace(f"{BUILD}/examples/tutorial/", "./"), flags=re.M)
        parts = text.split(BETWEEN)[1:]
        assert not done.stderr, done.stderr
        return [part if part.endswith("\n") or not part else part + "\n" for part in parts]

    def stop(self):
        assert self.process.stop() == 0, self.process.text()
        return self.process.text()

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self.process.stop()
        shutil.rmtree(self.folder)


@pytest.fixture
def library():
    """A local Supabase with the tutorial's table, and nothing in it: a reader may begin with any page."""
    stack = Stack(ROOT / "examples" / "tutorial" / "supabase")
    try:
        yield stack.start()
    finally:
        stack.remove()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_what_a_page_shows_is_what_its_program_answers(page, request):
    needs_supabase = RUNS.search(page.read_text(encoding="utf-8"))[2] is not None
    with Tutorial(page, request.getfixturevalue("library") if needs_supabase else None) as tutorial:
        printed = tutorial.printed()
        log = tutorial.stop()
        steps = tutorial.steps()
        assert steps, "the page shows no command"
        assert len(printed) == len(steps)
        for step, real in zip(steps, printed):
            assert same(step["output"], real), f"$ {step['command']}\n{real}instead of\n{step['output']}"
        for block in PRINTED.finditer(tutorial.text):
            assert same_text("…\n" + block[1] + "…\n", log), f"{block[1]}is not in\n{log}"


def test_an_output_that_differs_is_seen():
    assert same('{"a": 1,\n "b": "x"}\n', '{"a":1,"b":"x"}')
    assert not same('{"b":"x","a":1}\n', '{"a":1,"b":"x"}')
    assert not same('{"a":1}\n', '{"a":true}')
    assert same("HTTP/1.1 200 OK\n…\nx-page: …\n", "HTTP/1.1 200 OK\ndate: now\nserver: us\nx-page: 7\n")
    assert not same("HTTP/1.1 200 OK\n…\nx-page: 8\n", "HTTP/1.1 200 OK\nx-page: 7\n")


def fix(names):
    stack = None
    try:
        for page in PAGES:
            if names and page.stem not in names:
                continue
            text = page.read_text(encoding="utf-8")
            if RUNS.search(text)[2] and stack is None:
                stack = Stack(ROOT / "examples" / "tutorial" / "supabase").start()
            with Tutorial(page, stack) as tutorial:
                printed = iter(tutorial.printed())

            def put(step):
                real = next(printed)
                return step[0] if same(step["output"], real) else f"$ {step['command']}\n{readable(real)}"

            page.write_text(CONSOLE.sub(lambda block: STEP.sub(put, block[0]), text), encoding="utf-8")
    finally:
        if stack is not None:
            stack.remove()


if __name__ == "__main__":
    assert sys.argv[1:2] == ["--fix"], __doc__
    fix(sys.argv[2:])
