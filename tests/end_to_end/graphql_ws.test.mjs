// graphql-transport-ws: npm's graphql-ws as the client, and by hand what that client never does.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClient } from 'graphql-ws';
import { all, running, until } from './graphql_listening.mjs';

const url = `${process.env.API.replace('http', 'ws')}/graphql`;
const client = () => createClient({ url, webSocketImpl: WebSocket, retryAttempts: 0, lazy: true });

// A WebSocket whose messages are written by hand.
const raw = (protocols = ['graphql-transport-ws'], at = url) => new Promise((resolve, reject) => {
  const socket = new WebSocket(at, protocols);
  const heard = [];
  const waiting = [];
  const ended = new Promise((done) => socket.addEventListener('close', (event) => done([event.code, event.reason])));
  socket.addEventListener('message', ({ data }) => (waiting.shift() ?? ((message) => heard.push(message)))(JSON.parse(data)));
  socket.addEventListener('open', () => resolve({
    socket, ended,
    say: (message) => socket.send(typeof message === 'string' || message instanceof Uint8Array ? message : JSON.stringify(message)),
    hear: () => heard.length > 0 ? Promise.resolve(heard.shift()) : new Promise((done, fail) => {
      waiting.push(done);
      setTimeout(() => fail(new Error('nothing was said')), 10_000).unref();
    }),
  }));
  socket.addEventListener('error', reject);
});
const initialised = async (at = url) => {
  const one = await raw(undefined, at);
  one.say({ type: 'connection_init' });
  assert.deepEqual(await one.hear(), { type: 'connection_ack' });
  return one;
};

test('queries and mutations are answered over the WebSocket', async () => {
  const ws = client();
  assert.deepEqual(await all(ws.iterate({ query: '{ hello people(count: 1) { id slowStrict } }' })),
    [{ data: { hello: 'world', people: [{ id: '1', slowStrict: 1 }] } }]);
  assert.deepEqual(await all(ws.iterate({ query: 'mutation ($n: Int!) { add(value: $n) }', variables: { n: 4 } })), [{ data: { add: 5 } }]);
  await ws.dispose();
});

test('a subscription sends what was selected of each event, a thousand of them in their order', async () => {
  const ws = client();
  const results = await all(ws.iterate({ query: 'subscription { n: count(to: 1000, pause: 0) }' }));
  assert.deepEqual(results.map(({ data }) => data.n), Array.from({ length: 1000 }, (_, i) => i + 1));
  await ws.dispose();
});

test('two subscriptions run beside each other, and an error ends one with what it says', async () => {
  const ws = client();
  const born = [];
  const failing = (async () => {
    for await (const result of ws.iterate({ query: 'subscription { born(count: 2) { id fails } }' })) born.push(result);
  })();
  const counted = all(ws.iterate({ query: 'subscription { count(to: 5) }' }));
  await assert.rejects(failing, (errors) => errors[0].extensions.code === 'ENDED' && errors[0].path[0] === 'born');
  assert.deepEqual(born.map(({ data }) => data.born), [{ id: '1', fails: 'does not' }, { id: '2', fails: null }]);
  assert.equal(born[1].errors[0].path.join('.'), 'born.fails');
  assert.equal((await counted).length, 5);
  await ws.dispose();
});

test('what the client has had enough of ends, and what it leaves behind, too', async () => {
  const ws = client();
  for await (const { data } of ws.iterate({ query: 'subscription { count(to: 100000, pause: 5) }' })) if (data.count === 3) break;
  await until(async () => (await running()) === 0);
  ws.subscribe({ query: 'subscription { count(to: 100000, pause: 5) }' }, { next() {}, error() {}, complete() {} });
  await until(async () => (await running()) === 1);
  ws.terminate();
  await until(async () => (await running()) === 0);
});

test('an operation that cannot be executed is an error of its own, and the WebSocket goes on', async () => {
  const one = await initialised();
  one.say({ id: 'a', type: 'subscribe', payload: { query: '{ nope }' } });
  const { id, type, payload } = await one.hear();
  assert.deepEqual([id, type, payload[0].extensions.code], ['a', 'error', 'GRAPHQL_VALIDATION_FAILED']);
  one.say({ id: 'a', type: 'subscribe', payload: { query: '{ hello }' } });
  assert.deepEqual(await one.hear(), { type: 'next', id: 'a', payload: { data: { hello: 'world' } } });
  assert.deepEqual(await one.hear(), { type: 'complete', id: 'a' });
  one.say({ type: 'ping', payload: { x: 1 } });
  assert.deepEqual(await one.hear(), { type: 'pong', payload: { x: 1 } });
  one.socket.close();
});

test('more operations than there may be are refused, one by one', async () => {
  const one = await initialised();
  for (const id of ['1', '2', '3']) one.say({ id, type: 'subscribe', payload: { query: 'subscription { count(to: 9, pause: 100) }' } });
  one.say({ id: '4', type: 'subscribe', payload: { query: '{ hello }' } });
  let message;
  do message = await one.hear(); while (message.id !== '4');
  assert.deepEqual([message.type, message.payload[0].extensions.code], ['error', 'TOO_MANY_OPERATIONS']);
  one.socket.close();
});

test('operations that hold more than a message may have are refused, too, until others have ended', async () => {
  const one = await initialised(url.replace('/graphql', '/bounded'));
  const junk = 'x'.repeat(700_000);
  const large = (id) => one.say({ id, type: 'subscribe', payload: { query: 'subscription { count(to: 100000, pause: 100000) }', variables: { junk } } });
  large('1');
  large('2');
  const { id, type, payload } = await one.hear();
  assert.deepEqual([id, type, payload[0].extensions.code], ['2', 'error', 'TOO_MANY_OPERATIONS']);
  one.say({ id: '3', type: 'subscribe', payload: { query: '{ hello }' } });
  assert.deepEqual((await one.hear()).payload, { data: { hello: 'world' } });
  assert.equal((await one.hear()).type, 'complete');
  one.say({ id: '1', type: 'complete' });
  large('4');
  one.say({ type: 'ping' });
  assert.deepEqual(await one.hear(), { type: 'pong' });
  assert.equal(await running(), 1);
  one.socket.close();
  await until(async () => (await running()) === 0);
});

test('what a client has had enough of counts as long as it runs', async () => {
  const one = await initialised(url.replace('/graphql', '/stubborn'));
  for (let i = 0; i < 12; ++i) {
    one.say({ id: `${i}`, type: 'subscribe', payload: { query: '{ stubborn(pause: 300) }' } });
    one.say({ id: `${i}`, type: 'complete' });
  }
  let most = 0;
  const end = Date.now() + 1000;
  while (Date.now() < end) most = Math.max(most, await running());
  assert.ok(most > 0 && most <= 3, `${most} ran at a time`);
  one.say({ type: 'ping' });
  assert.deepEqual(await one.hear(), { type: 'pong' });
  await until(async () => (await running()) === 0);
  one.socket.close();
});

for (const [name, talk, code] of [
  ['a message that is no JSON', async (one) => one.say('{'), 4400],
  ['a message of another type', async (one) => one.say({ type: 'start' }), 4400],
  ['a message in bytes', async (one) => one.say(new Uint8Array([1])), 4400],
  ['a subscription without an id', async (one) => one.say({ type: 'subscribe', payload: { query: '{ hello }' } }), 4400],
  ['a second initialisation', async (one) => one.say({ type: 'connection_init' }), 4429],
  ['an id that is in use', async (one) => {
    for (let i = 0; i < 2; ++i) one.say({ id: 'x', type: 'subscribe', payload: { query: 'subscription { count(to: 9, pause: 100) }' } });
  }, 4409],
]) test(`${name} closes with ${code}`, async () => {
  const one = await initialised();
  await talk(one);
  assert.equal((await one.ended)[0], code);
});

test('an operation before the initialisation closes with 4401', async () => {
  const one = await raw();
  one.say({ id: '1', type: 'subscribe', payload: { query: '{ hello }' } });
  assert.equal((await one.ended)[0], 4401);
});

test('no initialisation in time closes with 4408, whatever else is said', async () => {
  const one = await raw();
  const saying = setInterval(() => { if (one.socket.readyState === 1) one.say({ type: 'ping' }); }, 100);
  assert.equal((await one.ended)[0], 4408);
  clearInterval(saying);
});

test('another sub-protocol closes with 4406', async () => {
  const one = await raw([]);
  assert.equal((await one.ended)[0], 4406);
});
