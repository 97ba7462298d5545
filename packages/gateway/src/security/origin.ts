import type { IncomingMessage } from 'node:http';

export type OriginVerdict =
  /** Not sent by a page of another origin: by a program, by a page of ours, or by a person following a link. */
  | 'own'
  /** Sent by a page that the configuration allows. */
  | 'allowed'
  /** Sent by somebody else's page. */
  | 'foreign';

/**
 * Whose page sent the request. Browsers name the origin of every request that a page of another origin could read or
 * that changes something; on those that they do not name (an image, a script), `Sec-Fetch-Site` tells. `host` is the one that was asked,
 * `publicOrigin` the origin of `server.public_url`: a proxy may pass another `Host` than the browser sent.
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
  // A form is sent by navigating, too, and not every browser names its origin then: that is no link.
  const isReading = method === 'GET' || method === 'HEAD';
  const followsLink = headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
  return isReading && followsLink ? 'own' : 'foreign';
}
