import type { FastifyRequest } from 'fastify';

/** Paths for programs: an unknown one is always 404, also in a browser. */
const NO_PAGES = /^\/(?:api|docs|assets)(?:\/|$)/;

type PageRequest = Pick<FastifyRequest, 'headers' | 'method' | 'url'>;

/** Returns whether the client is a browser that requests a document. */
export function isBrowser({ headers }: Pick<PageRequest, 'headers'>): boolean {
  return headers.accept?.includes('text/html') === true;
}

/** Returns whether a user typed this URL or followed a link to it: only the pages themselves know their addresses. */
export function navigates({ headers, method, url }: PageRequest): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false;
  const mode = headers['sec-fetch-mode'];
  if (!isBrowser({ headers }) || (mode !== undefined && mode !== 'navigate')) return false;
  const path = decoded(url.split('?', 1)[0] ?? '');
  return path !== undefined && !NO_PAGES.test(path);
}

/** Decodes the path as the router does: `/%61pi` is `/api`. */
function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
