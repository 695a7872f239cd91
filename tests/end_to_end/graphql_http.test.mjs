// npm's audits of GraphQL over HTTP (graphql-http), in both profiles.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { auditServer } from 'graphql-http';

const failed = async (path) => {
  const results = await auditServer({ url: process.env.API + path });
  assert.equal(results.length, 61);
  return results.filter((result) => result.status !== 'ok').map((result) => `${result.id} ${result.name}: ${result.reason}`);
};

test('every audit passes', async () => {
  assert.deepEqual(await failed('/graphql'), []);
});

test('the draft of 2026 answers 422 where the audits want 400, and nothing else', async () => {
  const ids = (await failed('/draft')).map((line) => line.slice(0, 4));
  const parameters = ['3E3A', '423L', '4760', '4761', '4762', '4763', '58B0', '58B1', '58B2', '58B3', '6C00', '6C01', '6C02', '6C03', 'LKJ0', 'LKJ1', 'LKJ2', 'LKJ3'];
  assert.deepEqual(ids.sort(), [...parameters, '86EE'].sort());
});
