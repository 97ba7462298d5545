import { API_BASE } from './addresses.generated.ts';

/**
 * Returns the target of a redirect from the gateway at `url`. Returns `undefined` if the target is outside the API of
 * that gateway, because tokens must not be sent anywhere else.
 */
export function redirectTarget(url: string, location: string | null): string | undefined {
  const base = `${url}${API_BASE}/`;
  const { origin, pathname } = new URL(base);
  // A hub returns the whole path of a robot, `/fleet/amr-17/api/v1/…`; behind a proxy that removes a path, it is missing.
  const root = location?.startsWith(pathname) ? origin : url;
  const address = location?.startsWith('/') ? `${root}${location}` : (location ?? '');
  // Checks the normalized URL as well, because dot segments may lead out of the API.
  return address.startsWith(base) && URL.canParse(address) && new URL(address).href.startsWith(base)
    ? address
    : undefined;
}

/**
 * Returns the address on another server at which the gateway at `url` has a file. Returns `undefined` if it is no address,
 * or one without encryption while the gateway has encryption.
 */
export function fileTarget(url: string, location: string | null): string | undefined {
  if (location === null || !URL.canParse(location)) return undefined;
  const { protocol } = new URL(location);
  if (protocol === 'https:' || (protocol === 'http:' && new URL(url).protocol === 'http:')) return location;
  return undefined;
}
