// GraphiQL in a browser that reaches nobody but the API: people sign in by e-mail address and password, see what is theirs by
// a query and by a subscription, and sign out.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser, openPage, picture, withProxy } from './browser_page.mjs';

const { CARDS_URL, USERS_URL, TOKEN, ADA, BOB, PASSWORD } = process.env;
let browser;

before(async () => { browser = await openBrowser(); });
after(async () => { await browser.close(); });

async function open(url) {
  // The browser's own word for who has not signed in.
  const opened = await openPage(browser, url, { isNoTrouble: (text) => text.includes('status of 401') });
  opened.page.setDefaultTimeout(10_000);
  await opened.page.locator('.graphiql-container').waitFor();
  return opened;
}

const form = (page) => page.getByRole('form', { name: 'Identity' });

async function signIn(page, email, password = PASSWORD) {
  await form(page).getByLabel('E-mail address').fill(email);
  await form(page).getByLabel('Password').fill(password);
  await form(page).getByRole('button', { name: 'Sign in' }).click();
}

async function run(page, query) {
  await page.locator('.graphiql-query-editor .CodeMirror').waitFor();
  await page.evaluate((text) => document.querySelector('.graphiql-query-editor .CodeMirror').CodeMirror.setValue(text), query);
  await page.getByRole('button', { name: /Execute query/ }).click();
}
const answer = (page) =>
  page.evaluate(() => document.querySelector('.graphiql-response .CodeMirror')?.CodeMirror.getValue() ?? '');
async function answerWith(page, text) {
  await page.waitForFunction((part) => document.querySelector('.graphiql-response .CodeMirror')?.CodeMirror.getValue().includes(part), text, { timeout: 10_000 })
    .catch(async () => assert.fail(`no ${text} in: ${await answer(page)}`));
  return answer(page);
}

test('each who signs in sees their own rows, and nobody those of who was there before', async () => {
  const { page, troubles, strangers, sent } = await open(`${CARDS_URL}/graphql`);
  await run(page, '{ business_cards { full_name } }');
  await answerWith(page, 'Not authenticated');

  await signIn(page, ADA, 'not the password');
  await form(page).getByText('Invalid login credentials').waitFor();
  await picture(page, 'graphiql-wrong-password');
  troubles.length = 0; // the browser tells of the 400 itself

  await signIn(page, ADA);
  await form(page).getByText(`Signed in as ${ADA}`).waitFor();
  await run(page, '{ business_cards { full_name } }');
  assert.deepEqual(JSON.parse(await answerWith(page, 'Ada')), { data: { business_cards: [{ full_name: 'Ada' }] } });
  await picture(page, 'graphiql');

  await form(page).getByRole('button', { name: 'Sign out' }).click();
  await form(page).getByLabel('Password').waitFor();
  assert.doesNotMatch(await page.innerText('body'), /Ada"/);
  await signIn(page, BOB);
  await form(page).getByText(`Signed in as ${BOB}`).waitFor();
  await run(page, '{ business_cards { full_name } }');
  assert.deepEqual(JSON.parse(await answerWith(page, 'Bob')), { data: { business_cards: [{ full_name: 'Bob' }] } });

  // Nothing of it is kept where another page, or whoever opens this one next, could read it.
  assert.deepEqual(await page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie]), [0, 0, '']);
  assert.ok(sent.every((request) => !request.url().includes('token=') && !request.url().includes(PASSWORD)));
  assert.deepEqual([...strangers], []);
  assert.deepEqual(troubles, []);
  await page.close();
});

test('the schema is there to look at once somebody has signed in', async () => {
  const { page } = await open(`${CARDS_URL}/graphql`);
  await signIn(page, ADA);
  await form(page).getByText('Signed in as').waitFor();
  await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
  await page.locator('.graphiql-doc-explorer').getByRole('link', { name: 'Query', exact: true }).click();
  await page.locator('.graphiql-doc-explorer').getByText('business_cards').first().waitFor();
  await picture(page, 'graphiql-schema');
  await page.close();
});

for (const path of ['/users', '/tenants/acme/graphql/'])
  test(`a subscription at ${path} is of who has signed in`, async () => {
    const { page, troubles, strangers } = await open(USERS_URL + path);
    await signIn(page, ADA);
    await form(page).getByText('Signed in as').waitFor();
    await run(page, 'subscription { ticks(to: 3, pause: 50) }');
    assert.deepEqual(JSON.parse(await answerWith(page, `${ADA} 3`)), { data: { ticks: `${ADA} 3` } });
    if (path === '/users') await picture(page, 'graphiql-subscription');
    await run(page, '{ me }');
    await answerWith(page, `"me": "${ADA}"`);
    assert.deepEqual([...strangers], []);
    assert.deepEqual(troubles, []);
    await page.close();
  });

test('who has not signed in is told so when they subscribe', async () => {
  const { page } = await open(`${USERS_URL}/users`);
  await run(page, 'subscription { ticks(to: 3) }');
  await answerWith(page, '4401');
  await page.close();
});

for (const [what, changed] of [['a session that has run out', { expires_in: 1 }], ['a token that is refused', { access_token: 'x.y.z' }]])
  test(`${what} has to be begun anew, and the page says so`, async () => {
    const { page } = await open(`${USERS_URL}/users`);
    await page.route('**/graphiql/token', async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ response: answer, json: { ...(await answer.json()), ...changed } });
    });
    await signIn(page, ADA);
    await form(page).getByText('Your session has ended: sign in again.').waitFor();
    await page.unroute('**/graphiql/token');
    await signIn(page, ADA);
    await form(page).getByText(`Signed in as ${ADA}`).waitFor();
    await run(page, '{ me }');
    await answerWith(page, `"me": "${ADA}"`);
    await page.close();
  });

test('who signs out ends what they follow', async () => {
  const { page } = await open(`${USERS_URL}/users`);
  const running = async () => (await fetch(`${USERS_URL}/running`)).json();
  await signIn(page, ADA);
  await form(page).getByText('Signed in as').waitFor();
  await run(page, 'subscription { ticks(to: 100000, pause: 50) }');
  await answerWith(page, `${ADA} 3`);
  assert.equal(await running(), 1);
  await form(page).getByRole('button', { name: 'Sign out' }).click();
  for (let i = 0; i < 100 && (await running()) > 0; ++i) await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(await running(), 0);
  assert.doesNotMatch(await answer(page), new RegExp(ADA));
  await page.close();
});

test('where no guard is there is no form', async () => {
  const { page, troubles } = await open(`${CARDS_URL}/publicgraphql`);
  await run(page, '{ hello }');
  await answerWith(page, 'Hello world');
  assert.equal(await form(page).count(), 0);
  assert.deepEqual(troubles, []);
  await page.close();
});

test('a token of one\'s own among the headers counts', async () => {
  const { page } = await open(`${USERS_URL}/users`);
  await page.getByRole('button', { name: 'Headers' }).click();
  await page.evaluate((token) => document.querySelector('.graphiql-editor-tool .graphiql-editor:not(.hidden) .CodeMirror').CodeMirror
    .setValue(JSON.stringify({ Authorization: `Bearer ${token}` })), TOKEN);
  await run(page, '{ me }');
  await answerWith(page, `"me": "${BOB}"`);
  await page.close();
});

test('below the path of a proxy the page asks the API there', () => withProxy(USERS_URL, async (base) => {
  const { page, troubles, strangers } = await open(`${base}/users`);
  await signIn(page, BOB);
  await form(page).getByText('Signed in as').waitFor();
  await run(page, 'subscription { ticks(to: 2) }');
  await answerWith(page, `${BOB} 2`);
  await run(page, '{ me }');
  await answerWith(page, `"me": "${BOB}"`);
  assert.deepEqual([...strangers], []);
  assert.deepEqual(troubles, []);
  await page.close();
}));
