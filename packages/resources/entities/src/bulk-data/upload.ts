import { SovdError } from '@medkit/contract';
import { isJsonObject } from '@medkit/core';

/**
 * One part of a multipart upload, in the order of the request. Read the chunks of a file before asking for the next
 * part.
 */
export type UploadPart =
  | { readonly kind: 'field'; readonly name: string; readonly value: string }
  | {
      readonly kind: 'file';
      readonly name: string;
      readonly filename: string | undefined;
      readonly mimetype: string;
      readonly chunks: AsyncIterable<Uint8Array>;
    };

/** The fields of an upload that describe its file. */
export interface UploadFields {
  readonly description?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

export type FilePart = Extract<UploadPart, { readonly kind: 'file' }>;

/**
 * Reads an upload. Passes the file part to `keep`, wherever it is in the request, and returns its result with the
 * fields. Throws `invalid-request` if there is not exactly one file, `invalid-parameter` if the metadata is no JSON
 * object.
 */
export async function readUpload<Received>(
  parts: AsyncIterable<UploadPart>,
  keep: (file: FilePart) => Promise<Received>,
): Promise<{ readonly received: Received; readonly fields: UploadFields }> {
  const { received, texts } = await readParts(parts, keep);
  return { received, fields: fieldsOf(texts) };
}

/** Reads an upload like `readUpload`, but returns the text fields unparsed. */
export async function readParts<Received>(
  parts: AsyncIterable<UploadPart>,
  keep: (file: FilePart) => Promise<Received>,
): Promise<{ readonly received: Received; readonly texts: ReadonlyMap<string, string> }> {
  const texts = new Map<string, string>();
  let received: { readonly file: Received } | undefined;
  for await (const part of parts) {
    if (part.kind === 'field') texts.set(part.name, part.value);
    else if (part.name !== 'file') throw wrong(`Unexpected file part "${part.name}"; send the file in the part "file"`);
    else if (received) throw wrong('More than one part "file"; upload one file at a time');
    else received = { file: await keep(part) };
  }
  if (!received) throw wrong('Missing part "file": send the file as multipart/form-data, as in curl -F file=@map.pgm');
  return { received: received.file, texts };
}

function fieldsOf(texts: ReadonlyMap<string, string>): UploadFields {
  const description = texts.get('description');
  const metadata = texts.get('metadata');
  return {
    ...(description && { description }),
    ...(metadata && { metadata: objectOf(metadata) }),
  };
}

function objectOf(text: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (isJsonObject(value)) return value;
  throw new SovdError({
    code: 'invalid-parameter',
    message: 'The part "metadata" must be a JSON object as text',
    parameters: { parameter: 'metadata' },
  });
}

function wrong(message: string): SovdError {
  return new SovdError({ code: 'invalid-request', message });
}
