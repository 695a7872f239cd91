"""The schema in Strawberry on FastAPI, as its own documentation has it, with the caches of parsed and validated documents that
it offers: uvicorn strawberry_app:app."""

import enum
import os
from contextlib import asynccontextmanager

import asyncpg
import strawberry
from fastapi import FastAPI
from strawberry.dataloader import DataLoader
from strawberry.extensions import ParserCache, ValidationCache
from strawberry.fastapi import GraphQLRouter


@strawberry.enum
class Color(enum.Enum):
    RED = "RED"
    GREEN = "GREEN"
    BLUE = "BLUE"


@strawberry.type
class Item:
    id: strawberry.ID
    sku: str
    name: str
    description: str
    quantity: int
    price: float
    rating: float | None
    is_available: bool
    color: Color
    labels: list[str]


@strawberry.type
class Person:
    id: int
    name: str
    email: str


@strawberry.type
class Card:
    id: strawberry.ID
    title: str
    owner_id: strawberry.Private[int]

    @strawberry.field
    async def owner(self, info: strawberry.Info) -> Person | None:
        return await info.context["people"].load(self.owner_id)


ITEMS = [Item(id=strawberry.ID(f"item-{1000 + n}"), sku=f"ABC-{1000 + n}", name=f"A thing that is sold as number {1000 + n}",
              description='It is made of "wood", and lasts for years.', quantity=3 * n, price=9.5 + n, rating=None if n % 4 == 0 else n / 8,
              is_available=n % 2 == 0, color=list(Color)[n % 3], labels=["new", "sale", "wood"]) for n in range(1, 101)]
CARDS = [Card(id=strawberry.ID(f"card-{n}"), title=f"Card number {n}", owner_id=1 + n % 25) for n in range(1, 51)]


@strawberry.type
class Query:
    @strawberry.field
    def hello(self) -> str:
        return "Hello, World!"

    @strawberry.field
    def items(self) -> list[Item]:
        return ITEMS

    @strawberry.field
    def cards(self) -> list[Card]:
        return CARDS


@asynccontextmanager
async def lifespan(app):
    async with asyncpg.create_pool(os.environ["DATABASE_URL"], min_size=8, max_size=8) as app.state.pool:
        yield


async def load_people(ids: list[int]) -> list[Person | None]:
    rows = await app.state.pool.fetch("select id, name, email from people where id = any($1)", ids)
    people = {row["id"]: Person(**row) for row in rows}
    return [people.get(id) for id in ids]


async def context():
    return {"people": DataLoader(load_fn=load_people)}


schema = strawberry.Schema(Query, extensions=[ParserCache(maxsize=1000), ValidationCache(maxsize=1000)])
app = FastAPI(lifespan=lifespan)
app.include_router(GraphQLRouter(schema, context_getter=context), prefix="/graphql")
