// Starts Swagger UI with what the page says. A file of its own, so that the page allows no script within itself.
'use strict';
(() => {
  const settings = JSON.parse(document.getElementById('settings').textContent);
  const absolute = (path) => new URL(path, location.href).href;
  const base = absolute(settings.base).replace(/\/$/, '');
  const tokenUrl = settings.token && absolute(settings.token);

  // Where a proxy has put the API below a path, only the browser knows it.
  const placed = (api) => {
    if (!api.servers?.length) api.servers = [{ url: base }];
    const scheme = api.components?.securitySchemes?.[settings.sign_in];
    if (tokenUrl && scheme?.flows?.password) scheme.flows.password.tokenUrl = tokenUrl;
    return api;
  };

  const ui = SwaggerUIBundle({
    url: absolute(settings.document),
    dom_id: '#docs',
    layout: 'BaseLayout',
    deepLinking: true,
    showExtensions: true,
    showCommonExtensions: true,
    validatorUrl: null,
    oauth2RedirectUrl: absolute(settings.redirect),
    plugins: [() => ({
      statePlugins: { spec: { wrapActions: { updateJsonSpec: (original) => (api) => original(placed(api)) } } },
    })],
    requestInterceptor: (request) => {
      // Whoever signs in is no OAuth2 client with a secret; and a guard of this page has its own use for the header.
      if (tokenUrl && request.url === tokenUrl) delete request.headers.Authorization;
      return request;
    },
  });
  if (settings.client_id) {
    ui.initOAuth({ clientId: settings.client_id, usePkceWithAuthorizationCodeGrant: true });
  }
  window.ui = ui;
})();
