// Rows changed in PostgreSQL: npm's graphql-ws and graphql-sse as the clients of two people.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { createClient as createSse } from 'graphql-sse';
import { createClient as createWs } from 'graphql-ws';
import { until, waiting } from './graphql_listening.mjs';

const { ADA, API, BOB, CARDS, DB } = process.env;
const query = 'subscription { card_changed { full_name } }';
const overWs = (token) => createWs({ url: `${API.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket, retryAttempts: 0, connectionParams: { access_token: token } });
const overSse = (token) => createSse({ url: `${API}/graphql`, retryAttempts: 0, headers: { Authorization: `Bearer ${token}` } });
const psql = (sql) => execFileSync('psql', ['-XAtq', DB, '-c', sql]).toString();
const create = async (token, name) => {
  const reply = await fetch(`${CARDS}/cards`, {
    method: 'POST', headers: { 'content-type': 'application/json', Authorization: `Bearer ${token}` },
    body: JSON.stringify({ full_name: name, email: 'somebody@example.com' }),
  });
  assert.equal(reply.status, 201, await reply.text());
};

// What somebody hears, until it is ended.
const listen = (client) => {
  const heard = [];
  const iterator = client.iterate({ query });
  const ended = (async () => {
    for await (const { data, errors } of iterator) {
      assert.equal(errors, undefined);
      heard.push(data.card_changed.full_name);
    }
  })();
  ended.catch(() => {});
  return { heard, ended, end: async () => { await iterator.return(); await client.dispose?.(); } };
};

test('each hears of their own cards, over both transports, and of no row of the other', async () => {
  const ears = [listen(overWs(ADA)), listen(overSse(ADA)), listen(overWs(BOB)), listen(overSse(BOB))];
  // A first row of each, until all have begun to listen.
  let tries = 0;
  while (ears.some(({ heard }) => heard.length === 0) && ++tries < 60) {
    await Promise.all([create(ADA, 'Ada first'), create(BOB, 'Bob first')]);
    await waiting(100);
  }
  const names = Array.from({ length: 20 }, (_, i) => i);
  await Promise.all(names.flatMap((i) => [create(ADA, `Ada ${i}`), create(BOB, `Bob ${i}`)]));
  for (const [i, who] of ['Ada', 'Ada', 'Bob', 'Bob'].entries()) {
    await until(() => ears[i].heard.filter((name) => name !== `${who} first`).length === names.length);
    assert.deepEqual(new Set(ears[i].heard), new Set([`${who} first`, ...names.map((n) => `${who} ${n}`)]));
  }
  await Promise.all(ears.map(({ end }) => end()));
});

test('a change that is made by SQL is heard of, too', async () => {
  const ear = listen(overWs(ADA));
  for (let i = 0; i < 60 && ear.heard.length === 0; ++i) {
    psql("update public.business_cards set full_name = 'Ada by SQL' where full_name = 'Ada 7'; update public.business_cards set full_name = 'Ada 7' where full_name = 'Ada by SQL'");
    await waiting(100);
  }
  await until(() => ear.heard.includes('Ada 7'));
  await ear.end();
});

test('a subscription ends with an error when changes are missed, and another is served', async () => {
  const client = overWs(ADA);
  const failing = (async () => {
    for await (const result of client.iterate({ query })) assert.ok(result);
  })();
  failing.catch(() => {});
  await waiting(1000);
  psql("select pg_terminate_backend(pid) from pg_stat_activity where query ilike 'listen%cards_changed%'");
  await assert.rejects(failing, (errors) => Array.isArray(errors));
  const ear = listen(overWs(ADA));
  for (let i = 0; i < 60 && ear.heard.length === 0; ++i) {
    await create(ADA, 'Ada again');
    await waiting(100);
  }
  assert.ok(ear.heard.includes('Ada again'));
  await ear.end();
  await client.dispose();
});
