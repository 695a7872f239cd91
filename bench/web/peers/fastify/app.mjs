// The five endpoints in Fastify, with schemas for what comes and what goes, as its documentation asks for.
import { createPublicKey } from 'node:crypto'
import Fastify from 'fastify'
import { createVerifier } from 'fast-jwt'

const app = Fastify({ logger: false })
const key = createPublicKey({ key: JSON.parse(process.env.JWKS).keys[0], format: 'jwk' }).export({ type: 'spki', format: 'pem' })
const verify = createVerifier({ key, algorithms: ['ES256'], cache: true })

const object = (properties, required = Object.keys(properties)) => ({ type: 'object', properties, required })
const text = (limits = {}) => ({ type: 'string', ...limits })
const line = object({ sku: text({ pattern: '^[A-Z]{3}-[0-9]{4}$' }), quantity: { type: 'integer', minimum: 1, maximum: 999 }, price: { type: 'number', minimum: 0 } })
const order = object({
  id: text({ format: 'uuid' }),
  customer: object({ name: text({ minLength: 1, maxLength: 100 }), city: text({ minLength: 1, maxLength: 100 }) }),
  lines: { type: 'array', items: line, minItems: 1, maxItems: 50 },
  note: { type: ['string', 'null'], maxLength: 500 },
}, ['id', 'customer', 'lines'])
const item = object({
  id: { type: 'integer' }, sku: text(), name: text(), description: text(), price: { type: 'number' },
  labels: { type: 'array', items: text() }, is_available: { type: 'boolean' },
})

const stock = Array.from({ length: 40 }, (_, n) => ({
  id: n + 1, sku: `ABC-${1001 + n}`, name: `A thing that is sold as number ${1001 + n}`,
  description: `It is made of "wood", ${'x'.repeat(80)}, and lasts for years.`, price: 10.5 + n, labels: ['new', 'sale', 'wood'],
  is_available: n % 2 === 1,
}))

app.get('/json', { schema: { response: { 200: object({ message: text() }) } } }, async () => ({ message: 'Hello, World!' }))
app.get('/items/:id', {
  schema: {
    params: object({ id: { type: 'integer' } }),
    querystring: object({ q: text(), limit: { type: 'integer', minimum: 1, maximum: 100, default: 20 } }, []),
    response: { 200: object({ id: { type: 'integer' }, q: { type: ['string', 'null'] }, limit: { type: 'integer' } }) },
  },
}, async ({ params, query }) => ({ id: params.id, q: query.q ?? null, limit: query.limit }))
app.post('/orders', { schema: { body: order, response: { 200: object({ lines: { type: 'integer' }, total: { type: 'number' } }) } } },
  async ({ body }) => ({ lines: body.lines.length, total: body.lines.reduce((sum, each) => sum + each.quantity * each.price, 0) }))
app.get('/stock', { schema: { response: { 200: { type: 'array', items: item } } } }, async () => stock)
app.get('/me', {
  schema: { response: { 200: object({ user_id: text() }) } },
  onRequest: async (request, reply) => {
    const [scheme, token] = (request.headers.authorization ?? '').split(' ')
    try {
      if (scheme !== 'Bearer') throw new Error('no bearer token')
      request.user = verify(token)
    } catch {
      return reply.code(401).send({ detail: 'Invalid token' })
    }
  },
}, async (request) => ({ user_id: request.user.sub }))

await app.listen({ port: Number(process.argv[2]), host: '127.0.0.1' })
