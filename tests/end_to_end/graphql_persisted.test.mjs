// Documents that clients name instead of sending them: Apollo Client's link, and documentId.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache, gql } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';

const api = process.env.API;
const sha256 = (text) => createHash('sha256').update(text).digest('hex');
const post = async (path, body, accept = 'application/graphql-response+json') => {
  const reply = await fetch(api + path, { method: 'POST', headers: { 'content-type': 'application/json', accept }, body: JSON.stringify(body) });
  return [reply.status, await reply.json()];
};

test("Apollo's link sends a document once, and its hash from then on", async () => {
  const sent = [];
  const fetching = (uri, options) => {
    sent.push(options.method === 'GET' ? Object.fromEntries(new URL(uri).searchParams) : JSON.parse(options.body));
    return fetch(uri, options);
  };
  const client = new ApolloClient({
    cache: new InMemoryCache(),
    link: ApolloLink.from([new PersistedQueryLink({ sha256, useGETForHashedQueries: true }), new HttpLink({ uri: `${api}/graphql`, fetch: fetching })]),
  });
  const query = gql`query Persisted($n: Int!) { hello sum(numbers: [$n, 2]) }`;
  for (const n of [1, 2]) {
    const { data } = await client.query({ query, variables: { n }, fetchPolicy: 'no-cache' });
    assert.deepEqual({ ...data }, { hello: 'world', sum: n + 2 });
  }
  assert.equal(sent.length, 3);
  assert.deepEqual(sent.map(({ query: text }) => text !== undefined), [false, true, false]);
});

test('a hash of another document is refused', async () => {
  const extensions = { persistedQuery: { version: 1, sha256Hash: sha256('{ other }') } };
  const [status, { errors }] = await post('/graphql', { query: '{ hello }', extensions });
  assert.equal(status, 400);
  assert.equal(errors[0].extensions.code, 'PERSISTED_QUERY_HASH_MISMATCH');
  for (const persistedQuery of [1, {}, { version: 2, sha256Hash: 'a' }, { version: 1, sha256Hash: 1 }])
    assert.equal((await post('/graphql', { extensions: { persistedQuery } }))[0], 400);
});

test('trusted documents are executed by their ids, and nothing else is', async () => {
  assert.deepEqual(await post('/trusted', { documentId: 'hi' }), [200, { data: { hello: 'world' } }]);
  const reply = await fetch(`${api}/trusted?documentId=hi`);
  assert.deepEqual(await reply.json(), { data: { hello: 'world' } });
  for (const body of [{ query: '{ hello }' }, { documentId: 'ho' }, { query: '{ __typename }', documentId: 'ho' }]) {
    const [status, { errors, data }] = await post('/trusted', body);
    assert.equal(status, 400);
    assert.equal(errors[0].extensions.code, 'PERSISTED_QUERY_NOT_IN_LIST');
    assert.equal(data, undefined);
  }
  const [, apollo] = await post('/trusted', { extensions: { persistedQuery: { version: 1, sha256Hash: 'hi' } } });
  assert.deepEqual(apollo, { data: { hello: 'world' } });
});
