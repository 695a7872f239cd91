// Load from two users, interleaved over keep-alive connections: two_users.mjs URL CONNECTIONS REQUESTS [SECONDS] [METHOD],
// the users as JSON [{id, token}, …] on standard input. Their own id stands for USER_ID in the URL, and they send it as
// X-User-Id and, with POST, as JSON. Counts the rows that came back to the wrong one, and prints JSON.
// Stops by itself, after so many requests or seconds. Speaks to loopback only.
import http from 'node:http';

const [, , url, connections, requests, seconds = '240', method = 'GET'] = process.argv;
const { hostname, port, pathname, search } = new URL(url);
if (!['127.0.0.1', 'localhost', '[::1]'].includes(hostname)) throw new Error('this load is for loopback only');
let input = '';
for await (const chunk of process.stdin) input += chunk;
const users = JSON.parse(input);
const agent = new http.Agent({ keepAlive: true, maxSockets: Number(connections) });
const end = Date.now() + Number(seconds) * 1000;
const seen = { requests: 0, rows: 0, foreign_rows: 0, failures: 0, statuses: {} };
let sent = 0;

const once = (user) => new Promise((resolve) => {
  const path = `${pathname}${search}`.replace('USER_ID', user.id);
  const headers = { Authorization: `Bearer ${user.token}`, 'X-User-Id': user.id };
  const body = method === 'POST' ? JSON.stringify({ user_id: user.id }) : undefined;
  if (body) Object.assign(headers, { 'Content-Type': 'application/json', 'Content-Length': body.length });
  const request = http.request({ host: hostname, port, path, agent, method, headers }, (answer) => {
    let text = '';
    answer.setEncoding('utf8');
    answer.on('data', (chunk) => { text += chunk; });
    answer.on('end', () => {
      seen.requests++;
      seen.statuses[answer.statusCode] = (seen.statuses[answer.statusCode] ?? 0) + 1;
      if (answer.statusCode !== 200) seen.failures++;
      else for (const row of JSON.parse(text)) { seen.rows++; if (row.user_id !== user.id) seen.foreign_rows++; }
      resolve();
    });
    answer.on('error', () => { seen.failures++; resolve(); });
  });
  request.on('error', () => { seen.failures++; resolve(); });
  request.end(body);
});

await Promise.all(Array.from({ length: Number(connections) }, async () => {
  while (sent < Number(requests) && Date.now() < end) await once(users[sent++ % users.length]);
}));
agent.destroy();
console.log(JSON.stringify(seen));
