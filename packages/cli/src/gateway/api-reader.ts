import type { ReadResource } from './graph-summary.ts';

const TIMEOUT_MS = 3000;

/** Reads the API of a gateway at `url`; `token` is sent along where one is set. */
export function apiReader(url: string, token: string): ReadResource {
  return async (path) => {
    const response = await fetch(`${url}/api/v1${path}`, {
      headers: token === '' ? {} : { Authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!response.ok) throw new Error(`GET ${path} answered ${response.status}`);
    return response.json();
  };
}
