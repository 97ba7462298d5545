import type { FastifyRequest } from 'fastify';

/** Where programs ask: what is not there is not there, whoever asks. */
const NO_PAGES = /^\/(?:api|docs|assets)(?:\/|$)/;

type PageRequest = Pick<FastifyRequest, 'headers' | 'method' | 'url'>;

/** Whether who asks shows documents to a person. */
export function isBrowser({ headers }: Pick<PageRequest, 'headers'>): boolean {
  return headers.accept?.includes('text/html') === true;
}

/** Whether a person has typed this address, or followed a link to it: one that only the pages themselves may know. */
export function navigates({ headers, method, url }: PageRequest): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false;
  const mode = headers['sec-fetch-mode'];
  if (!isBrowser({ headers }) || (mode !== undefined && mode !== 'navigate')) return false;
  const path = decoded(url.split('?', 1)[0] ?? '');
  return path !== undefined && !NO_PAGES.test(path);
}

/** As the router reads it: `/%61pi` is `/api`. */
function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
