// graphql-request, Apollo Client and urql with supabase-js, in Node.js and in a browser, against the example and a
// subscription: see graphql_clients.mjs for how they are set up.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import { after, before, describe, test } from 'node:test';
import { build } from 'esbuild';
import { SignJWT, decodeJwt } from 'jose';
import { chromium } from 'playwright-core';
import { clients, rejected, signIn, socketTo, story, tokenOf } from './graphql_clients.mjs';

const { STACK, KEY, JWT_SECRET, CARDS, USERS, EMAIL, PASSWORD, PAGE_PORT, CHROMIUM, SERVER, SERVER_PORT, PICTURES } = process.env;
const given = { stack: STACK, key: KEY, email: EMAIL, password: PASSWORD, cards: `${CARDS}/graphql`, users: `${USERS}/users` };
const ticks = 'subscription Ticks($to: Int!, $pause: Int!) { ticks(to: $to, pause: $pause) }';

function verify(name, seen) {
  assert.match(seen.refused, /card\.full_name: String should have at least 1 character/);
  assert.deepEqual({ ...seen, refused: '' }, {
    created: [`${name} card`, 'Countess'], listed: [`${name} card`], changed: [`${name} card`, null], refused: '',
    deleted: 'BusinessCardDeleted', left: [], me: EMAIL, ticks: [1, 2, 3].map((i) => `${EMAIL} ${i}`),
  });
}
function verifyRejected({ asked, followed }) {
  assert.match(asked, /401/);
  assert.match(followed, /4401/);
}

describe('in Node.js', () => {
  for (const name of Object.keys(clients)) {
    test(`${name} asks, changes and follows as who has signed in`, async () => verify(name, await story(name, given)));
    test(`${name} says that a token is none`, async () => verifyRejected(await rejected(name, given)));
  }
});

describe('in a browser', { skip: !CHROMIUM }, () => {
  let browser, page, server;
  const troubles = [];
  before(async () => {
    const { outputFiles } = await build({
      stdin: { contents: "import * as all from './graphql_clients.mjs'; window.all = all;", resolveDir: import.meta.dirname },
      bundle: true, write: false, format: 'iife', platform: 'browser', define: { 'process.env.NODE_ENV': '"production"' }, logLevel: 'error',
    });
    server = http.createServer((request, response) => {
      if (request.url === '/all.js') return response.setHeader('Content-Type', 'text/javascript').end(outputFiles[0].contents);
      if (request.url === '/favicon.ico') return response.writeHead(204).end();
      response.setHeader('Content-Type', 'text/html').end('<!doctype html><title>clients</title><script src="/all.js"></script>');
    }).listen(Number(PAGE_PORT), '127.0.0.1');
    await once(server, 'listening');
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-proxy-server'] });
    page = await browser.newPage();
    page.on('pageerror', (error) => troubles.push(String(error)));
    await page.goto(`http://127.0.0.1:${PAGE_PORT}/`);
  });
  after(async () => {
    await browser?.close();
    server?.close();
  });
  for (const name of Object.keys(clients)) {
    test(`${name} asks, changes and follows as who has signed in`, async () => {
      verify(name, await page.evaluate(([of, options]) => window.all.story(of, options), [name, given]));
      assert.deepEqual(troubles, []);
    });
    test(`${name} says that a token is none`, async () => {
      verifyRejected(await page.evaluate(([of, options]) => window.all.rejected(of, options), [name, given]));
      assert.deepEqual(troubles, []);
    });
  }
});

// What has come of a subscription so far, and how it went on.
function following(socket, variables) {
  const seen = [];
  const wakers = [];
  const state = { seen, ended: null };
  const wake = () => wakers.splice(0).forEach((waker) => waker());
  state.stop = socket.subscribe({ query: ticks, variables }, {
    next: ({ data }) => { seen.push(data.ticks); wake(); },
    error: (error) => { state.ended = error; wake(); },
    complete: () => { state.ended ??= 'complete'; wake(); },
  });
  state.until = async (condition) => {
    const deadline = Date.now() + 20_000;
    while (!condition()) {
      assert.ok(Date.now() < deadline, `it has not come: ${JSON.stringify(seen)} ${state.ended}`);
      await Promise.race([new Promise((resolve) => wakers.push(resolve)), new Promise((resolve) => setTimeout(resolve, 100))]);
    }
  };
  return state;
}

test('a subscription goes on with the token that supabase-js has fetched anew', async () => {
  const supabase = await signIn(given);
  const sent = [];
  const socket = socketTo(given.users, async () => { sent.push(await tokenOf(supabase)); return sent.at(-1); });
  // As docs/graphql.md says it.
  supabase.auth.onAuthStateChange((event) => {
    if (event === 'TOKEN_REFRESHED') socket.terminate(); // and another opens, with the fresh token
  });
  const state = following(socket, { to: 1000, pause: 20 });
  await state.until(() => state.seen.length >= 3);
  await new Promise((resolve) => setTimeout(resolve, 1100)); // tokens of one second are the same
  const before = state.seen.length;
  const { error } = await supabase.auth.refreshSession();
  assert.equal(error, null);
  await state.until(() => state.seen.slice(before).includes(`${EMAIL} 1`) && state.seen.at(-1) === `${EMAIL} 3`);
  assert.equal(state.ended, null);
  assert.equal(sent.length, 2);
  assert.notEqual(sent[0], sent[1]);
  state.stop();
  await socket.dispose();
});

test('a token that expires ends its subscription, and says so', async () => {
  const supabase = await signIn(given);
  const claims = decodeJwt(await tokenOf(supabase));
  const short = await new SignJWT({ ...claims, exp: Math.floor(Date.now() / 1000) + 2 }).setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .sign(new TextEncoder().encode(JWT_SECRET));
  const socket = socketTo(given.users, () => short);
  const state = following(socket, { to: 100_000, pause: 20 });
  await state.until(() => state.ended !== null);
  assert.ok(state.seen.length > 3);
  assert.deepEqual([state.ended.code, state.ended.reason], [4401, 'The token has expired']);
  await socket.dispose();
});

test('a subscription goes on when the server has been started anew', async () => {
  const start = async () => {
    const server = spawn(SERVER, ['--port', SERVER_PORT], { stdio: 'ignore', env: { ...process.env, SUPABASE_URL: STACK, SUPABASE_ANON_KEY: KEY } });
    for (let i = 0; i < 200; ++i) {
      const answer = await fetch(`http://127.0.0.1:${SERVER_PORT}/health`).catch(() => null);
      if (answer?.ok) return server;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error('the server has not started');
  };
  const stop = async (server) => {
    server.kill('SIGTERM');
    const [code] = await once(server, 'exit');
    assert.equal(code, 0);
  };
  let server = await start();
  try {
    const supabase = await signIn(given);
    const socket = socketTo(`http://127.0.0.1:${SERVER_PORT}/users`, () => tokenOf(supabase), { retryAttempts: 20, retryWait: () => new Promise((resolve) => setTimeout(resolve, 100)) });
    const closed = [];
    socket.on('closed', (event) => closed.push(event.code));
    const state = following(socket, { to: 100_000, pause: 20 });
    await state.until(() => state.seen.length >= 3);
    await stop(server);
    const before = state.seen.length;
    server = await start();
    await state.until(() => state.seen.slice(before).includes(`${EMAIL} 3`));
    assert.equal(state.ended, null);
    assert.equal(state.seen[before], `${EMAIL} 1`);
    assert.ok([1001, 1012].includes(closed[0]), String(closed));
    state.stop();
    await socket.dispose();
  } finally {
    await stop(server);
  }
});
