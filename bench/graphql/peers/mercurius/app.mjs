// The schema in Mercurius, which is graphql-js on Fastify: node app.mjs PORT [jit], with DATABASE_URL set.
import Fastify from 'fastify'
import mercurius from 'mercurius'
import pg from 'pg'

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 8 })

const schema = `
  enum Color { RED GREEN BLUE }
  type Item {
    id: ID! sku: String! name: String! description: String! quantity: Int! price: Float! rating: Float
    isAvailable: Boolean! color: Color! labels: [String!]!
  }
  type Person { id: Int! name: String! email: String! }
  type Card { id: ID! title: String! owner: Person }
  type Query { hello: String! items: [Item!]! cards: [Card!]! }
`

const items = Array.from({ length: 100 }, (_, at) => at + 1).map((n) => ({
  id: `item-${1000 + n}`, sku: `ABC-${1000 + n}`, name: `A thing that is sold as number ${1000 + n}`,
  description: 'It is made of "wood", and lasts for years.', quantity: 3 * n, price: 9.5 + n, rating: n % 4 === 0 ? null : n / 8,
  isAvailable: n % 2 === 0, color: ['RED', 'GREEN', 'BLUE'][n % 3], labels: ['new', 'sale', 'wood'],
}))
const cards = Array.from({ length: 50 }, (_, at) => at + 1).map((n) => ({ id: `card-${n}`, title: `Card number ${n}`, ownerId: 1 + n % 25 }))

const resolvers = { Query: { hello: () => 'Hello, World!', items: () => items, cards: () => cards } }
const loaders = {
  Card: {
    async owner(queries) {
      const ids = [...new Set(queries.map(({ obj }) => obj.ownerId))]
      const { rows } = await pool.query({ name: 'people', text: 'select id, name, email from people where id = any($1)', values: [ids] })
      const people = new Map(rows.map((row) => [row.id, row]))
      return queries.map(({ obj }) => people.get(obj.ownerId) ?? null)
    },
  },
}

const app = Fastify({ logger: false })
app.register(mercurius, { schema, resolvers, loaders, ...(process.argv[3] === 'jit' ? { jit: 1 } : {}) })
await app.listen({ port: Number(process.argv[2]), host: '127.0.0.1' })
