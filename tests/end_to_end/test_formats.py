"""E-mail addresses, URLs, UUIDs, dates and times: what pydantic takes, and the value it makes of it, beside what the rules
of a model take (validation_api.cpp). The differences are those of docs/validation.md."""

import datetime
import re
import uuid

import pytest
from pydantic import EmailStr, HttpUrl, TypeAdapter, ValidationError

from test_validation import plain
from validation_corpus import DATES, EMAILS, TIMES, URLS, UUIDS

# Names in which IDNA 2008 and libidn2's Unicode differ from Python's or the url crate's, and hosts that no DNS name is.
WANTED = {
    EmailStr: lambda text: "\u1e9e" in text or "\xb7l" in text,
    HttpUrl: lambda text: any(mark in host_of(text) for mark in "!\"$&'()*+,;=`{}\u037e\u2603\u2764\u2103\xbd\u1e9e\U0001f600")
    or any(name in text for name in ("//xn--n3h", "//xn--ls8h", "//0x", "::ffff:1.2.3.4")),
    datetime.time: lambda text: any(mark in text[1:] for mark in "Zz+-\u2212") or re.search(r"\.\d{7}", text),
    datetime.datetime: lambda text: text in ("0001-01-01T00:00+01:00", "9999-12-31T23:59:59-01:00"),
}


def host_of(text):
    return text.partition("//")[2].partition("/")[0].rpartition("@")[2].partition("?")[0].partition("#")[0]


@pytest.mark.parametrize("kind, annotation, texts, least", [
    ("email", EmailStr, EMAILS, 400), ("url", HttpUrl, URLS, 400), ("uuid", uuid.UUID, UUIDS, 100),
    ("date", datetime.date, DATES, 100), ("datetime", datetime.datetime, DATES, 100),
    ("time", datetime.time, TIMES, 40)])
def test_a_format_takes_what_pydantic_takes_and_makes_the_same_of_it(ours, kind, annotation, texts, least):
    texts = list(dict.fromkeys(texts))
    assert len(texts) >= least
    adapter = TypeAdapter(annotation)
    unequal = []
    for text in texts:
        try:
            expected = adapter.dump_python(adapter.validate_python(text), mode="json")
            expected = (200, plain(expected))
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            context = {} if kind == "email" else first.get("ctx", {})  # email: the sentence is ours
            expected = (422, first["type"], context)
        response = ours.post(f"/body/{kind}", json={"value": text})
        if response.status_code == 200:
            found = (200, plain(response.json()["value"]))
        else:
            first = response.json()["detail"][0]
            found = (response.status_code, first["type"], {} if kind == "email" else first.get("ctx", {}))
        if found != expected and not WANTED.get(annotation, lambda _: False)(text):
            unequal.append(f"{ascii(text)[:120]}\n  pydantic: {ascii(expected)[:200]}\n  Bailey:   {ascii(found)[:200]}")
    assert not unequal, f"{len(unequal)} of {len(texts)} differ:\n" + "\n".join(unequal[:20])
