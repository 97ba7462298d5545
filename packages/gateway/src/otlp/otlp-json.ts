import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { SpanAttributes, SpanValue } from '@medkit/core';
import type { HttpRequest } from '@medkit/edges';
import type { OtlpAttribute } from '@medkit/entities';
import type { OtlpTarget } from './otlp-target.ts';

const compressed = promisify(gzip);

/** Returns the request that sends a body in OTLP JSON. Compresses in a thread of the system pool. */
export async function otlpRequest(
  { url, headers }: Pick<OtlpTarget, 'headers' | 'url'>,
  body: string,
): Promise<Pick<HttpRequest, 'url' | 'headers' | 'body'>> {
  return {
    url,
    headers: { ...headers, 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' },
    body: new Uint8Array(await compressed(body)),
  };
}

/** Encodes attributes in OTLP JSON, where 64-bit integers are strings. */
export function otlpAttributes(attributes: SpanAttributes): readonly OtlpAttribute[] {
  return Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [{ key, value: encodeValue(value) }],
  );
}

function encodeValue(value: SpanValue): OtlpAttribute['value'] {
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'string') return { stringValue: value };
  return Number.isSafeInteger(value) ? { intValue: `${value}` } : { doubleValue: value };
}
