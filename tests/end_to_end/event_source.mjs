// A page with an EventSource, in a real browser: says "connected" when the first event is shown, and what is shown once
// there are two.   event_source.mjs URL CHROMIUM
import { createRequire } from 'node:module';

const { chromium } = createRequire(`${process.env.BAILEY_CLIENTS}/clients.js`)('playwright-core');
const [url, executablePath] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--no-proxy-server', '--disable-quic'] });
try {
  const page = await browser.newPage();
  await page.goto(url);
  const shown = (count) => page.waitForFunction((n) => document.querySelectorAll('li').length >= n, count, { timeout: 60_000 });
  await shown(1);
  console.log('connected');
  await shown(2);
  console.log(JSON.stringify(await page.$$eval('li', (items) => items.map((item) => item.textContent))));
} finally {
  await browser.close();
}
