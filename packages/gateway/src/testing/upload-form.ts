import { buffer } from 'node:stream/consumers';
import type { FastifyInstance } from 'fastify';

/** One part of a form; a file if it has a file name. */
export interface FormPart {
  readonly name: string;
  readonly content: string;
  readonly filename?: string;
  readonly type?: string;
}

/** Sends a form as `curl -F` does. */
export async function uploadForm(app: FastifyInstance, url: string, parts: readonly FormPart[]) {
  const form = new FormData();
  for (const { name, content, filename, type } of parts) {
    if (filename === undefined) form.append(name, content);
    else form.append(name, new Blob([content], { type: type ?? '' }), filename);
  }
  const { headers, body } = new Request('http://localhost', { method: 'POST', body: form }) as Request;
  const payload = await buffer(body as AsyncIterable<Uint8Array>);
  return app.inject({ method: 'POST', url, payload, headers: { 'content-type': headers.get('content-type') ?? '' } });
}
