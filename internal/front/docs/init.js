// Shows the OpenAPI document of one service at a time; the fragment says which.
'use strict';

function show() {
  const links = [...document.querySelectorAll('[data-service]')];
  const wanted = location.hash.slice(1).split('/')[0];
  const current = links.find((a) => a.dataset.service === wanted) || links[0];
  for (const a of links) {
    if (a === current) a.setAttribute('aria-current', 'page');
    else a.removeAttribute('aria-current');
  }
  window.ui = SwaggerUIBundle({
    url: '/openapi/' + current.dataset.service + '.json',
    dom_id: '#reference',
    validatorUrl: null,
    docExpansion: 'list',
    defaultModelsExpandDepth: 0,
    displayRequestDuration: true,
    tryItOutEnabled: true,
    withCredentials: true,
  });
}

window.addEventListener('hashchange', show);
show();
