import { API_BASE } from './addresses.generated.ts';

/**
 * Returns the target of a redirect from the gateway at `url`. Returns `undefined` if the target is outside the API of
 * that gateway, because tokens must not be sent anywhere else.
 */
export function redirectTarget(url: string, location: string | null): string | undefined {
  const base = `${url}${API_BASE}/`;
  const address = location?.startsWith('/') ? `${url}${location}` : (location ?? '');
  // Checks the normalized URL as well, because dot segments may lead out of the API.
  return address.startsWith(base) && URL.canParse(address) && new URL(address).href.startsWith(base)
    ? address
    : undefined;
}
