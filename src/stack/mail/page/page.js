// The mailbox's page. What strangers have written is put in as text; a mail's HTML is shown in a frame that runs nothing.
'use strict';

const at = (id) => document.getElementById(id);
const shown = { mails: [], chosen: null, tab: 'HTML', query: '' };

const ask = async (path, options) => {
  const reply = await fetch(path, options);
  if (!reply.ok) throw new Error(`${path} answered ${reply.status}`);
  return reply;
};
const json = async (path) => (await ask(path)).json();

const element = (name, text, className) => {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
};

const named = (who) => (!who ? '' : who.Name ? `${who.Name} <${who.Address}>` : who.Address);
const time = (text) => {
  const then = new Date(text);
  const today = then.toDateString() === new Date().toDateString();
  return today ? then.toLocaleTimeString() : then.toLocaleString();
};

const row = (mail) => {
  const button = element('button');
  button.type = 'button';
  button.setAttribute('aria-current', String(mail.ID === shown.chosen));
  const to = element('div', undefined, 'to');
  to.append(element('span', mail.To.concat(mail.Cc, mail.Bcc).map((who) => who.Address).join(', ')), element('time', time(mail.Created)));
  button.append(to, element('div', mail.Subject || '(no subject)', mail.Read ? 'subject' : 'subject unread'), element('div', mail.Snippet, 'snippet'));
  button.addEventListener('click', () => { location.hash = mail.ID; });
  const item = element('li');
  item.append(button);
  return item;
};

const showList = () => {
  at('list').replaceChildren(...shown.mails.map(row));
  at('empty').hidden = shown.mails.length > 0;
};
const showCounts = (total, unread) => {
  at('counts').textContent = total === 0 ? '' : `${total} · ${unread} unread`;
  document.title = unread > 0 ? `Mail (${unread})` : 'Mail';
};

const loadList = async () => {
  const path = shown.query ? `/api/v1/search?limit=500&query=${encodeURIComponent(shown.query)}` : '/api/v1/messages?limit=500';
  const list = await json(path);
  shown.mails = list.messages;
  showCounts(list.total, list.unread);
  showList();
};

const showMessage = async (id) => {
  shown.chosen = id || null;
  at('message').hidden = true;
  at('frame').removeAttribute('src');
  if (!id) return showList();
  let mail;
  try {
    mail = await json(`/api/v1/message/${encodeURIComponent(id)}`);
  } catch {
    shown.chosen = null;
    return showList();
  }
  at('subject').textContent = mail.Subject || '(no subject)';
  const who = [['From', [mail.From]], ['To', mail.To], ['Cc', mail.Cc], ['Bcc', mail.Bcc], ['Reply to', mail.ReplyTo]];
  at('who').replaceChildren(...who.filter(([, list]) => list.length > 0 && list[0])
    .flatMap(([name, list]) => [element('dt', name), element('dd', list.map(named).join(', '))]));
  showTabs(mail);
  at('attachments').replaceChildren(...mail.Attachments.concat(mail.Inline).map((part) => {
    const link = element('a', `${part.FileName || part.ContentType} (${part.Size} bytes)`);
    link.href = `/api/v1/message/${mail.ID}/part/${part.PartID}`;
    link.target = '_blank';
    link.rel = 'noopener';
    const item = element('li');
    item.append(link);
    return item;
  }));
  at('attachments').hidden = mail.Attachments.length + mail.Inline.length === 0;
  at('message').hidden = false;
  const listed = shown.mails.find((one) => one.ID === id);
  if (listed) listed.Read = true;
  showList();
};

const showTabs = (mail) => {
  const tabs = [mail.HTML && 'HTML', mail.Text && 'Text', 'Headers', 'Source'].filter(Boolean);
  const choose = async (tab) => {
    for (const button of at('tabs').children) button.setAttribute('aria-selected', String(button.textContent === tab));
    at('frame').hidden = tab !== 'HTML';
    at('plain').hidden = tab === 'HTML';
    if (tab === 'HTML') {
      at('frame').src = `/view/${mail.ID}.html?embed=1`;
    } else if (tab === 'Text') {
      at('plain').textContent = mail.Text;
    } else if (tab === 'Source') {
      at('plain').textContent = await (await ask(`/api/v1/message/${mail.ID}/raw`)).text();
    } else {
      const headers = await json(`/api/v1/message/${mail.ID}/headers`);
      at('plain').textContent = Object.entries(headers).flatMap(([name, values]) => values.map((value) => `${name}: ${value}`)).join('\n');
    }
  };
  at('tabs').replaceChildren(...tabs.map((tab) => {
    const button = element('button', tab);
    button.type = 'button';
    button.setAttribute('role', 'tab');
    button.addEventListener('click', () => choose(tab));
    return button;
  }));
  choose(tabs[0]);
};

const remove = async (ids) => {
  await ask('/api/v1/messages', { method: 'DELETE', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ IDs: ids }) });
};

const follow = () => {
  const socket = new WebSocket(`ws://${location.host}/api/events`);
  socket.addEventListener('open', () => {
    at('live').textContent = 'live';
    at('live').className = 'on';
    loadList();
  });
  socket.addEventListener('message', (message) => {
    const event = JSON.parse(message.data);
    if (event.Type === 'stats') showCounts(event.Data.Total, event.Data.Unread);
    if (event.Type === 'new' && !shown.query) {
      shown.mails.unshift(event.Data);
      showList();
    } else if (event.Type !== 'stats') {
      loadList();
    }
  });
  socket.addEventListener('close', () => {
    at('live').textContent = 'not connected';
    at('live').className = '';
    setTimeout(follow, 1000);
  });
};

at('search').addEventListener('submit', (event) => event.preventDefault());
at('query').addEventListener('input', () => {
  shown.query = at('query').value.trim();
  loadList();
});
at('delete').addEventListener('click', async () => {
  await remove([shown.chosen]);
  location.hash = '';
});
at('delete-all').addEventListener('click', async () => {
  if (!confirm('Delete all mail?')) return;
  await remove([]);
  location.hash = '';
});
window.addEventListener('hashchange', () => showMessage(location.hash.slice(1)));
loadList().then(() => showMessage(location.hash.slice(1)));
follow();
