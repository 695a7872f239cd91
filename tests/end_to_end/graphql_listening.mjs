// Whoever listens to operations of graphql_api: what they hear, and what runs there meanwhile.
import assert from 'node:assert/strict';

export const all = async (iterable) => {
  const results = [];
  for await (const result of iterable) results.push(result);
  return results;
};

export const waiting = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// Waits for what is to become true within ten seconds.
export const until = async (what) => {
  for (let i = 0; i < 200 && !(await what()); ++i) await waiting(50);
  assert.ok(await what());
};

// How many resolvers of graphql_api run.
export const running = async () => (await fetch(`${process.env.API}/running`)).json();
