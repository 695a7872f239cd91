// The five endpoints in axum, with what its projects take for validation and tokens, on one thread.
use std::sync::LazyLock;

use axum::extract::{FromRequestParts, Path, Query};
use axum::http::{request::Parts, StatusCode};
use axum::routing::{get, post};
use axum::{Json, Router};
use jsonwebtoken::{decode, jwk::JwkSet, Algorithm, DecodingKey, Validation};
use regex::Regex;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use validator::Validate;

static SKU: LazyLock<Regex> = LazyLock::new(|| Regex::new("^[A-Z]{3}-[0-9]{4}$").unwrap());
static KEY: LazyLock<DecodingKey> = LazyLock::new(|| {
    let set: JwkSet = serde_json::from_str(&std::env::var("JWKS").unwrap()).unwrap();
    DecodingKey::from_jwk(&set.keys[0]).unwrap()
});
static VALIDATION: LazyLock<Validation> = LazyLock::new(|| {
    let mut validation = Validation::new(Algorithm::ES256);
    validation.validate_aud = false;
    validation
});
static STOCK: LazyLock<Vec<Item>> = LazyLock::new(|| {
    (1..=40)
        .map(|id| Item {
            id,
            sku: format!("ABC-{}", 1000 + id),
            name: format!("A thing that is sold as number {}", 1000 + id),
            description: format!("It is made of \"wood\", {}, and lasts for years.", "x".repeat(80)),
            price: 9.5 + id as f64,
            labels: vec!["new".into(), "sale".into(), "wood".into()],
            is_available: id % 2 == 0,
        })
        .collect()
});

#[derive(Serialize)]
struct Message {
    message: &'static str,
}
#[derive(Deserialize, Validate)]
struct PageQuery {
    q: Option<String>,
    #[serde(default = "twenty")]
    #[validate(range(min = 1, max = 100))]
    limit: i32,
}
fn twenty() -> i32 {
    20
}
#[derive(Serialize)]
struct Page {
    id: i64,
    q: Option<String>,
    limit: i32,
}
#[derive(Deserialize, Validate)]
struct Customer {
    #[validate(length(min = 1, max = 100))]
    name: String,
    #[validate(length(min = 1, max = 100))]
    city: String,
}
#[derive(Deserialize, Serialize, Validate)]  // validator names a refused value in its error
struct Line {
    #[validate(regex(path = *SKU))]
    sku: String,
    #[validate(range(min = 1, max = 999))]
    quantity: i32,
    #[validate(range(min = 0.0))]
    price: f64,
}
#[derive(Deserialize, Validate)]
struct Order {
    #[allow(dead_code)]
    id: Uuid,
    #[validate(nested)]
    customer: Customer,
    #[validate(length(min = 1, max = 50), nested)]
    lines: Vec<Line>,
    #[validate(length(max = 500))]
    note: Option<String>,
}
#[derive(Serialize)]
struct Total {
    lines: usize,
    total: f64,
}
#[derive(Serialize)]
struct Item {
    id: i64,
    sku: String,
    name: String,
    description: String,
    price: f64,
    labels: Vec<String>,
    is_available: bool,
}
#[derive(Serialize)]
struct Me {
    user_id: Uuid,
}
#[derive(Deserialize)]
struct Claims {
    sub: Uuid,
}

struct User(Uuid);

#[axum::async_trait]
impl<S: Send + Sync> FromRequestParts<S> for User {
    type Rejection = StatusCode;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, StatusCode> {
        let header = parts.headers.get("authorization").and_then(|value| value.to_str().ok());
        let token = header.and_then(|value| value.strip_prefix("Bearer ")).ok_or(StatusCode::UNAUTHORIZED)?;
        let claims = decode::<Claims>(token, &KEY, &VALIDATION).map_err(|_| StatusCode::UNAUTHORIZED)?;
        Ok(User(claims.claims.sub))
    }
}

async fn hello() -> Json<Message> {
    Json(Message { message: "Hello, World!" })
}
async fn item(Path(id): Path<i64>, Query(query): Query<PageQuery>) -> Result<Json<Page>, StatusCode> {
    query.validate().map_err(|_| StatusCode::UNPROCESSABLE_ENTITY)?;
    Ok(Json(Page { id, q: query.q, limit: query.limit }))
}
async fn order(Json(order): Json<Order>) -> Result<Json<Total>, StatusCode> {
    order.validate().map_err(|_| StatusCode::UNPROCESSABLE_ENTITY)?;
    let total = order.lines.iter().map(|line| f64::from(line.quantity) * line.price).sum();
    Ok(Json(Total { lines: order.lines.len(), total }))
}
async fn stock() -> Json<&'static Vec<Item>> {
    Json(&STOCK)
}
async fn me(User(user_id): User) -> Json<Me> {
    Json(Me { user_id })
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let app = Router::new()
        .route("/json", get(hello))
        .route("/items/:id", get(item))
        .route("/orders", post(order))
        .route("/stock", get(stock))
        .route("/me", get(me));
    let port = std::env::args().nth(1).unwrap();
    let listener = tokio::net::TcpListener::bind(format!("127.0.0.1:{port}")).await.unwrap();
    axum::serve(listener, app).await.unwrap();
}
