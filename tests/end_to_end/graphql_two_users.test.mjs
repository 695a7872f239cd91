// Two users over 64 connections, half of them WebSockets, with loaders on: nobody gets a row of the other's.
import assert from 'node:assert/strict';
import http from 'node:http';
import { test } from 'node:test';
import { createClient } from 'graphql-ws';

const { CARDS, USERS } = process.env;
const people = JSON.parse(process.env.PEOPLE); // [{ email, token, name }, …]
const CONNECTIONS = 32, ROUNDS = 40;
const notes = '{ me notes(count: 20) { id text again: text } }';
const cards = '{ business_cards { full_name email } }';

const agent = new http.Agent({ keepAlive: true, maxSockets: CONNECTIONS });
const post = (url, token, query) => new Promise((resolve, reject) => {
  const body = JSON.stringify({ query });
  const request = http.request(url, { method: 'POST', agent, headers: {
    Authorization: `Bearer ${token}`, 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) } }, (answer) => {
    let text = '';
    answer.setEncoding('utf8').on('data', (chunk) => { text += chunk; }).on('end', () => resolve(JSON.parse(text)));
  });
  request.on('error', reject).end(body);
});

let rows = 0;
function verifyNotes({ data, errors }, { email }) {
  assert.equal(errors, undefined);
  assert.equal(data.me, email);
  assert.deepEqual(data.notes, Array.from({ length: 20 }, (_, i) => ({ id: i + 1, text: `${email} ${i + 1}`, again: `${email} ${i + 1}` })));
  rows += data.notes.length;
}
function verifyCards({ data, errors }, { name, email }) {
  assert.equal(errors, undefined);
  assert.deepEqual(data.business_cards, [{ full_name: name, email }]);
  ++rows;
}

test('each sees what is theirs, and nothing else', async () => {
  const byHttp = Array.from({ length: CONNECTIONS }, async (_, connection) => {
    for (let round = 0; round < ROUNDS; ++round) {
      const one = people[(connection + round) % 2];
      if (round % 4 === 3) verifyCards(await post(`${CARDS}/graphql`, one.token, cards), one);
      else verifyNotes(await post(`${USERS}/users`, one.token, notes), one);
    }
  });
  const bySocket = Array.from({ length: CONNECTIONS }, async (_, connection) => {
    const one = people[connection % 2];
    const isAboutCards = connection % 4 > 1;
    const socket = createClient({ url: (isAboutCards ? `${CARDS}/graphql` : `${USERS}/users`).replace('http', 'ws'),
      retryAttempts: 0, connectionParams: { Authorization: `Bearer ${one.token}` } });
    const ask = async () => {
      for await (const result of socket.iterate({ query: isAboutCards ? cards : notes })) (isAboutCards ? verifyCards : verifyNotes)(result, one);
    };
    for (let round = 0; round < ROUNDS / 2; ++round) await Promise.all([ask(), ask()]);
    await socket.dispose();
  });
  await Promise.all([...byHttp, ...bySocket]);
  agent.destroy();
  assert.equal(rows, CONNECTIONS * ROUNDS * (20 * 0.75 + 0.25) + CONNECTIONS * ROUNDS * (20 + 1) / 2);
});
