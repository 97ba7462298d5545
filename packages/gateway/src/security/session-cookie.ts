import { SovdError } from '@medkit/contract';
import type { RequestSender } from './identity.ts';

/** Longer headers are ignored. */
const MAX_COOKIES_LENGTH = 16_384;

/**
 * Returns the session cookie: sent only to this origin, inaccessible to scripts, and never sent with requests from
 * other sites. `__Host-` binds it to this host (RFC 6265bis, 4.1.3.2), which requires TLS.
 */
export function sessionCookie(name: string, value: string, maxAgeSec: number): string {
  return `${name}=${value}; Path=/; Max-Age=${maxAgeSec}; HttpOnly; SameSite=Strict${securityOf(name)}`;
}

/** Returns the attribute of a cookie that requires TLS. */
export const securityOf = (name: string): string => (name.startsWith('__Host-') ? '; Secure' : '');

/**
 * Returns the cookie name of a gateway: unique, since browsers send the cookies of a host to all its ports.
 * @param instance distinct among gateways
 */
export function cookieNameOf(instance: string, isSecure: boolean): string {
  const suffix = instance.replaceAll(/[^\w-]/g, '').slice(0, 12);
  return `${isSecure ? '__Host-' : ''}medkit-${suffix}`;
}

/**
 * Returns the session cookie of a request. Throws `forbidden` for a changing request that another page could have
 * caused: neither `Sec-Fetch-Site` nor `Origin` shows that it is of this origin.
 */
export function sessionIn(asking: RequestSender, name: string): string | undefined {
  const value = cookieIn(asking.headers.cookie, name);
  if (value === undefined) return undefined;
  const isReading = asking.method === 'GET' || asking.method === 'HEAD';
  if (!isReading && !isOfThisOrigin(asking)) throw foreignRequest();
  return value;
}

/** Returns the value of a cookie (RFC 6265, 4.2.1). */
export function cookieIn(header: string | undefined, name: string): string | undefined {
  if (header === undefined || header.length > MAX_COOKIES_LENGTH) return undefined;
  const start = `${name}=`;
  const found = header.split(';').find((pair) => pair.trimStart().startsWith(start));
  return found?.trim().slice(start.length);
}

/** Returns whether a browser sent the request for a page of this origin; false for programs, which are no browsers. */
export function isOfThisOrigin({ headers }: RequestSender): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  const { origin, host } = headers;
  return origin !== undefined && host !== undefined && origin.replace(/^https?:\/\//, '') === host;
}

function foreignRequest(): SovdError {
  const message =
    'A session is only for the web pages of this gateway: a program must send a key as "Authorization: Bearer <key>"';
  return new SovdError({ code: 'forbidden', message });
}
