import type { Client } from '@medkit/client';

/** Returns the public address that a gateway reports, or the address used here if it reports none. */
export async function publicUrlOf(client: Client, signal?: AbortSignal): Promise<string> {
  try {
    const { public_url: url } = await client.call('getRoot', signal === undefined ? {} : { signal });
    return url === undefined || url === null || url === '' ? client.url : url.replace(/\/+$/, '');
  } catch {
    // Only links depend on it; reading the faults reports an unavailable gateway.
    return client.url;
  }
}
