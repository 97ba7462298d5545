import type { Client } from '@medkit/client';

/** Under which others reach a gateway, as it says itself; its address here where it does not. */
export async function publicUrlOf(client: Client, signal?: AbortSignal): Promise<string> {
  try {
    const { public_url: url } = await client.call('getRoot', signal === undefined ? {} : { signal });
    return url === undefined || url === null || url === '' ? client.url : url.replace(/\/+$/, '');
  } catch {
    // Links alone depend on it, and whether the gateway answers shows with its faults.
    return client.url;
  }
}
