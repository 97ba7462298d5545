import type { GenericError } from '@medkit/contract';
import { parseJson } from '@medkit/core/json';
import { GatewayRefused, GatewayUnreachable, NotAGateway, type SentRequest } from './failures.ts';

/** Maximum size of a JSON reply in bytes: far beyond any message of a robot. */
const MAX_REPLY_BYTES = 268_435_456;

/** The members of a reply that the client uses; a `Response` has them. */
export interface SentReply extends Pick<Response, 'ok' | 'status' | 'body'> {
  readonly headers: Pick<Headers, 'get'>;
  /** The complete body, if the sender has already read it; `body` is then not read. */
  readonly octets?: Uint8Array;
}

/** A reply that is a JSON document or empty. */
export interface Reply<Value> {
  readonly status: number;
  readonly headers: SentReply['headers'];
  /** The original document, with every digit of its numbers; empty if there is none. */
  readonly text: string;
  /** The parsed document. Integers that a JavaScript number cannot represent are `bigint`. */
  readonly value: Value;
}

export interface ReplyOptions {
  readonly mayBeEmpty: boolean;
  /** Returns the document with the addresses of the API, see `localAddressesOf`. */
  readonly localAddresses: (text: string) => string;
}

/** Decodes complete texts only; it stores no state between them. */
const utf8 = new TextDecoder();

/** Reads a JSON reply. Throws `NotAGateway` if it is not JSON, or if it is empty and `mayBeEmpty` is false. */
export async function jsonReply<Value>(
  request: SentRequest,
  response: SentReply,
  { mayBeEmpty, localAddresses }: ReplyOptions,
): Promise<Reply<Value>> {
  const { status, headers } = response;
  const text = await textOf(request, response);
  if (text === '' && !mayBeEmpty) throw new NotAGateway(request, status, 'an empty body');
  const value = text === '' ? undefined : documentOf(request, response, localAddresses(text));
  return { status, headers, text, value: value as Value };
}

/** Returns the error for a reply that is not a success. */
export async function failureOf(request: SentRequest, response: SentReply): Promise<Error> {
  const { status, headers } = response;
  if (status >= 300 && status < 400) {
    const location = headers.get('location') ?? undefined;
    await response.body?.cancel();
    return new NotAGateway(request, status, `a redirect to ${location ?? 'nowhere'}`, location);
  }
  const text = await textOf(request, response);
  const body = documentOf(request, response, text) as Partial<GenericError> | null;
  if (typeof body?.message !== 'string' || typeof body.error_code !== 'string') {
    return new NotAGateway(request, status, 'an error that is not in the SOVD format');
  }
  return new GatewayRefused(request, status, body as GenericError, text);
}

function documentOf(request: SentRequest, { status, headers }: SentReply, text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const media = headers.get('content-type')?.split(';')[0];
    throw new NotAGateway(request, status, media === undefined ? 'an unreadable body' : `${media}, which is not JSON`);
  }
}

async function textOf(request: SentRequest, { status, body, octets }: SentReply): Promise<string> {
  if (octets !== undefined) return utf8.decode(octets);
  if (body === null) return '';
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  const chunks = unbroken(request, body);
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > MAX_REPLY_BYTES) throw new NotAGateway(request, status, `more than ${MAX_REPLY_BYTES} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** Yields the chunks of a body. Throws `GatewayUnreachable` if the connection breaks. */
export async function* unbroken(request: SentRequest, body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((error: unknown) => {
        throw new GatewayUnreachable(request, error);
      });
      if (done) return;
      yield value;
    }
  } finally {
    // Ends the transfer if the caller stops reading. Ignores a failed transfer: the reader has already reported it.
    await reader.cancel().catch(() => undefined);
  }
}
