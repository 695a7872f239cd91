"""Parameters of every source, models of them, forms, files and bodies in parts: the same requests go to a FastAPI
application and to parameters_api.cpp, which is made of the same models. Status and value, or `type`, `loc`, `ctx`, `msg` and
`input` of every entry, are equal, but for the differences listed here and in docs/validation.md."""

import datetime
import decimal
import enum
import json
import uuid
from typing import Annotated, Dict, List, Optional, Union

import fastapi
import httpx
import pydantic
import pytest
from fastapi import Body, Cookie, File, Form, Header, Query, UploadFile
from fastapi.testclient import TestClient
from pydantic import BaseModel, ConfigDict, Field, IPvAnyAddress

from harness import BUILD, ROOT, Process, free_port
from test_validation import answer, show

Int32 = Annotated[int, Field(ge=-(2**31), le=2**31 - 1)]


class Unit(str, enum.Enum):
    celsius = "celsius"
    percent = "percent"


class Filter(BaseModel):
    limit: Annotated[Int32, Field(ge=1, le=100)] = 20
    name: Optional[Annotated[str, Field(min_length=2)]] = None
    unit: Unit = Unit.celsius
    tags: Annotated[List[Int32], Field(max_length=3)] = []
    owner: Optional[uuid.UUID] = None
    since: Optional[datetime.date] = None
    share: Optional[Annotated[float, Field(gt=0)]] = None
    exact: Optional[bool] = None


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")
    limit: Int32
    name: str = "none"


class Required(BaseModel):
    first: Int32
    second: str
    third: List[Int32]


class Traced(BaseModel):
    retry_count: Int32
    request_id: Optional[str] = None
    x_tag: List[Int32] = []


class Visit(BaseModel):
    visits: Annotated[Int32, Field(ge=0)]
    session: Optional[uuid.UUID] = None
    unit: Unit = Unit.celsius


class Login(BaseModel):
    username: Annotated[str, Field(min_length=3, pattern="^[a-z]+$")]
    age: Int32
    roles: List[str] = []
    unit: Optional[Unit] = None


class StrictLogin(BaseModel):
    model_config = ConfigDict(extra="forbid")
    username: str
    age: Optional[Int32] = None


class Item(BaseModel):
    label: str
    weight: Annotated[Int32, Field(ge=0)]
    tags: Annotated[List[str], Field(max_length=2)] = []


class StrictItem(Item):
    model_config = ConfigDict(strict=True)


class Cat(BaseModel):
    name: str
    lives: Int32


class Dog(BaseModel):
    name: str
    barks: bool


class Box(BaseModel):
    rows: Annotated[List[List[Int32]], Field(min_length=1)]
    shelves: Dict[str, List[Item]]
    pet: Optional[Union[Cat, Dog]] = None
    counts: Dict[str, Optional[Int32]] = {}
    mixed: List[Union[int, Item]] = []


SCALARS = {"bool": bool, "int32": Int32, "float": float, "str": str, "uuid": uuid.UUID, "enum": Unit, "date": datetime.date,
           "datetime": datetime.datetime, "decimal": decimal.Decimal, "ip": IPvAnyAddress}


def shown(value):
    """Decimals as models write them: FastAPI makes floats of those that stand in none."""
    if isinstance(value, list):
        return [shown(item) for item in value]
    return str(value) if isinstance(value, decimal.Decimal) else value


def make_fastapi():
    app = fastapi.FastAPI()

    def take_scalar(kind, annotation):
        async def cookie(value: Annotated[annotation, Cookie()]):
            return {"value": shown(value)}

        async def optional_cookie(value: Annotated[Optional[annotation], Cookie()] = None):
            return {"value": shown(value)}

        async def form(value: Annotated[annotation, Form()]):
            return {"value": shown(value)}

        async def optional_form(value: Annotated[Optional[annotation], Form()] = None):
            return {"value": shown(value)}

        async def form_list(value: Annotated[List[annotation], Form()]):
            return {"value": shown(value)}

        async def query_list(value: Annotated[List[annotation], Query()]):
            return {"value": shown(value)}

        async def header_list(x_value: Annotated[List[annotation], Header()]):
            return {"value": shown(x_value)}

        async def part(value: Annotated[annotation, Body(embed=True)]):
            return {"value": shown(value)}
        for handler in (cookie, optional_cookie, query_list, header_list):
            app.get(f"/{handler.__name__}/{kind}")(handler)
        for handler in (form, optional_form, form_list, part):
            app.post(f"/{handler.__name__}/{kind}")(handler)

    for kind, annotation in SCALARS.items():
        take_scalar(kind, annotation)

    @app.get("/model/filter")
    async def model_filter(sent: Annotated[Filter, Query()]):
        return sent

    @app.get("/model/strict")
    async def model_strict(sent: Annotated[Strict, Query()]):
        return sent

    @app.get("/model/required")
    async def model_required(sent: Annotated[Required, Query()]):
        return sent

    @app.get("/model/headers")
    async def model_headers(sent: Annotated[Traced, Header()]):
        return sent

    @app.get("/model/cookies")
    async def model_cookies(sent: Annotated[Visit, Cookie()]):
        return sent

    @app.post("/model/login")
    async def model_login(sent: Annotated[Login, Form()]):
        return sent

    @app.post("/model/strict_login")
    async def model_strict_login(sent: Annotated[StrictLogin, Form()]):
        return sent

    @app.get("/json")
    async def json_parameter(filter: Annotated[pydantic.Json[Strict], Query()]):
        return filter

    @app.post("/file")
    async def file(file: UploadFile):
        return {"size": file.size, "name": file.filename}

    @app.post("/optional_file")
    async def optional_file(file: Optional[UploadFile] = None):
        return {"size": file.size if file else None}

    @app.post("/files")
    async def files(files: List[UploadFile]):
        return {"count": len(files)}

    @app.post("/bytes")
    async def file_bytes(file: Annotated[bytes, File()]):
        return {"size": len(file)}

    @app.post("/mixed_form")
    async def mixed_form(file: UploadFile, token: Annotated[str, Form()], count: Annotated[Int32, Form()]):
        return {"size": file.size, "token": token, "count": count}

    @app.post("/parts")
    async def parts(item: Item, importance: Annotated[Int32, Body(gt=0)], note: Annotated[Optional[str], Body()] = None):
        return {"label": item.label, "importance": importance, "note": note}

    @app.post("/embedded")
    async def embedded(item: Annotated[Item, Body(embed=True)]):
        return item

    @app.post("/box")
    async def box(box: Box):
        return box

    @app.post("/pet")
    async def pet(pet: Union[Cat, Dog]):
        return pet

    @app.post("/map")
    async def item_map(map: Dict[str, Item]):
        return map

    @app.post("/strict")
    async def strict(item: StrictItem):
        return item

    return app


@pytest.fixture(scope="module")
def theirs():
    with TestClient(make_fastapi()) as client:
        yield client


@pytest.fixture(scope="module")
def ours(tmp_path_factory):
    port = free_port()
    process = Process([BUILD / "tests" / "parameters_api"], tmp_path_factory.mktemp("api") / "log", env={"PORT": str(port)})
    process.wait_for(f"http://127.0.0.1:{port}/health")
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
        yield client
    assert process.stop() == 0


TEXTS = """7| 7 |7.0|7.5|1_000|0x1f|-1|2147483648|true|off|2|null|celsius|Celsius|12345678-1234-1234-1234-123456789012|1234|abcä
2026-01-02|2026-13-02|2026-01-02T03:04:05Z|soon|1700000000|a b|a+b|a&b=c|1e3|1.50|-0|192.0.2.7|2001:DB8::1|1.2.3|::1%eth0""".replace("\n", "|").split("|")
OWNER = "12345678-1234-1234-1234-123456789012"


def form(url, pairs, **more):
    return {"method": "POST", "url": url, "content": "&".join(f"{httpx.QueryParams({name: value})}" for name, value in pairs),
            "headers": {"content-type": "application/x-www-form-urlencoded"}, **more}


def scalars():
    for kind in SCALARS:
        for text in TEXTS + [".5", "123456789012345678901234567890.50", "1e", "-1.5E-9"] * (kind == "decimal"):
            if text.isascii() and text == text.strip() and not set(text) & set(' &"'):
                for where in ("cookie", "optional_cookie"):
                    yield {"method": "GET", "url": f"/{where}/{kind}", "headers": {"cookie": f"value={text}"}}
                yield {"method": "GET", "url": f"/header_list/{kind}", "headers": [("x-value", text), ("x-value", "7")]}
            for where in ("form", "optional_form"):
                yield form(f"/{where}/{kind}", [("value", text)])
            yield form(f"/form_list/{kind}", [("value", "7"), ("value", text)])
            yield {"method": "GET", "url": f"/query_list/{kind}", "params": [("value", text), ("value", "7")]}
            yield {"method": "POST", "url": f"/part/{kind}", "json": {"value": text}}
        for value in (None, 7, 1.5, True, [], {}):
            yield {"method": "POST", "url": f"/part/{kind}", "json": {"value": value}}
        for where in ("cookie", "optional_cookie"):
            yield {"method": "GET", "url": f"/{where}/{kind}"}
            yield {"method": "GET", "url": f"/{where}/{kind}", "headers": {"cookie": "other=1; value=x; value=7"}}
        for where in ("form", "optional_form", "form_list"):
            for pairs in ([("value", "")], [("value", ""), ("value", "")], [("value", "7"), ("value", "")], [("value", ""), ("value", "7")],
                          [("other", "1")]):
                yield form(f"/{where}/{kind}", pairs)
        yield {"method": "GET", "url": f"/query_list/{kind}"}
        yield {"method": "GET", "url": f"/header_list/{kind}"}


def models():
    for query in ("", "limit=7", "limit=0", "limit=101", "limit=x", "limit=1&limit=2", "limit=1&limit=x", "name=a", "name=ab", "name=", "unit=percent",
                  "unit=x", "tags=1", "tags=1&tags=2&tags=3", "tags=1&tags=2&tags=3&tags=4", "tags=1&tags=x&tags=2.5", "tags=", "owner=" + OWNER,
                  "owner=x", "since=2026-01-02", "since=soon", "share=0", "share=0.5", "share=x", "exact=yes", "exact=maybe", "other=1",
                  "other=1&other=2&limit=x", "limit=x&name=a&unit=y&tags=z&owner=1&since=q&share=-1&exact=2", "limit=%207%20", "name=a%20b+c",
                  "LIMIT=7", "limit", "=7", "&&limit=3&&", "unit=celsius&unit=percent"):
        yield {"method": "GET", "url": f"/model/filter?{query}"}
    for query in ("", "limit=1", "limit=x", "limit=1&tool=x", "limit=1&tool=x&tool=y", "limit=1&name=&tool=", "tool=1", "limit=1&name=a&name=b",
                  "limit=x&a=1&b=2"):
        yield {"method": "GET", "url": f"/model/strict?{query}"}
    for query in ("", "first=1", "first=1&second=a", "first=1&second=a&third=1", "third=x&second=", "first=x&third=1&third=y", "other=1&other=2&first=3"):
        yield {"method": "GET", "url": f"/model/required?{query}"}
    for headers in ([], [("retry-count", "3")], [("Retry-Count", "x")], [("retry-count", "1"), ("request-id", "r"), ("x-tag", "1"), ("x-tag", "2")],
                    [("retry-count", "1"), ("x-tag", "y")], [("retry_count", "1")], [("retry-count", "1"), ("retry-count", "2")],
                    [("retry-count", "1"), ("x-tag", "1,2")]):
        yield {"method": "GET", "url": "/model/headers", "headers": headers}
    for cookie in (None, "visits=3", "visits=-1", "visits=x", f"visits=1; session={OWNER}; unit=percent", "visits=1; session=x; unit=y", "visits=1; visits=2",
                   'visits="4"', "session=" + OWNER):
        yield {"method": "GET", "url": "/model/cookies", "headers": {"cookie": cookie} if cookie else {}}
    for pairs in ([], [("username", "ada"), ("age", "7")], [("username", "a"), ("age", "x")], [("username", ""), ("age", "")],
                  [("username", "ada"), ("age", "7"), ("roles", "a"), ("roles", "b"), ("unit", "percent")], [("username", "ADA"), ("age", "7.5")],
                  [("username", "ada"), ("age", "7"), ("roles", "")], [("username", "ada"), ("age", "7"), ("unit", "")], [("other", "1"), ("username", "ada")],
                  [("username", "ada"), ("age", "7"), ("unit", "x"), ("other", "2"), ("other", "3")]):
        yield form("/model/login", pairs)
    for pairs in ([], [("username", "a")], [("username", "a"), ("tool", "x")], [("tool", "x"), ("tool", "y")], [("username", ""), ("age", "x")],
                  [("username", "a"), ("age", ""), ("tool", "")]):
        yield form("/model/strict_login", pairs)
    for text in ('{"limit":1}', '{"limit":"1"}', '{"limit":"x"}', "{}", "[]", "1", "null", "{", "", '{"limit":1,"tool":2}', '{"limit":1.5,"name":7}'):
        yield {"method": "GET", "url": "/json", "params": {"filter": text}}
    yield {"method": "GET", "url": "/json"}


def uploads():
    one = ("a.txt", b"hello", "text/plain")
    empty = ("", b"", "application/octet-stream")
    for url in ("/file", "/optional_file", "/bytes"):
        for files in ([("file", one)], [("file", one), ("file", ("b.txt", b"longer text", "text/plain"))], [("other", one)], [("file", empty)],
                      [("file", ("a.txt", b"", "text/plain"))]):
            yield {"method": "POST", "url": url, "files": files}
        yield form(url, [("file", "")])
        yield form(url, [("other", "1")])
    for files in ([("files", one)], [("files", one), ("files", one)], [("other", one)]):
        yield {"method": "POST", "url": "/files", "files": files}
    for data in ({}, {"token": "t"}, {"token": "t", "count": "3"}, {"token": "", "count": "x"}, {"count": "3"}):
        for files in ([("file", one)], [("other", one)]):
            yield {"method": "POST", "url": "/mixed_form", "files": files, "data": data}


ITEM = {"label": "a", "weight": 1}


def bodies():
    def post(url, body):
        text = body if isinstance(body, str) else json.dumps(body)
        return {"method": "POST", "url": url, "content": text.encode(), "headers": {"content-type": "application/json"}}

    for body in ("", "null", "{}", "[]", "7", "{", {"item": ITEM}, {"item": ITEM, "importance": 1}, {"item": ITEM, "importance": 0},
                 {"item": ITEM, "importance": "x", "note": 7}, {"item": {}, "importance": 2}, {"item": None, "importance": None},
                 {"item": ITEM, "importance": 1, "note": "n", "other": 2}, {"item": {"label": 1, "weight": -1, "tags": "x"}, "importance": 1.5},
                 {"item": [], "importance": []}, {"item": {**ITEM, "tags": ["a", "b", "c"]}, "importance": True}):
        yield post("/parts", body)
        yield post("/embedded", body)
    yield {"method": "POST", "url": "/parts", "content": json.dumps({"item": ITEM, "importance": 1}).encode(), "headers": {"content-type": "text/plain"}}
    whole = {"rows": [[1]], "shelves": {"top": [ITEM]}}
    for more in ({}, {"rows": []}, {"rows": [[1, "x"], 2, []]}, {"rows": None}, {"shelves": {"a": [{}], "b": [1], "c": {}}}, {"shelves": []},
                 {"shelves": {"": [ITEM, {"label": "b", "weight": -1}]}}, {"pet": {"name": "c", "lives": 9}}, {"pet": {"name": "d", "barks": "yes"}},
                 {"pet": {"name": "e"}}, {"pet": 7}, {"pet": {}}, {"pet": None}, {"counts": {"a": 1, "b": None, "c": "x"}}, {"counts": {"a": []}},
                 {"mixed": [1, ITEM]}, {"mixed": ["x", {}, None]}, {"mixed": [{"label": "a", "weight": "1"}]}, {"mixed": {}},
                 {"rows": [["1", True, 2.0]], "mixed": ["7"]}, {"rows": 1, "shelves": 2, "pet": 3, "counts": 4, "mixed": 5}):
        yield post("/box", {**whole, **more})
    yield post("/box", {})
    for body in ({"name": "c", "lives": 9}, {"name": "d", "barks": True}, {"name": "d", "barks": "on"}, {"name": "x"}, {}, [], "null", "",
                 {"name": "c", "lives": "9", "barks": "no"}, {"lives": 1.5}):
        yield post("/pet", body)
    for body in ({}, {"a": ITEM}, {"a": ITEM, "b": {}}, {"a": 1}, [], "null", {"a": {"label": "x", "weight": "x"}}):
        yield post("/map", body)
    for body in (ITEM, {"label": "a", "weight": "1"}, {"label": "a", "weight": 1.5}, {"label": "a", "weight": True}, {"label": 1, "weight": 1},
                 {"label": "a", "weight": 1, "tags": ["x", 1]}, {"label": "a", "weight": -1}, {}, [], {"label": "a", "weight": 1, "tags": None}):
        yield post("/strict", body)


def entries(said):
    return said[1] if said[0] == 422 else []


def types(said):
    return {entry["type"] for entry in entries(said)}


def is_malformed_json(_, theirs_says, ours_says):
    places = [[entry["loc"][:2] for entry in entries(said)] for said in (theirs_says, ours_says)]
    return types(theirs_says) == types(ours_says) == {"json_invalid"} and (places[0] == places[1] or places[0][0][0] == "body")


def is_hidden(request, theirs_says, ours_says):
    hidden = [{**entry, "input": None} if entry["type"] == "missing" else entry for entry in entries(theirs_says)]
    return request["url"].startswith(("/model/headers", "/model/cookies")) and hidden == entries(ours_says)


def is_other_content(request, _, ours_says):
    return ours_says[0] == 415 and dict(request["headers"]).get("content-type") == "text/plain"


def is_class_of_python(request, theirs_says, ours_says):
    return request["url"] == "/json" and (types(theirs_says), types(ours_says)) == ({"model_type"}, {"model_attributes_type"})


def is_fraction(request, theirs_says, ours_says):
    return request["url"] == "/strict" and (types(theirs_says), types(ours_says)) == ({"int_type"}, {"int_from_float"})


def is_other_address(request, _, ours_says):
    sent = [entry["input"] for entry in entries(ours_says)]
    return types(ours_says) == {"ip_any_address"} and ("::1%eth0" in sent or sent in ([7], [True]))


# What differs is wanted, and stands in docs/validation.md in the row that holds these words.
WANTED = {
    "malformed JSON |": is_malformed_json,
    "a member that is missing of `HeadersOf` or `CookiesOf`": is_hidden,
    "a body under another content type than JSON": is_other_content,
    "JSON in a parameter that is no object where one is wanted": is_class_of_python,
    "an IP address with a zone, or as a number": is_other_address,
    "a number with a fraction as an integer of `Json<T, Conversion::none>`": is_fraction,
}
MET = set()


def is_wanted(request, theirs_says, ours_says):
    for words, holds in WANTED.items():
        if holds(request, theirs_says, ours_says):
            MET.add(words)
            return True
    return False


COUNTED = {}


@pytest.mark.parametrize("corpus", [scalars, models, uploads, bodies])
def test_requests_are_answered_as_fastapi_answers_them(theirs, ours, corpus):
    unequal = []
    requests = list(corpus())
    for request in requests:
        expected, found = answer(theirs, request), answer(ours, request)
        if expected != found and not is_wanted(request, expected, found):
            unequal.append(f"{request}{show(expected, found)}")
    COUNTED[corpus.__name__] = len(requests)
    print(f"{corpus.__name__}: {len(requests)} requests, {len(unequal)} differ")
    assert not unequal, f"{len(unequal)} of {len(requests)} differ:\n" + "\n".join(unequal[:20])


def test_every_wanted_difference_is_met_and_documented():
    rows = [line for line in (ROOT / "docs" / "validation.md").read_text().splitlines() if line.startswith("|")]
    for words in WANTED:
        assert any(words in row for row in rows), words
    assert MET == set(WANTED)


def test_hundreds_of_requests_were_compared():
    print(f"compared: {sum(COUNTED.values())} requests: {COUNTED}")
    assert sum(COUNTED.values()) > 200 and COUNTED["models"] > 80 and COUNTED["bodies"] > 60 and COUNTED["uploads"] > 25
