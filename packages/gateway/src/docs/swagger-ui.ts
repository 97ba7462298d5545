import { fileURLToPath } from 'node:url';
import { API_BASE, SovdError } from '@medkit/contract';
import type { Files } from '@medkit/edges';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { putPage, putStaticFile } from '../http/chain.ts';
import { pagesRoot } from '../http/public-url.ts';
import { sendFileText } from '../http/send-fresh.ts';
import { disabled } from './documents.ts';

const BASE = `${API_BASE}/swagger-ui`;

/** Files of the Swagger UI distribution that the page loads, served from here: a robot may have no internet access. */
const ASSETS: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css',
  'swagger-ui-bundle.js': 'text/javascript',
  'swagger-ui-standalone-preset.js': 'text/javascript',
};

/** `base` is the folder of these files, relative to the page: it works below any path of a proxy. */
const pageFor = (base: string) => `<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>medkit API</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="${base}/swagger-ui.css">
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="${base}/swagger-ui-bundle.js"></script>
    <script src="${base}/swagger-ui-standalone-preset.js"></script>
    <script src="${base}/start.js"></script>
  </body>
</html>
`;

const START = `SwaggerUIBundle({
  url: new URL('../docs', document.currentScript.src).href,
  dom_id: '#swagger-ui',
  deepLinking: true,
  docExpansion: 'list',
  persistAuthorization: true,
  validatorUrl: null,
  presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset.slice(1)],
});
`;

// Swagger UI sets inline styles and loads its icons from data: URLs.
const POLICY =
  "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Swagger UI at `/docs` and `/api/v1/swagger-ui`, without external resources. */
export function swaggerUiRoutes({ enabled, files }: { readonly enabled: boolean; readonly files: Files }) {
  return (app: FastifyInstance): void => {
    if (!enabled) {
      for (const url of ['/docs', BASE, `${BASE}/:asset`]) putPage(app, url, 'public', disabled);
      return;
    }
    const page = (request: FastifyRequest, reply: FastifyReply) => {
      const html = pageFor(pagesRoot(request) + BASE.slice(1));
      reply.type('text/html; charset=utf-8').header('Content-Security-Policy', POLICY).send(html);
    };
    putPage(app, '/docs', 'public', page);
    putPage(app, BASE, 'public', page);
    putStaticFile(app, `${BASE}/start.js`, (_, reply) => reply.type('text/javascript').send(START));

    const folder = fileURLToPath(new URL('static/', import.meta.resolve('@fastify/swagger-ui')));
    putStaticFile(app, `${BASE}/:asset`, async (request, reply) => {
      const { asset } = request.params as { readonly asset: string };
      const type = Object.hasOwn(ASSETS, asset) ? ASSETS[asset] : undefined;
      // Read for each request: browsers cache it for an hour, and a cache here would permanently hold 2 MB.
      const text = type === undefined ? undefined : await files.readText(folder + asset);
      if (type === undefined || text === undefined) throw assetNotFound();
      reply.header('X-Content-Type-Options', 'nosniff').header('Cache-Control', 'public, max-age=3600');
      return sendFileText(request, reply, type, text);
    });
  };
}

function assetNotFound(): SovdError {
  return new SovdError({ code: 'resource-not-found', message: 'Asset not found' });
}
