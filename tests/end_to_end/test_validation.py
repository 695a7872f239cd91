"""What the API says about its input is what FastAPI says: the same bodies and parameters go to a FastAPI application
and to validation_api.cpp, which is made of the same models. Status and value, or `type`, `loc`, `ctx`, `msg` and
`input` of every entry, are equal, but for the differences listed here and in docs/validation.md."""

import datetime
import decimal
import enum
import itertools
import json
import re
import urllib.parse
import uuid
from typing import Annotated, Any, Dict, Generic, List, Optional, TypeVar, Union

import fastapi
import pydantic
import pytest
from fastapi.testclient import TestClient
from pydantic import BaseModel, ConfigDict, EmailStr, Field, HttpUrl

Int64 = Annotated[int, Field(ge=-(2**63), le=2**63 - 1)]
Int32 = Annotated[int, Field(ge=-(2**31), le=2**31 - 1)]
Uint64 = Annotated[int, Field(ge=0, le=2**64 - 1)]
Uint8 = Annotated[int, Field(ge=0, le=255)]
Bounded = Annotated[int, Field(ge=1, lt=100, multiple_of=3)]
Name = Annotated[str, Field(min_length=2, max_length=5, pattern="^[a-zäöü]+$")]


EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)


class Unit(str, enum.Enum):
    celsius = "celsius"
    percent = "percent"


class Item(BaseModel):
    label: str
    weight: Int32
    share: Optional[float] = None


class Order(BaseModel):
    id: Int64
    owner: uuid.UUID
    unit: Unit
    items: List[Item]
    counts: Dict[str, Int64]
    any: Union[int, str]
    gift: Optional[Item] = None


T = TypeVar("T")


class Holder(BaseModel, Generic[T]):
    value: T


class Whole(BaseModel):
    model_config = ConfigDict(extra="forbid")
    value: Int64 = 0


SCALARS = {"bool": bool, "int32": Int32, "int64": Int64, "uint64": Uint64, "uint8": Uint8, "float": float, "str": str, "uuid": uuid.UUID,
           "enum": Unit, "time": datetime.time, "date": datetime.date, "datetime": datetime.datetime}
MEMBERS = {**SCALARS, "optional": (Optional[Int64], None), "list": List[Int64], "pair": Annotated[List[Int64], Field(min_length=2, max_length=2)],
           "dict": Dict[str, Int64], "int_or_str": Union[int, str], "bool_or_float": Union[bool, float], "item_or_int": Union[Item, int],
           "model": Item, "any": Any, "bounded": Bounded, "share": Annotated[float, Field(gt=0, le=0.5)], "name": Name,
           "list_or_dict": Union[List[int], Dict[str, Item]], "unit_or_list": Union[Unit, List[Optional[float]], decimal.Decimal, datetime.time],
           "holder_or_bool": Union[Holder[int], Holder[Item], bool],
           "price": Annotated[decimal.Decimal, Field(gt=0, le=100.5, max_digits=5, decimal_places=2, multiple_of=0.05)],
           "digits": Annotated[decimal.Decimal, Field(max_digits=3)],
           "stay": Annotated[datetime.timedelta, Field(ge=datetime.timedelta(minutes=90), lt=datetime.timedelta(days=2, seconds=1))],
           "day": Annotated[datetime.date, Field(gt=datetime.date(2020, 1, 1), le=datetime.date(2026, 1, 1))],
           "moment": Annotated[datetime.datetime, Field(ge=EPOCH, lt=datetime.datetime(2026, 1, 2, 3, 0, 0, 250000, datetime.timezone.utc))],
           "few": Annotated[List[Annotated[str, Field(min_length=2)]], Field(min_length=1, max_length=2)], "email": EmailStr, "url": HttpUrl}
BODIES = {"whole": Whole, "order": Order, "optional_order": Optional[Order], "items": List[Item]}
PARAMETERS = {**SCALARS, "bounded": Bounded, "name": Name, "email": EmailStr, "url": HttpUrl}


def make_fastapi():
    app = fastapi.FastAPI()

    def take_body(kind, model, default=...):
        async def handler(body: model = fastapi.Body(default)):
            return body
        app.post(f"/body/{kind}")(handler)

    for kind, annotation in MEMBERS.items():
        required = annotation if isinstance(annotation, tuple) else (annotation, ...)
        take_body(kind, pydantic.create_model(f"Holder_{kind}", value=required))
    for kind, model in BODIES.items():
        take_body(kind, model, None if kind == "optional_order" else ...)

    @app.post("/body/number")
    async def number(body: Annotated[int, fastapi.Body(ge=-(2**63), le=2**63 - 1)]):
        return body

    def take_parameter(kind, annotation):
        async def query(value: annotation):
            return {"value": value}

        async def optional(value: Optional[annotation] = None):
            return {"value": value}

        async def header(x_value: Annotated[annotation, fastapi.Header()]):
            return {"value": x_value}
        app.get(f"/query/{kind}")(query)
        app.get(f"/optional/{kind}")(optional)
        app.get(f"/path/{kind}/{{value}}")(query)
        app.get(f"/header/{kind}")(header)

    for kind, annotation in PARAMETERS.items():
        take_parameter(kind, annotation)

    @app.get("/query/list")
    async def several_values(value: Annotated[List[Int64], fastapi.Query()]):
        return value

    @app.get("/query/defaulted")
    async def defaulted(value: Int32 = 7):
        return {"value": value}

    @app.get("/several/{id}")
    async def several(id: Int64, limit: Int32, x_value: Annotated[Int32, fastapi.Header()]):
        return [id, limit, x_value]

    return app


@pytest.fixture(scope="module")
def theirs():
    with TestClient(make_fastapi()) as client:
        yield client


def plain(value):
    """Values as both sides could have written them: a time by its instant, a number by its size."""
    if isinstance(value, dict):
        return {key: plain(member) for key, member in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, str) and len(value) > 10 and value[4:5] == "-" and "T" in value:
        try:
            time = datetime.datetime.fromisoformat(value.replace("Z", "+00:00"))
        except ValueError:
            return value
        if time.tzinfo is None:
            time = time.replace(tzinfo=datetime.timezone.utc)
        return f"time {(time - datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)) // datetime.timedelta(microseconds=1)}"
    if isinstance(value, str) and re.fullmatch(r"\d\d:\d\d:\d\d\.\d+", value):
        return value.rstrip("0")
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def answer(client, request):
    try:
        response = client.request(**request)
    except ValueError:  # FastAPI's own answer is no JSON: an infinity, which only Python writes
        return ("no JSON", None)
    if response.status_code != 422:
        return (response.status_code, plain(response.json()) if response.status_code == 200 else None)
    entries = response.json()["detail"]
    return (422, [{**entry, "input": plain(entry["input"]), "loc": [str(step) for step in entry["loc"]]} for entry in entries])


def show(theirs_says, ours_says):
    return f"\n  FastAPI: {json.dumps(theirs_says, ensure_ascii=True)[:600]}\n  Bailey:  {json.dumps(ours_says, ensure_ascii=True)[:600]}"


# JSON texts, so that 1e20 and 100000000000000000000 are told apart by whoever can.
JSON_VALUES = """null true false 0 1 2 -1 7 -7 100 127 128 255 256 99 3 2147483647 2147483648 -2147483648 -2147483649 9007199254740993
9223372036854775807 9223372036854775808 -9223372036854775808 18446744073709551615 0.0 -0.0 1.0 7.0 0.5 1.5 -1.5 1e2 1e5 1.5e1 1e15 1e18 1e19 1e20
-1e20 1e300 9007199254740993.0 0.1 1e-7 86400 86401 1700000000 1700000000.25 1700000000000 20000000000 20000000001 -20000000001
253402300799999 253402300800000 "" " " "7" " 7 " "+7" "-7" "7.0" "7.5" "7." ".5" "007" "1_000" "1__0" "_1" "1_" "1_0.5" "1.5_0" "7e2" "0x1f" "abc"
"٧" "1e20" "9223372036854775807" "9223372036854775808" "-9223372036854775809" "18446744073709551616" "true" "TRUE" "on" "off" "yes" "n" "t" "F" "tRuE"
" true" "2" "0" "1" "null" "None" "+ 7" "--7" "+-7" "1e400x" "celsius" "Celsius" "percent" "12345678-1234-1234-1234-123456789012"
"12345678123412341234123456789012" "{12345678-1234-1234-1234-123456789012}" "urn:uuid:12345678-1234-1234-1234-123456789012" "abcä" "äö" "a" "abcdef"
"2026-01-02" "2026-01-02T03:04:05Z" "2026-01-02T00:00:00Z" "2026-01-02T00:00:00+05:00" "2026-13-02" "soon" "20260102" "1700000000" "86400"
"ada@example.com" "Ada <ada@example.com>" "ada" "https://example.com" "HTTPS://Example.com/a b" "ftp://example.com" "//x" "\\u0000" "\\ud83d\\ude00" "\\u202e"
[] [1] [1,2] [1,2,3] ["1","2"] [1.5] [null] [[1]] [true,false] ["a"] ["ab","cd"] ["ab","c"] ["ab","cd","ef"] ["ab",1] [1,"x",null,{}]
{} {"a":1} {"a":"1"} {"a":null} {"a":1.5} {"a":{}} {"a":1,"b":"x"} {"label":"x","weight":1} {"label":"x","weight":"1"} {"label":1,"weight":2}
{"label":"x"} {"weight":1} {"label":"x","weight":1,"share":null} {"label":"x","weight":1,"share":"0.5"} {"label":null,"weight":null,"share":[]}
{"label":"x","weight":1.5} {"label":"x","weight":1,"extra":2}""".replace("\n", " ")


def json_texts():
    decoder = json.JSONDecoder()
    at = 0
    while at < len(JSON_VALUES):
        _, end = decoder.raw_decode(JSON_VALUES, at)
        yield JSON_VALUES[at:end]
        at = end + 1


def post(kind, body, content_type="application/json"):
    headers = {"content-type": content_type} if content_type else {}
    return {"method": "POST", "url": f"/body/{kind}", "content": body.encode(), "headers": headers}


WHOLE = '{"id":1,"owner":"12345678-1234-1234-1234-123456789012","unit":"percent","items":[{"label":"a","weight":1}],"counts":{"a":1},"any":1}'


def order(**changed):
    return json.dumps({**json.loads(WHOLE), **changed})


def order_without(*names):
    return json.dumps({name: value for name, value in json.loads(WHOLE).items() if name not in names})


SHAPES = [WHOLE, "", " ", "null", " null ", "{}", "[]", "1", '"x"', "true", "{", "nul", '{"id":1', '{"id":1,}', "{'id':1}", '{"id":01}', "[1,2", "\ufeff{}",
          order(id="1"), order(id="x"), order(id=None), order(id={}), order(owner="x"), order(owner=1), order(unit="kelvin"), order(unit=1), order(items={}),
          order(items=None), order(items=[{}]), order(items=[1, "x", None]), order(items=[{"label": 1, "weight": "x"}, {"label": "a", "weight": 2**31}]),
          order(counts=[]), order(counts={"a": "1"}), order(counts={"a": "x", "b": 1.5, "c": None}), order(counts={"": 1}), order(any="7"), order(any=7.5),
          order(any=None), order(any=[]), order(gift=None), order(gift={}), order(gift=1), order(gift={"label": "a", "weight": 1, "share": 2}),
          order(extra=1), order_without("id"), order_without("id", "owner", "items"), order_without("any", "gift"),
          order(id="x", owner="y", unit="z", items=5, counts=5, any={}, gift=5)]


def bodies():
    for kind in MEMBERS:
        for text in json_texts():
            yield post(kind, f'{{"value":{text}}}')
        yield post(kind, "{}")
        yield post(kind, '{"other":1}')
    for kind, texts in BOUNDED.items():
        for text in texts.split():
            yield post(kind, f'{{"value":"{text}"}}')
    for kind in (*BODIES, "number"):
        for text in SHAPES:
            yield post(kind, text)
    for text in json_texts():
        yield post("number", text)
        yield post("items", text)
    for text in ('{"value":1,"other":2}', '{"value":"x","a":1,"b":[]}', '{"a":{}}'):
        yield post("whole", text)
    for content_type in (None, "text/plain", "application/x-www-form-urlencoded", "application/json; charset=utf-8", "application/problem+json",
                         "APPLICATION/JSON", "application/jsonx", "text/json"):
        for kind, text in (("order", WHOLE), ("order", "{}"), ("number", "1"), ("optional_order", ""), ("items", "[]")):
            yield post(kind, text, content_type)


# On both sides of each bound.
BOUNDED = {
    "price": "0 -0 0.05 0.04 0.10 -0.05 100.5 100.50 100.55 100 1e2 1E+2 1e3 12.30 12.300 1.234 123.45 1234.56 12345 100.500000 0.050 00.05 1e-2 5e-2 5e-3",
    "digits": "0 0e5 0E-9 123 1234 1.23 1.230 12300 1e2 1e3 0.001 0.0001 100 -123 -1234 0.100 1e-3 1e-4 000123 123.000",
    "stay": "PT90M PT89M59.999999S PT90M0.000001S PT48H PT48H1S PT48H0.999999S P2D P3D -PT90M P0D 01:30:00 01:29:59",
    "day": "2020-01-01 2020-01-02 2026-01-01 2026-01-02 0001-01-01 9999-12-31 2020-01-02T00:00 2026-01-01T00:00:00Z",
    "moment": "1970-01-01T00:00Z 1969-12-31T23:59:59.999999Z 2026-01-02T03:00:00.250Z 2026-01-02T03:00:00.249999Z 2026-01-02T04:00:00.249+01:00 1970-01-01T00:59+01:00",
    "time": "00:00 24:00 24:00:00 23:59:59 23:59:60 23:60 25:00 00:00:00.5 12:30:00.123456 12:30:00,5 12:30:00. 1:00 123:00 12-30 ab:cd 12:30:5 12:30x",
}

TEXTS = """|7| 7 |+7|-7|7.0|7.5|7.|.5|007|1_000|1__0|_1|1_|1_0.5|7e2|0x1f|abc|٧|1e20|9223372036854775807|9223372036854775808|-9223372036854775809
18446744073709551616|-1|255|256|2147483648|true|TRUE|on|off|yes|n|t|F| true|2|0|1|null|None|+ 7|--7|3|99|100|celsius|Celsius|percent
12345678-1234-1234-1234-123456789012|12345678123412341234123456789012|{12345678-1234-1234-1234-123456789012}|1234|abcä|äö|a|abcdef|ab
2026-01-02|2026-01-02T03:04:05Z|2026-01-02T03:04:05+01:00|2026-01-02T00:00|2026-13-02|soon|20260102|1700000000|1700000000.5|86400|-86400
ada@example.com|Ada <ada@example.com>|ada|https://example.com|HTTPS://Example.com|ftp://example.com|//x|[1]|{"a":1}|1,2""".replace("\n", "|").split("|")


def parameters():
    for kind in PARAMETERS:
        for text in dict.fromkeys(TEXTS):
            for where in ("query", "optional"):
                yield {"method": "GET", "url": f"/{where}/{kind}", "params": {"value": text}}
            if text and "/" not in text and "?" not in text:
                yield {"method": "GET", "url": f"/path/{kind}/{urllib.parse.quote(text, safe='')}"}
            if text.isascii() and text == text.strip() and text:
                yield {"method": "GET", "url": f"/header/{kind}", "headers": {"x-value": text}}
        for where in ("query", "optional", "header"):
            yield {"method": "GET", "url": f"/{where}/{kind}"}
    for query in ("", "value=", "value=1", "value=1&value=2", "value=1&value=x&value=2.5", "value=x", "other=1"):
        yield {"method": "GET", "url": f"/query/list?{query}"}
        yield {"method": "GET", "url": f"/query/defaulted?{query}"}
        yield {"method": "GET", "url": f"/query/int32?{query}"}
    for path, query, header in itertools.product(("1", "x"), ("", "limit=1", "limit=x"), ({}, {"x-value": "1"}, {"x-value": "x"})):
        yield {"method": "GET", "url": f"/several/{path}?{query}", "headers": header}


def numbers_in(text):
    try:
        return [number for number in re.findall(r"(?<![\w.])-?\d+(?![\w.])", text) if not -(2**63) <= int(number) < 2**63]
    except ValueError:
        return []


def is_wanted_of_texts(kind, sent, theirs_says, ours_says, types):
    """Those of times of the day, durations and Decimals, which are texts in JSON."""
    if kind in ("time", "unit_or_list"):  # of no day and no zone: no number, no zone
        of_numbers = theirs_says[0] == 422 and any("numeric times" in entry["msg"] or "time in seconds" in entry["msg"] for entry in theirs_says[1])
        if (theirs_says[0] == 200 or of_numbers) and {"time_type", "time_parsing"} & set(types):
            return True
    if kind in ("price", "digits", "unit_or_list"):
        if theirs_says[0] == ours_says[0] == 200:  # a JSON number keeps no zeros
            return '"value":"' not in sent and decimal.Decimal(theirs_says[1]["value"]) == decimal.Decimal(ours_says[1]["value"])
        return ("_" in sent or not sent.isascii()) and types == ["decimal_parsing"]
    if kind == "stay":
        if theirs_says[0] == 422 and types == ["time_delta_parsing"]:  # the sentence is ours
            return [entry["type"] for entry in theirs_says[1]] == types
        if theirs_says[0] == 422 and types and types[0] in ("less_than", "greater_than_equal"):  # their input is in seconds
            return [{**entry, "input": None} for entry in theirs_says[1]] == [{**entry, "input": None} for entry in ours_says[1]]
        return sent in ('{"value":true}', '{"value":false}') and types == ["time_delta_type"]
    return False


def is_wanted(request, theirs_says, ours_says):
    """The differences of docs/validation.md."""
    sent = request.get("content", b"").decode() or str(request.get("params", ""))
    types = [entry["type"] for entry in ours_says[1]] if ours_says[0] == 422 else []
    if types == ["json_invalid"]:
        return sent.startswith("\ufeff") or (theirs_says[0] == 422 and [entry["type"] for entry in theirs_says[1]] == types)
    if is_wanted_of_texts(request["url"].split("/")[2].split("?")[0], sent, theirs_says, ours_says, types):
        return True
    if numbers_in(" ".join(str(part) for part in request.values())):  # Python's integers have no end, and Union[int, str] takes them all
        return {"less_than_equal", "greater_than_equal", "int_parsing_size"} & set(types)
    if "content" in request and not re.match(r"application/([^;]*\+)?json *(;|$)", request["headers"].get("content-type", ""), re.I):
        return ours_says[0] == 415
    return types == ["finite_number"]


def compare(theirs, ours, requests):
    count = 0
    unequal = []
    for request in requests:
        count += 1
        expected, found = answer(theirs, request), answer(ours, request)
        if expected != found and not is_wanted(request, expected, found):
            unequal.append(f"{request}{show(expected, found)}")
    assert not unequal, f"{len(unequal)} of {count} differ:\n" + "\n".join(unequal[:20])
    return count


def test_bodies_are_answered_as_fastapi_answers_them(theirs, ours):
    assert compare(theirs, ours, bodies()) > 200


def test_parameters_are_answered_as_fastapi_answers_them(theirs, ours):
    assert compare(theirs, ours, parameters()) > 200
