// Load from two users, interleaved over keep-alive connections: two_users.mjs URL CONNECTIONS REQUESTS [SECONDS], the
// users as JSON [{id, token}, …] on standard input. Counts the rows that came back to the wrong one, and prints JSON.
// Stops by itself, after so many requests or seconds. Speaks to loopback only.
import http from 'node:http';

const [, , url, connections, requests, seconds = '240'] = process.argv;
const { hostname, port, pathname } = new URL(url);
if (!['127.0.0.1', 'localhost', '[::1]'].includes(hostname)) throw new Error('this load is for loopback only');
let input = '';
for await (const chunk of process.stdin) input += chunk;
const users = JSON.parse(input);
const agent = new http.Agent({ keepAlive: true, maxSockets: Number(connections) });
const end = Date.now() + Number(seconds) * 1000;
const seen = { requests: 0, rows: 0, foreign_rows: 0, failures: 0, statuses: {} };
let sent = 0;

const once = (user) => new Promise((resolve) => {
  const request = http.get({ host: hostname, port, path: pathname, agent, headers: { Authorization: `Bearer ${user.token}` } }, (answer) => {
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
});

await Promise.all(Array.from({ length: Number(connections) }, async () => {
  while (sent < Number(requests) && Date.now() < end) await once(users[sent++ % users.length]);
}));
agent.destroy();
console.log(JSON.stringify(seen));
