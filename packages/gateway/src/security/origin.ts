import type { IncomingMessage } from 'node:http';

export type OriginVerdict =
  /** Sent by a program, by a page of this gateway, or by a user who follows a link. */
  | 'own'
  /** Sent by a page that the configuration allows. */
  | 'allowed'
  /** Sent by a page of another origin. */
  | 'foreign';

/**
 * Returns which page sent the request. Browsers send `Origin` with every request that a page of another origin could
 * read, or that changes something; for others (an image, a script), `Sec-Fetch-Site` decides. `host` is the requested
 * host. `publicOrigin` is the origin of `server.public_url`: a proxy may pass another `Host` than the browser sent.
 */
export function originVerdict(
  { method, headers }: Pick<IncomingMessage, 'method' | 'headers'>,
  host: string,
  allowed: (origin: string) => boolean,
  publicOrigin?: string,
): OriginVerdict {
  const { origin } = headers;
  if (origin !== undefined) {
    if (host !== '' && origin.replace(/^https?:\/\//, '') === host) return 'own';
    if (origin === publicOrigin) return 'own';
    return allowed(origin) ? 'allowed' : 'foreign';
  }
  const site = headers['sec-fetch-site'];
  if (site === undefined || site === 'same-origin' || site === 'none') return 'own';
  // A form submission also navigates, and some browsers omit its origin: that does not count as a link.
  const isReading = method === 'GET' || method === 'HEAD';
  const followsLink = headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
  return isReading && followsLink ? 'own' : 'foreign';
}
