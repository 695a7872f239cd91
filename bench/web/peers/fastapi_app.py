"""The five endpoints in FastAPI, as its own documentation has them: uvicorn fastapi_app:app."""

import json
import os
from typing import Annotated
from uuid import UUID

import jwt
from fastapi import Depends, FastAPI, HTTPException, Query
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, Field

app = FastAPI()
KEY = jwt.PyJWK(json.loads(os.environ["JWKS"])["keys"][0]).key
bearer = HTTPBearer()


class Message(BaseModel):
    message: str


class Page(BaseModel):
    id: int
    q: str | None
    limit: int


class Customer(BaseModel):
    name: str = Field(min_length=1, max_length=100)
    city: str = Field(min_length=1, max_length=100)


class Line(BaseModel):
    sku: str = Field(pattern="^[A-Z]{3}-[0-9]{4}$")
    quantity: int = Field(ge=1, le=999)
    price: float = Field(ge=0)


class Order(BaseModel):
    id: UUID
    customer: Customer
    lines: list[Line] = Field(min_length=1, max_length=50)
    note: str | None = Field(None, max_length=500)


class Total(BaseModel):
    lines: int
    total: float


class Item(BaseModel):
    id: int
    sku: str
    name: str
    description: str
    price: float
    labels: list[str]
    is_available: bool


class Me(BaseModel):
    user_id: UUID


STOCK = [Item(id=n, sku=f"ABC-{1000 + n}", name=f"A thing that is sold as number {1000 + n}",
              description=f'It is made of "wood", {"x" * 80}, and lasts for years.', price=9.5 + n, labels=["new", "sale", "wood"],
              is_available=n % 2 == 0) for n in range(1, 41)]


@app.get("/json")
async def hello() -> Message:
    return Message(message="Hello, World!")


@app.get("/items/{id}")
async def item(id: int, q: str | None = None, limit: Annotated[int, Query(ge=1, le=100)] = 20) -> Page:
    return Page(id=id, q=q, limit=limit)


@app.post("/orders")
async def order(order: Order) -> Total:
    return Total(lines=len(order.lines), total=sum(line.quantity * line.price for line in order.lines))


@app.get("/stock")
async def stock() -> list[Item]:
    return STOCK


async def user_id(credentials: Annotated[HTTPAuthorizationCredentials, Depends(bearer)]) -> str:
    try:
        return jwt.decode(credentials.credentials, KEY, algorithms=["ES256"], options={"verify_aud": False})["sub"]
    except jwt.InvalidTokenError:
        raise HTTPException(401, "Invalid token") from None


@app.get("/me")
async def me(user: Annotated[str, Depends(user_id)]) -> Me:
    return Me(user_id=user)
