// Starts GraphiQL with what the page says, and signs people in. A file of its own, so that the page allows no script
// within itself.
//
// Invariant: a token, a password, and what was written into the editor, which may hold either, are in this page's memory
// and nowhere else: not in localStorage, which every page of the site could read.
'use strict';
(() => {
  const settings = JSON.parse(document.getElementById('settings').textContent);
  const endpoint = new URL(location.href);
  endpoint.search = endpoint.hash = '';
  const socketEndpoint = new URL(endpoint);
  socketEndpoint.protocol = endpoint.protocol === 'https:' ? 'wss:' : 'ws:';

  const kept = new Map();
  const storage = {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => { kept.set(key, String(value)); },
    removeItem: (key) => { kept.delete(key); },
    clear: () => { kept.clear(); },
    get length() { return kept.size; },
  };

  const element = (name, members = {}, ...children) => {
    const made = Object.assign(document.createElement(name), members);
    made.append(...children);
    return made;
  };
  const place = document.getElementById('docs');
  const editor = element('div', { className: 'editor' });
  const root = ReactDOM.createRoot(editor);

  // Whether a request is to be asked over the WebSocket. GraphiQL knows only what it had parsed when nobody had typed for
  // a while. Top-level definitions alone count: what is in braces, strings and comments is taken out first.
  const subscribes = ({ query, operationName }) => {
    let heads = query.replace(/"""[\s\S]*?"""|"(?:\\.|[^"\\\n])*"|#[^\n\r]*/g, ' ');
    for (let last; last !== heads;) {
      last = heads;
      heads = last.replace(/\{[^{}]*\}/g, ';');
    }
    const kinds = [...heads.matchAll(/(?:^|;)\s*(query|mutation|subscription)\b\s*([_A-Za-z]\w*)?/g)];
    const chosen = kinds.find(([, , name]) => name === operationName) ?? kinds[0];
    return chosen?.[1] === 'subscription';
  };

  // Who has signed in: { email, token }, or null. Each has an editor of their own, so that nobody sees an answer that was
  // another's, and a WebSocket of their own.
  let session = null;
  let count = 0;
  let socket = null;
  let identity; // that the WebSocket was opened with
  const authorised = (given) => {
    const headers = new Headers(given);
    if (session && !headers.has('Authorization')) headers.set('Authorization', `Bearer ${session.token}`);
    return headers;
  };
  const hangUp = () => {
    socket?.dispose();
    socket = null;
  };

  const ask = async (params, given) => {
    const headers = authorised(given);
    headers.set('Content-Type', 'application/json');
    const mine = session;
    const answer = await fetch(endpoint, { method: 'POST', headers, body: JSON.stringify(params) });
    if (answer.status === 401 && mine && mine === session) leave('Your session has ended: sign in again.');
    const text = await answer.text();
    try {
      return JSON.parse(text);
    } catch {
      throw new Error(`${answer.status} ${answer.statusText}: ${text.slice(0, 300)}`);
    }
  };
  const follow = (params, given) => {
    const wanted = authorised(given).get('Authorization');
    if (wanted !== identity) hangUp();
    identity = wanted;
    socket ??= graphqlWs.createClient({
      url: socketEndpoint.href,
      retryAttempts: 0,
      connectionParams: wanted ? { Authorization: wanted } : {},
    });
    const results = socket.iterate(params);
    const inWords = (error) => {
      if (Array.isArray(error)) return { done: false, value: { errors: error } };
      if (error instanceof Error) throw error;
      throw new Error(`The WebSocket was closed: ${error.code ?? ''} ${error.reason ?? ''}`.trim());
    };
    return {
      [Symbol.asyncIterator]() { return this; },
      next: () => results.next().catch(inWords),
      return: () => results.return(),
    };
  };

  const show = () => {
    hangUp();
    const fetcher = (params, { headers } = {}) => (subscribes(params) ? follow(params, headers) : ask(params, headers));
    root.render(React.createElement(GraphiQL, {
      key: String(++count), fetcher, storage, shouldPersistHeaders: false, showPersistHeadersSettings: false,
    }));
  };

  const bar = element('form', { className: 'identity' });
  bar.setAttribute('aria-label', 'Identity');
  const input = (type, label, autocomplete) => {
    const made = element('input', { type, placeholder: label, required: true, autocomplete });
    made.setAttribute('aria-label', label);
    return made;
  };
  const email = input('email', 'E-mail address', 'username');
  const password = input('password', 'Password', 'current-password');
  const trouble = element('span');
  trouble.setAttribute('role', 'alert');
  const button = element('button', { type: 'submit' });
  const who = element('span');
  let expiry;

  const draw = (message = '') => {
    trouble.textContent = message;
    button.textContent = session ? 'Sign out' : 'Sign in';
    button.disabled = false;
    who.textContent = session ? `Signed in as ${session.email}` : '';
    bar.replaceChildren(...(session ? [who] : [email, password]), button, trouble);
  };
  const leave = (message = '') => {
    clearTimeout(expiry);
    session = null;
    draw(message);
    show();
  };
  const enter = async () => {
    const asked = { email: email.value, password: password.value };
    button.disabled = true;
    trouble.textContent = '';
    let answer, said;
    try {
      answer = await fetch(new URL(settings.token, location.href), {
        method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(asked),
      });
      said = await answer.json();
    } catch {
      return draw('The server could not be reached.');
    }
    if (!answer.ok || !said.access_token)
      return draw(said.error_description ?? `Signing in failed: ${answer.status}`);
    password.value = '';
    session = { email: asked.email, token: said.access_token };
    const longest = 2 ** 31 - 1; // of a timer, in milliseconds
    expiry = setTimeout(() => leave('Your session has ended: sign in again.'), Math.min(said.expires_in * 1000, longest));
    draw();
    show();
  };
  bar.addEventListener('submit', (event) => {
    event.preventDefault();
    if (session) leave();
    else enter();
  });

  if (settings.token) {
    place.append(bar);
    draw();
  }
  place.append(editor);
  show();
})();
