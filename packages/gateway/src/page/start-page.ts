import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { RootOverview } from '@medkit/contract';
import { stringifyJson } from '@medkit/core';
import type { Files } from '@medkit/edges';
import type { FastifyInstance } from 'fastify';
import { putPage } from '../http/chain.ts';
import { sendFileText } from '../http/send-fresh.ts';
import { sendJson } from '../http/send-json.ts';

export interface StartPageOptions {
  readonly files: Files;
  readonly overview: RootOverview;
}

/** `/`: the live tree for a browser, the overview for everybody else. */
export async function startPageRoute({ files, overview }: StartPageOptions) {
  const path = fileURLToPath(new URL('start-page.html', import.meta.url));
  const html = await files.readText(path);
  if (html === undefined) throw new Error(`the start page ${path} is missing from the installation`);
  const policy = policyOf(html);
  const json = stringifyJson(overview);
  return (app: FastifyInstance): void => {
    putPage(app, '/', 'public', (request, reply) => {
      reply.header('Vary', 'Accept').header('Cache-Control', 'no-cache');
      if (!request.headers.accept?.includes('text/html')) return sendJson(reply, json);
      return sendFileText(request, reply.header('Content-Security-Policy', policy), 'text/html; charset=utf-8', html);
    });
  };
}

/** Allows the page just its own script and style, named by their digests, and requests to this gateway. */
export function policyOf(html: string): string {
  const digests = (tag: string) =>
    [...html.matchAll(new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`, 'g'))].map(
      ([, text = '']) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`,
    );
  return [
    "default-src 'none'",
    `script-src ${digests('script').join(' ')}`,
    `style-src ${digests('style').join(' ')}`,
    "connect-src 'self'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
