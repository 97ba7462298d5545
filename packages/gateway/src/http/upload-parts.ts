import multipart from '@fastify/multipart';
import { SovdError } from '@medkit/contract';
import { errorMessage, stringifyJson } from '@medkit/core';
import type { UploadPart } from '@medkit/entities';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** Limits of an upload apart from its file; the receiving service limits the size of the file. */
const LIMITS = { fieldSize: 65_536, fields: 16, files: 4, parts: 20, headerPairs: 32 };

/** Lets routes accept multipart bodies. */
export function acceptUploads(app: FastifyInstance): void {
  app.register(multipart, { limits: { ...LIMITS, fileSize: Number.POSITIVE_INFINITY } });
}

/** Yields the parts of a request in order. Throws `invalid-request` if the body is not multipart, or is cut off. */
export async function* uploadParts(request: FastifyRequest): AsyncIterable<UploadPart> {
  if (!request.isMultipart()) {
    const message = 'The file must be sent as multipart/form-data, as in curl -F file=@name';
    throw new SovdError({ code: 'invalid-request', status: 415, message });
  }
  // If the client has already disconnected, the parser would wait for ever.
  if (request.raw.destroyed) throw brokenOff(new Error('the client disconnected'));
  try {
    for await (const part of request.parts()) {
      if (part.type === 'field') {
        if (part.valueTruncated) throw fieldTooLarge();
        const { fieldname: name, value } = part;
        // A part with a JSON media type is already parsed.
        yield { kind: 'field', name, value: typeof value === 'string' ? value : stringifyJson(value) };
      } else {
        const { fieldname: name, filename, mimetype, file } = part;
        yield { kind: 'file', name, filename, mimetype, chunks: chunksOf(file) };
      }
    }
  } catch (error) {
    throw error instanceof SovdError ? error : publicForm(error);
  }
}

/** The bytes of a file. An error here is caused by the client: it disconnected, or its body ends too early. */
async function* chunksOf(file: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  try {
    yield* file;
  } catch (error) {
    throw brokenOff(error);
  }
}

/** Parser errors and the reasons sent to the client. */
const REASONS: readonly (readonly [said: RegExp, reason: string])[] = [
  [/boundary not found/i, 'its Content-Type has no boundary; let the client set that header, as curl -F does'],
  [
    /unexpected end/i,
    'it ends before its last boundary: it was truncated, or its boundary differs from the one in its Content-Type',
  ],
  [/aborted|premature close|terminated/i, 'the client closed the connection before the upload was complete'],
];

function brokenOff(error: unknown): SovdError {
  const said = errorMessage(error);
  const reason = REASONS.find(([pattern]) => pattern.test(said))?.[1] ?? said;
  const message = `The multipart body cannot be read: ${reason}`;
  return new SovdError({ code: 'invalid-request', message });
}

function fieldTooLarge(): SovdError {
  const { fieldSize: limit } = LIMITS;
  const message = `A field of the form is larger than the ${limit} bytes allowed`;
  return new SovdError({ code: 'payload-too-large', message, parameters: { limit } });
}

function publicForm(error: unknown): unknown {
  const { statusCode, code } = error as { readonly statusCode?: number; readonly code?: string };
  if (statusCode === 413) {
    const message = `The upload has too many parts or parts that are too large: ${errorMessage(error)}`;
    return new SovdError({ code: 'invalid-request', status: 413, message });
  }
  // Errors of the parser itself have no code: a missing boundary, a body that ends too early.
  return code === undefined || statusCode === 400 ? brokenOff(error) : error;
}
