// The protocol before graphql-transport-ws: npm's subscriptions-transport-ws as the client.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import transport from 'subscriptions-transport-ws';
import { running, until } from './graphql_listening.mjs';

const url = `${process.env.API.replace('http', 'ws')}/legacy`;
const open = () => new transport.SubscriptionClient(url, { reconnect: false }, WebSocket);
const all = (client, request) => new Promise((resolve, reject) => {
  const results = [];
  client.request(request).subscribe({ next: (one) => results.push(one), error: reject, complete: () => resolve(results) });
});

test('queries, mutations and subscriptions are answered', async () => {
  const client = open();
  assert.deepEqual(await all(client, { query: '{ hello }' }), [{ data: { hello: 'world' } }]);
  assert.deepEqual(await all(client, { query: 'mutation ($n: Int!) { add(value: $n) }', variables: { n: 4 } }), [{ data: { add: 5 } }]);
  const counted = await all(client, { query: 'subscription { n: count(to: 100, pause: 0) }' });
  assert.deepEqual(counted.map(({ data }) => data.n), Array.from({ length: 100 }, (_, i) => i + 1));
  client.close();
});

test('an error ends one of two subscriptions', async () => {
  const client = open();
  const counted = all(client, { query: 'subscription { count(to: 5) }' });
  await assert.rejects(all(client, { query: 'subscription { born(count: 1) { id } }' }), ({ message }) => message === 'born fails in the end');
  await assert.rejects(all(client, { query: '{ nothing }' }), ({ message }) => message.startsWith('Cannot query field'));
  assert.equal((await counted).length, 5);
  client.close();
});

test('what the client unsubscribes from ends', async () => {
  const client = open();
  const subscription = await new Promise((resolve) => {
    const one = client.request({ query: 'subscription { count(to: 100000) }' }).subscribe({ next: () => resolve(one) });
  });
  assert.equal(await running(), 1);
  subscription.unsubscribe();
  await until(async () => (await running()) === 0);
  client.close();
});
