// Server-sent events: npm's graphql-sse as the client.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClient } from 'graphql-sse';
import { all, running, until, waiting } from './graphql_listening.mjs';

const url = `${process.env.API}/graphql`;

test('queries, mutations and subscriptions are answered as events', async () => {
  const sse = createClient({ url, retryAttempts: 0 });
  assert.deepEqual(await all(sse.iterate({ query: '{ hello people(count: 1) { id slowStrict } }' })),
    [{ data: { hello: 'world', people: [{ id: '1', slowStrict: 1 }] } }]);
  assert.deepEqual(await all(sse.iterate({ query: 'mutation ($n: Int!) { add(value: $n) }', variables: { n: 4 } })), [{ data: { add: 5 } }]);
  const counted = await all(sse.iterate({ query: 'subscription { n: count(to: 1000, pause: 0) }' }));
  assert.deepEqual(counted.map(({ data }) => data.n), Array.from({ length: 1000 }, (_, i) => i + 1));
  sse.dispose();
});

test('an error ends a subscription with what it says, and so does a document that is wrong', async () => {
  const sse = createClient({ url, retryAttempts: 0 });
  const born = await all(sse.iterate({ query: 'subscription { born(count: 2) { id fails } }' }));
  assert.deepEqual(born.slice(0, 2).map(({ data }) => data.born), [{ id: '1', fails: 'does not' }, { id: '2', fails: null }]);
  assert.equal(born[2].errors[0].extensions.code, 'ENDED');
  const [wrong] = await all(sse.iterate({ query: 'subscription { nothing }' }));
  assert.equal(wrong.errors[0].extensions.code, 'GRAPHQL_VALIDATION_FAILED');
  sse.dispose();
});

test('twenty subscriptions run beside each other, and each ends its resolver when its client has had enough', async () => {
  const sse = createClient({ url, retryAttempts: 0 });
  await Promise.all(Array.from({ length: 20 }, async (_, i) => {
    let heard = 0;
    for await (const { data } of sse.iterate({ query: 'subscription { count(to: 100000, pause: 1) }' })) {
      assert.equal(data.count, ++heard);
      if (heard === 5 + i) break;
    }
  }));
  await until(async () => (await running()) === 0);
  sse.dispose();
});

test('a client that goes while nothing happens is noticed by the comment after it', { timeout: 60_000 }, async () => {
  const ending = new AbortController();
  const reply = await fetch(url, {
    method: 'POST', signal: ending.signal, headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query: 'subscription { count(to: 2, pause: 3600000) }' }),
  });
  assert.equal(reply.status, 200);
  assert.equal(reply.headers.get('content-type'), 'text/event-stream; charset=utf-8');
  await until(async () => (await running()) === 1);
  ending.abort();
  for (let i = 0; i < 40 && (await running()) > 0; ++i) await waiting(1000);
  assert.equal(await running(), 0);
});
