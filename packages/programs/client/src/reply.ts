import type { GenericError } from '@medkit/contract';
import { parseJson } from '@medkit/core/json';
import { type Asked, GatewayRefused, GatewayUnreachable, NotAGateway } from './failures.ts';

/** Octets of a JSON reply at most: far beyond any message of a robot. */
const MAX_REPLY_BYTES = 268_435_456;

/** What is asked of a reply; a `Response` has it. */
export interface SentReply extends Pick<Response, 'ok' | 'status' | 'body'> {
  readonly headers: Pick<Headers, 'get'>;
  /** All of the body, where whoever sends it has waited for that: it is not read as a stream then. */
  readonly octets?: Uint8Array;
}

/** A reply that is a JSON document, or nothing. */
export interface Reply<Value> {
  readonly status: number;
  readonly headers: SentReply['headers'];
  /** The document as it came, with every digit of its numbers; empty where there is none. */
  readonly text: string;
  /** The same parsed; integers that a JavaScript number cannot hold are `bigint`. */
  readonly value: Value;
}

/** Of texts that are there as a whole: it keeps nothing from one to the next. */
const utf8 = new TextDecoder();

/** Reads a JSON reply, which may be empty or not. Throws `NotAGateway` where it is none. */
export async function jsonReply<Value>(
  asked: Asked,
  response: SentReply,
  { mayBeEmpty }: { readonly mayBeEmpty: boolean },
): Promise<Reply<Value>> {
  const { status, headers } = response;
  const text = await textOf(asked, response);
  if (text === '' && !mayBeEmpty) throw new NotAGateway(asked, status, 'nothing');
  const value = text === '' ? undefined : documentOf(asked, response, text);
  return { status, headers, text, value: value as Value };
}

/** The error that a reply which is no success stands for. */
export async function failureOf(asked: Asked, response: SentReply): Promise<Error> {
  const { status, headers } = response;
  if (status >= 300 && status < 400) {
    const location = headers.get('location') ?? undefined;
    await response.body?.cancel();
    return new NotAGateway(asked, status, `a redirect to ${location ?? 'nowhere'}`, location);
  }
  const text = await textOf(asked, response);
  const body = documentOf(asked, response, text) as Partial<GenericError> | null;
  if (typeof body?.message !== 'string' || typeof body.error_code !== 'string') {
    return new NotAGateway(asked, status, 'an error that is none of SOVD');
  }
  return new GatewayRefused(asked, status, body as GenericError, text);
}

function documentOf(asked: Asked, { status, headers }: SentReply, text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const media = headers.get('content-type')?.split(';')[0];
    throw new NotAGateway(
      asked,
      status,
      media === undefined ? 'nothing that can be read' : `${media}, which is no JSON`,
    );
  }
}

async function textOf(asked: Asked, { status, body, octets }: SentReply): Promise<string> {
  if (octets !== undefined) return utf8.decode(octets);
  if (body === null) return '';
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  const chunks = unbroken(asked, body);
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > MAX_REPLY_BYTES) throw new NotAGateway(asked, status, `more than ${MAX_REPLY_BYTES} octets`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** The chunks of a body; a connection that breaks on the way is told as `GatewayUnreachable`. */
export async function* unbroken(asked: Asked, body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((error: unknown) => {
        throw new GatewayUnreachable(asked, error);
      });
      if (done) return;
      yield value;
    }
  } finally {
    // Whoever stops reading ends the transfer. It may have failed already, which its reader has heard of.
    await reader.cancel().catch(() => undefined);
  }
}
