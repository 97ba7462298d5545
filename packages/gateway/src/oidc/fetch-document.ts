import type { HttpClient } from '@medkit/edges';
import { discoveryUrl, type ProviderDocument, readDocument } from './provider-document.ts';

const TIMEOUT_MS = 5000;
/** A configuration has some kilobytes, a key half of one. */
const MAX_REPLY_BYTES = 262_144;

/** Fetches the configuration of a provider. Throws if it is not that of `issuer`. */
export async function fetchDocument(http: HttpClient, issuer: string): Promise<ProviderDocument> {
  return readDocument(await fetchJson(http, discoveryUrl(issuer)), issuer);
}

export async function fetchJson(http: HttpClient, url: string): Promise<unknown> {
  const { status, body } = await http.send({
    ...{ method: 'GET', url, headers: { accept: 'application/json' } },
    ...{ timeoutMs: TIMEOUT_MS, maxReplyBytes: MAX_REPLY_BYTES },
  });
  if (status !== 200) throw new Error(`${url} replied with status ${status}`);
  try {
    return JSON.parse(body);
  } catch {
    throw new Error(`${url} did not reply with JSON of at most ${MAX_REPLY_BYTES} bytes`);
  }
}
