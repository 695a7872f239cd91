// npm's graphql-ws against a schema behind the guard: the token comes with connection_init.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClient } from 'graphql-ws';

const { API, ADA, BOB } = process.env;
const url = `${API.replace('http', 'ws')}/graphql`;
const client = (connectionParams) => createClient({ url, webSocketImpl: WebSocket, retryAttempts: 0, connectionParams });
const first = async (ws, query) => {
  for await (const result of ws.iterate({ query })) return result;
};

test('each sees their own cards, at the same time', async () => {
  const sockets = [client({ Authorization: `Bearer ${ADA}` }), client({ access_token: BOB })];
  for (let i = 0; i < 20; ++i) {
    const results = await Promise.all(sockets.map((ws) => first(ws, '{ business_cards { full_name } }')));
    assert.deepEqual(results.map(({ data }) => data.business_cards), [[{ full_name: 'Ada' }], [{ full_name: 'Bob' }]]);
  }
  await Promise.all(sockets.map((ws) => ws.dispose()));
});

for (const [name, params] of [['no token', undefined], ['a token that is none', { Authorization: 'Bearer x.y.z' }]])
  test(`${name} closes with 4401`, async () => {
    await assert.rejects(first(client(params), '{ business_cards { full_name } }'), (event) => event.code === 4401);
  });

for (const payload of [{ query: '{ business_cards { full_name } }' }, { query: '{ __typename }', access_token: ADA }])
  test(`what is said before the token is not executed: ${Object.keys(payload)}`, async () => {
  const socket = new WebSocket(url, 'graphql-transport-ws');
  socket.addEventListener('open', () => {
    socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload }));
  });
  socket.addEventListener('message', ({ data }) => assert.fail(data));
  const code = await new Promise((resolve) => socket.addEventListener('close', (event) => resolve(event.code)));
  assert.equal(code, 4401);
});
