// Starts ReDoc with what the page says. A file of its own, so that the page allows no script within itself.
'use strict';
(async () => {
  const settings = JSON.parse(document.getElementById('settings').textContent);
  const absolute = (path) => new URL(path, location.href).href;
  const place = document.getElementById('docs');
  const answer = await fetch(absolute(settings.document));
  if (!answer.ok) {
    place.textContent = `${settings.document}: ${answer.status} ${answer.statusText}`;
    return;
  }
  const api = await answer.json();
  // Where a proxy has put the API below a path, only the browser knows it.
  if (!api.servers?.length) api.servers = [{ url: absolute(settings.base).replace(/\/$/, '') }];
  const family = 'system-ui, sans-serif';
  Redoc.init(api, {
    downloadDefinitionUrl: absolute(settings.document),
    sanitize: true,
    theme: { typography: { fontFamily: family, headings: { fontFamily: family } } },
  }, place);
})();
