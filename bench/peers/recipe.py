"""The usual recipe for FastAPI with Supabase, as tutorials have it: one global client; a middleware that asks the auth
server who the token belongs to and puts the token on the client; endpoints that use the client.

It is the peer the benchmarks compare with, and what it does wrong is the point: between the middleware and the query
another request may have put its own token on the same client. Run it with: uvicorn recipe:app"""

import os

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from supabase import create_client

supabase = create_client(os.environ["SUPABASE_URL"], os.environ["SUPABASE_ANON_KEY"])
app = FastAPI()


@app.middleware("http")
async def authenticate(request: Request, call_next):
    if request.url.path == "/health":
        return await call_next(request)
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        return JSONResponse({"detail": "Not authenticated"}, 401)
    try:
        request.state.user = supabase.auth.get_user(token).user
    except Exception:
        return JSONResponse({"detail": "Invalid token"}, 401)
    supabase.postgrest.auth(token)
    return await call_next(request)


@app.get("/health")
def health():
    return {"status": "ok"}


@app.get("/me")
def me(request: Request):
    return {"user_id": request.state.user.id}


@app.get("/cards")
def cards():
    return supabase.table("business_cards").select("*").order("id").execute().data
