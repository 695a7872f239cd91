// The schema in async-graphql on axum: bench PORT, with DATABASE_URL set.
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::Arc;

use async_graphql::dataloader::{DataLoader, Loader};
use async_graphql::{ComplexObject, Context, EmptyMutation, EmptySubscription, Enum, Object, Result, Schema, SimpleObject, ID};
use async_graphql_axum::{GraphQLRequest, GraphQLResponse};
use axum::{extract::State, routing::post, Router};
use tokio_postgres::{Client, NoTls, Statement};

#[derive(Enum, Copy, Clone, Eq, PartialEq)]
enum Color {
    Red,
    Green,
    Blue,
}

#[derive(SimpleObject)]
struct Item {
    id: ID,
    sku: String,
    name: String,
    description: String,
    quantity: i32,
    price: f64,
    rating: Option<f64>,
    is_available: bool,
    color: Color,
    labels: Vec<String>,
}

#[derive(SimpleObject, Clone)]
struct Person {
    id: i32,
    name: String,
    email: String,
}

#[derive(SimpleObject)]
#[graphql(complex)]
struct Card {
    id: ID,
    title: String,
    #[graphql(skip)]
    owner_id: i32,
}

#[ComplexObject]
impl Card {
    async fn owner(&self, context: &Context<'_>) -> Result<Option<Person>> {
        context.data_unchecked::<DataLoader<People>>().load_one(self.owner_id).await
    }
}

struct Query {
    items: Vec<Item>,
    cards: Vec<Card>,
}

#[Object]
impl Query {
    async fn hello(&self) -> &str {
        "Hello, World!"
    }
    async fn items(&self) -> &[Item] {
        &self.items
    }
    async fn cards(&self) -> &[Card] {
        &self.cards
    }
}

struct Database {
    connections: Vec<(Client, Statement)>,
    next: AtomicUsize,
}

struct People(Arc<Database>);

impl Loader<i32> for People {
    type Value = Person;
    type Error = async_graphql::Error;

    async fn load(&self, ids: &[i32]) -> Result<HashMap<i32, Person>, Self::Error> {
        let at = self.0.next.fetch_add(1, Ordering::Relaxed) % self.0.connections.len();
        let (client, statement) = &self.0.connections[at];
        let rows = client.query(statement, &[&ids]).await?;
        Ok(rows.iter().map(|row| (row.get(0), Person { id: row.get(0), name: row.get(1), email: row.get(2) })).collect())
    }
}

type BenchSchema = Schema<Query, EmptyMutation, EmptySubscription>;

async fn answer(State((schema, database)): State<(BenchSchema, Arc<Database>)>, request: GraphQLRequest) -> GraphQLResponse {
    let people = DataLoader::new(People(database), tokio::spawn);
    schema.execute(request.into_inner().data(people)).await.into()
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let url = std::env::var("DATABASE_URL").unwrap();
    let mut connections = Vec::new();
    for _ in 0..8 {
        let (client, connection) = tokio_postgres::connect(&url, NoTls).await.unwrap();
        tokio::spawn(async move { connection.await.unwrap() });
        let statement = client.prepare("select id, name, email from people where id = any($1)").await.unwrap();
        connections.push((client, statement));
    }
    let items = (1..=100)
        .map(|n| Item {
            id: format!("item-{}", 1000 + n).into(),
            sku: format!("ABC-{}", 1000 + n),
            name: format!("A thing that is sold as number {}", 1000 + n),
            description: "It is made of \"wood\", and lasts for years.".into(),
            quantity: 3 * n,
            price: 9.5 + f64::from(n),
            rating: if n % 4 == 0 { None } else { Some(f64::from(n) / 8.0) },
            is_available: n % 2 == 0,
            color: [Color::Red, Color::Green, Color::Blue][n as usize % 3],
            labels: ["new", "sale", "wood"].map(String::from).into(),
        })
        .collect();
    let cards = (1..=50)
        .map(|n| Card { id: format!("card-{n}").into(), title: format!("Card number {n}"), owner_id: 1 + n % 25 })
        .collect();
    let schema = Schema::build(Query { items, cards }, EmptyMutation, EmptySubscription).finish();
    let database = Arc::new(Database { connections, next: AtomicUsize::new(0) });
    let app = Router::new().route("/graphql", post(answer)).with_state((schema, database));
    let port: u16 = std::env::args().nth(1).unwrap().parse().unwrap();
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await.unwrap();
    axum::serve(listener, app).await.unwrap();
}
