import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { API_BASE, type RootOverview } from '@medkit/contract';
import { stringifyJson } from '@medkit/core';
import type { Files } from '@medkit/edges';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { putPage } from '../http/chain.ts';
import { matchesEtag } from '../http/page-cache.ts';
import { routeNotFound } from '../http/public-error.ts';
import { pagesRoot } from '../http/public-url.ts';
import { sendJson } from '../http/send-json.ts';
import type { UnroutedAddresses } from '../http/unrouted-addresses.ts';
import { assetRoute } from './asset-route.ts';
import { isBrowser, navigates } from './navigation.ts';
import { boundPage } from './page-headers.ts';

export interface WebPagesOptions {
  readonly files: Pick<Files, 'list' | 'read' | 'readText' | 'stateOf'>;
  /** Folder of the built pages: `index.html`, and `assets` beside it. `undefined` if the gateway has no pages. */
  readonly folder: string | undefined;
  readonly overview: RootOverview;
  /** The pages of the robots of a hub. */
  readonly robots?: RobotPages | undefined;
}

/** A `meta` element of the document; both members are safe in HTML. */
export interface PageMeta {
  readonly name: 'medkit-hub' | 'medkit-robot';
  readonly content: string;
}

/** Addresses of the pages of robots, which a fleet hub serves below a path for each robot. */
export interface RobotPages {
  /** Returns the URL without the path of the robot if it is one of its pages or their files, else the URL. */
  withoutRobot(url: string, request: Pick<IncomingMessage, 'headers'>): string;
  /** Returns what the document at a URL must know: the robot that it belongs to, or that it belongs to a hub. */
  metaOf(url: string): PageMeta | undefined;
  /** Returns whether the URL is the path of a robot without a trailing slash, which pages need. */
  isRobot(url: string): boolean;
}

export interface WebPages {
  /** Routes of `/` and the files of the pages. */
  readonly routes: (app: FastifyInstance) => void;
  /** The addresses of the pages. All return the same document, which renders by its URL. */
  readonly addresses: UnroutedAddresses | undefined;
}

const NOT_BUILT = `The gateway runs, but its web pages are not built. To build them, run in the folder of the repository:

  npm run web

API: ${API_BASE}
Documentation: /docs
`;

/** Serves the pages to browsers, and the overview to other clients. Reads files on request only. */
export function webPages({ files, folder, overview, robots }: WebPagesOptions): WebPages {
  const json = stringifyJson(overview);
  const document = async () => (folder === undefined ? undefined : files.readText(join(folder, 'index.html')));
  return {
    routes(app) {
      putPage(app, '/', 'public', async (request, reply) => {
        reply.header('Vary', 'Accept').header('Cache-Control', 'no-cache');
        if (!isBrowser(request)) return sendJson(reply, json);
        const html = await document();
        return html === undefined
          ? reply.type('text/plain; charset=utf-8').send(NOT_BUILT)
          : send(request, reply, withMeta(request, html));
      });
      if (folder !== undefined) assetRoute(files, folder)(app);
    },
    addresses: folder === undefined ? undefined : { isOne: navigates, answer },
  };

  async function answer(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const html = await document();
    if (html === undefined) throw routeNotFound();
    const [path = '', query] = request.url.split('?', 2);
    // Relative to the directory of the URL, which is right below any path that a proxy removes.
    if (robots?.isRobot(request.url))
      return reply.redirect(`./${path.slice(path.lastIndexOf('/') + 1)}/${query === undefined ? '' : `?${query}`}`);
    return send(
      request,
      reply.header('Vary', 'Accept, Sec-Fetch-Mode').header('Cache-Control', 'no-cache'),
      withMeta(request, html),
    );
  }

  function withMeta({ originalUrl }: FastifyRequest, html: string): string {
    const meta = robots?.metaOf(originalUrl);
    return meta ? html.replace('</title>', `</title><meta name="${meta.name}" content="${meta.content}">`) : html;
  }
}

/** Part of the built document; URLs in the document are relative to it. */
const BASE_ELEMENT = '<base href="/">';

function send(request: FastifyRequest, reply: FastifyReply, built: string): FastifyReply {
  const html = built.replace(BASE_ELEMENT, `<base href="${pagesRoot(request)}">`);
  const etag = `"${createHash('sha256').update(html).digest('base64url')}"`;
  boundPage(reply.header('ETag', etag));
  if (matchesEtag(request.headers['if-none-match'], etag)) return reply.code(304).send();
  return reply.type('text/html; charset=utf-8').send(html);
}
