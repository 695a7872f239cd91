// The documentation pages in a browser that reaches nobody but the API: they are drawn without an error, "Authorize" takes
// an e-mail address and a password, and an endpoint is tried out as whoever has signed in.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser, openPage, picture, withProxy } from './browser_page.mjs';

const { API_URL, KITCHEN_URL, SIGN_IN_EMAIL, SIGN_IN_PASSWORD } = process.env;
let browser;

before(async () => { browser = await openBrowser(); });
after(async () => { await browser.close(); });

// ReDoc would show its maker's logo, which the page's policy keeps from being asked for.
const isNoTrouble = (text) => text.includes('redocly') || text.includes('cdn.redoc.ly');
const open = (url) => openPage(browser, url, { height: 1000, isNoTrouble });

async function tryOut(page, path) {
  const operation = page.locator('.opblock', { has: page.locator(`[data-path="${path}"]`) }).first();
  await operation.locator('.opblock-summary-control').click();
  await operation.getByRole('button', { name: 'Try it out' }).click();
  await operation.getByRole('button', { name: 'Execute' }).click();
  const answer = operation.locator('.live-responses-table .response');
  await answer.waitFor();
  return { status: (await answer.locator('.response-col_status').innerText()).trim(), text: await operation.innerText() };
}

test('somebody signs in by e-mail address and password, and tries an endpoint', async () => {
  const { page, troubles, strangers } = await open(`${API_URL}/docs`);
  await page.getByRole('heading', { name: 'Business cards' }).waitFor();
  await picture(page, 'docs');
  await page.getByRole('button', { name: 'Authorize' }).first().click();
  const form = page.locator('.auth-container', { hasText: 'sign_in' });
  await form.locator('#oauth_username').fill(SIGN_IN_EMAIL);
  await form.locator('#oauth_password').fill('not the password');
  await form.locator('button.authorize').click();
  await form.locator('.errors').waitFor();
  assert.match(await form.locator('.errors').innerText(), /Invalid login credentials/);
  troubles.length = 0; // the browser tells of the 400 itself
  await form.locator('#oauth_password').fill(SIGN_IN_PASSWORD);
  await form.locator('button.authorize').click();
  await form.getByText('Logout').waitFor();
  await picture(page, 'docs-authorize');
  await page.locator('.auth-container button.btn-done').first().click();

  const { status, text } = await tryOut(page, '/me');
  await picture(page, 'docs-tried');
  assert.equal(status, '200', text);
  assert.match(text, /"user_id"/);
  assert.deepEqual([...strangers], []);
  assert.deepEqual(troubles, []);
  await page.close();
});

test('ReDoc shows the document', async () => {
  const { page, troubles, strangers } = await open(`${API_URL}/redoc`);
  await page.getByRole('heading', { name: 'Business cards' }).waitFor();
  await page.locator('[role=search] input').fill('cards');
  await page.locator('[data-role="search:results"]').waitFor();
  await picture(page, 'redoc');
  assert.deepEqual([...strangers], []);
  assert.deepEqual(troubles, []);
  await page.close();
});

test('nothing that the program says of itself is run', async () => {
  for (const path of ['/docs', '/redoc']) {
    const { page, strangers } = await open(`${KITCHEN_URL}${path}`);
    await page.getByRole('heading', { name: 'Kitchen <sink>' }).waitFor();
    assert.equal(await page.evaluate(() => window.pwned), undefined);
    assert.deepEqual([...strangers], []);
    await picture(page, `kitchen-${path.slice(1)}`);
    await page.close();
  }
});

test('below the path of a proxy the page asks the API there', () => withProxy(KITCHEN_URL, async (base) => {
  for (const path of ['/docs', '/redoc']) {
    const { page, strangers } = await open(base + path);
    await page.getByRole('heading', { name: 'Kitchen <sink>' }).waitFor();
    if (path === '/docs') assert.equal((await tryOut(page, '/answers/text')).status, '200');
    assert.deepEqual([...strangers], []);
    await page.close();
  }
}));
