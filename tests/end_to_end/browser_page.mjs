// A browser that reaches nobody but this machine, pages of it that tell what went wrong in them, and a proxy before an API.
import http from 'node:http';
import net from 'node:net';
import { chromium } from 'playwright-core';

const { CHROMIUM, PICTURES } = process.env;

export const openBrowser = () => chromium.launch({
  executablePath: CHROMIUM,
  args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-proxy-server', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'],
});

// `troubles` is what went wrong, but for messages of which `isNoTrouble` says so; `strangers` whom it has asked besides the
// API; `sent` all of its requests.
export async function openPage(browser, url, { height = 900, isNoTrouble = () => false } = {}) {
  const page = await browser.newPage({ viewport: { width: 1300, height } });
  const troubles = [];
  page.on('console', (message) => {
    if (isNoTrouble(message.text())) return;
    if (['error', 'warning'].includes(message.type())) troubles.push(`${message.text()} ${message.location().url}`);
  });
  page.on('pageerror', (error) => troubles.push(String(error)));
  const strangers = new Set();
  const sent = [];
  page.on('request', (request) => {
    const to = new URL(request.url());
    if (!['data:', 'blob:'].includes(to.protocol) && to.origin !== new URL(url).origin) strangers.add(to.href);
    sent.push(request);
  });
  // What the page's policy has kept from being asked for was not asked for.
  page.on('requestfailed', (request) => { if (request.failure()?.errorText === 'csp') strangers.delete(request.url()); });
  await page.goto(url);
  return { page, troubles, strangers, sent };
}

export async function picture(page, name) {
  if (PICTURES) await page.screenshot({ path: `${PICTURES}/${name}.png` });
}

// Calls `use` with the address of a proxy that has the API at `target` below /team/api, WebSockets included.
export async function withProxy(target, use) {
  const prefix = '/team/api';
  const { hostname, port } = new URL(target);
  const proxy = http.createServer((request, response) => {
    if (!request.url.startsWith(`${prefix}/`)) return response.writeHead(404).end();
    const on = http.request(target + request.url.slice(prefix.length), { method: request.method, headers: request.headers }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    request.pipe(on);
  }).on('upgrade', (request, socket, head) => {
    const on = net.connect(Number(port), hostname, () => {
      const headers = request.rawHeaders.flatMap((name, i) => (i % 2 ? [] : [`${name}: ${request.rawHeaders[i + 1]}`]));
      on.write(`GET ${request.url.slice(prefix.length)} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n`);
      on.write(head);
      socket.pipe(on).pipe(socket);
    });
    for (const end of [socket, on]) end.on('error', () => { socket.destroy(); on.destroy(); });
  }).listen(0, '127.0.0.1');
  await new Promise((ready) => proxy.once('listening', ready));
  try {
    await use(`http://127.0.0.1:${proxy.address().port}${prefix}`);
  } finally {
    proxy.close();
    proxy.closeAllConnections();
  }
}
