"""The same story through the real supabase-js, in Node.js: the tests themselves are in supabase_js.test.mjs."""

import pathlib

from harness import run_node


def test_supabase_js(api, stack):
    run_node(pathlib.Path(__file__).with_name("supabase_js.test.mjs"),
             {"STACK_URL": stack.url, "ANON_KEY": stack.env["ANON_KEY"], "API": api.url})
