import { API_BASE } from './addresses.generated.ts';

/**
 * Where the gateway at `url` says that something is now. `undefined` where that is no address of its API: whatever is sent, a token for
 * one, goes nowhere else.
 */
export function movedAddress(url: string, location: string | null): string | undefined {
  const base = `${url}${API_BASE}/`;
  const address = location?.startsWith('/') ? `${url}${location}` : (location ?? '');
  // What it is as a whole counts: dots may lead out again.
  return address.startsWith(base) && URL.canParse(address) && new URL(address).href.startsWith(base)
    ? address
    : undefined;
}
