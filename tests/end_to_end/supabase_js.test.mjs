// The business-card API and /rest/v1, used by two people through the real supabase-js.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { createClient } from '@supabase/supabase-js';
import { createRemoteJWKSet, jwtVerify } from 'jose';

const { STACK_URL, ANON_KEY, API } = process.env;
const password = 'correct horse battery';

async function person(name) {
  const client = createClient(STACK_URL, ANON_KEY, { auth: { persistSession: false, autoRefreshToken: false } });
  const email = `${name}-${randomUUID().slice(0, 8)}@example.com`;
  const { data, error } = await client.auth.signUp({ email, password, options: { data: { nickname: name } } });
  assert.equal(error, null);
  const call = async (method, path, body) => {
    const headers = { Authorization: `Bearer ${data.session.access_token}` };
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    const answer = await fetch(API + path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
    const text = await answer.text();
    return { status: answer.status, body: text === '' ? null : JSON.parse(text) };
  };
  return { client, email, id: data.user.id, user: data.user, session: data.session, call };
}

const card = (full_name, more = {}) => ({ full_name, email: `${full_name.toLowerCase()}@example.com`, ...more });

test('signing up signs in, and keeps what was said of the user', async () => {
  const ada = await person('ada');
  assert.equal(ada.user.user_metadata.nickname, 'ada');
  assert.equal(ada.user.role, 'authenticated');
  assert.equal(ada.session.token_type, 'bearer');
  const { data } = await ada.client.auth.getUser();
  assert.equal(data.user.id, ada.id);
});

test('what the auth server does not offer is refused with its code', async () => {
  const ada = await person('ada');
  for (const { error } of [await ada.client.auth.signInWithOtp({ email: ada.email }),
    await ada.client.auth.resetPasswordForEmail(ada.email)]) {
    assert.equal(error.name, 'AuthApiError');
    assert.equal(error.code, 'feature_disabled');
  }
});

test('the access token is verified by the published key set', async () => {
  const ada = await person('ada');
  const keys = createRemoteJWKSet(new URL(`${STACK_URL}/auth/v1/.well-known/jwks.json`));
  const { payload, protectedHeader } = await jwtVerify(ada.session.access_token, keys, {
    issuer: `${STACK_URL}/auth/v1`, audience: 'authenticated',
  });
  assert.equal(protectedHeader.alg, 'ES256');
  assert.equal(payload.sub, ada.id);
  const { data, error } = await ada.client.auth.getClaims();
  assert.equal(error, null);
  assert.equal(data.claims.sub, ada.id);
});

test('each sees and changes only their own cards, through the API', async () => {
  const [ada, bob] = [await person('ada'), await person('bob')];
  assert.deepEqual(await ada.call('GET', '/me'), { status: 200, body: { user_id: ada.id } });
  const made = await ada.call('POST', '/cards', card('Ada'));
  assert.equal(made.status, 201);
  assert.equal(made.body.user_id, ada.id);
  assert.deepEqual((await ada.call('GET', '/cards')).body.map((c) => c.id), [made.body.id]);
  assert.deepEqual((await bob.call('GET', '/cards')).body, []);
  assert.equal((await bob.call('PATCH', `/cards/${made.body.id}`, { job_title: 'Spy' })).status, 404);
  assert.equal((await bob.call('DELETE', `/cards/${made.body.id}`)).status, 404);
  assert.equal((await ada.call('POST', '/cards', card('Mallory', { user_id: bob.id }))).status, 403);
  assert.equal((await ada.call('DELETE', `/cards/${made.body.id}`)).status, 204);
});

test('each sees and changes only their own cards, through /rest/v1', async () => {
  const [ada, bob] = [await person('ada'), await person('bob')];
  const { data: mine, status } = await ada.client.from('business_cards').insert(card('Ada')).select().single();
  assert.equal(status, 201);
  assert.equal(mine.user_id, ada.id);
  assert.deepEqual((await bob.client.from('business_cards').select()).data, []);
  assert.deepEqual((await bob.client.from('business_cards').update({ job_title: 'Spy' }).eq('id', mine.id).select()).data, []);
  assert.deepEqual((await bob.client.from('business_cards').delete().eq('id', mine.id).select()).data, []);
  const refused = await ada.client.from('business_cards').insert(card('Mallory', { user_id: bob.id }));
  assert.equal(refused.error.code, '42501');
  assert.equal(refused.status, 403);
  const { count } = await ada.client.from('business_cards').select('*', { count: 'exact', head: true });
  assert.equal(count, 1);
  const { data: changed } = await ada.client.from('business_cards').update({ job_title: 'Countess' }).eq('id', mine.id)
    .select('full_name, title:job_title');
  assert.deepEqual(changed, [{ full_name: 'Ada', title: 'Countess' }]);
});

test('a request that fails validation says everything that is wrong with it', async () => {
  const ada = await person('ada');
  const { status, body } = await ada.call('POST', '/cards', { full_name: '', email: 'not an address' });
  assert.equal(status, 422);
  assert.deepEqual(body.detail.map((entry) => entry.loc).sort(), [['body', 'email'], ['body', 'full_name']]);
});

test('a refresh gives a new refresh token that another client can go on from, and an unknown one is refused', async () => {
  const ada = await person('ada');
  const { data } = await ada.client.auth.refreshSession();
  assert.notEqual(data.session.refresh_token, ada.session.refresh_token);
  const other = createClient(STACK_URL, ANON_KEY, { auth: { persistSession: false, autoRefreshToken: false } });
  assert.equal((await other.auth.refreshSession({ refresh_token: data.session.refresh_token })).error, null);
  const unknown = await other.auth.refreshSession({ refresh_token: 'nosuchtoken1' });
  assert.equal(unknown.error.code, 'refresh_token_not_found');
});

test('a browser on another origin is answered its preflight, with and without a token', async () => {
  const origin = 'http://localhost:5173';
  const preflight = await fetch(`${API}/cards`, {
    method: 'OPTIONS',
    headers: { Origin: origin, 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'authorization,content-type' },
  });
  assert.equal(preflight.status, 200);
  assert.equal(preflight.headers.get('access-control-allow-origin'), origin);
  const refused = await fetch(`${API}/cards`, { headers: { Origin: origin } });
  assert.equal(refused.status, 401);
  assert.equal(refused.headers.get('access-control-allow-origin'), origin);
  const gateway = await fetch(`${STACK_URL}/rest/v1/business_cards`, {
    method: 'OPTIONS',
    headers: { Origin: origin, 'Access-Control-Request-Method': 'GET', 'Access-Control-Request-Headers': 'apikey,authorization,x-client-info' },
  });
  assert.ok(gateway.ok);
  assert.ok(gateway.headers.get('access-control-allow-origin'));
});
