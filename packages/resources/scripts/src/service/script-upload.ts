import { SovdError } from '@medkit/contract';
import { isJsonObject, type JsonObject, type JsonValue, parseJsonInput, type ScriptUpload } from '@medkit/core';
import { type FilePart, readParts, type UploadPart } from '@medkit/entities';
import { costlyKeyword } from './costly-keyword.ts';

/** Maximum characters of an upload's fields. */
const MAX_NAME_LENGTH = 256;
const MAX_DESCRIPTION_LENGTH = 4096;
const MAX_SCHEMA_LENGTH = 16_384;

/**
 * Reads an upload. Throws `invalid-request` if it is malformed, `x-medkit-script-too-large` if the file is too large.
 */
export async function readScriptUpload(parts: AsyncIterable<UploadPart>, maxBytes: number): Promise<ScriptUpload> {
  const { received, texts } = await readParts(parts, (file) => wholeFile(file, maxBytes));
  const metadata = texts.get('metadata');
  return { ...received, ...(metadata && metadataOf(metadata)) };
}

async function wholeFile({ filename, chunks }: FilePart, maxBytes: number): Promise<ScriptUpload> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > maxBytes) {
      const message = `The script has more than ${maxBytes} bytes (scripts.max_file_size_mb)`;
      throw new SovdError({ code: 'x-medkit-script-too-large', message, parameters: { limit: maxBytes } });
    }
    pieces.push(chunk);
  }
  const name = (filename ?? '').split(/[/\\]/).at(-1) || 'script';
  return { filename: name.slice(0, MAX_NAME_LENGTH), content: Buffer.concat(pieces) };
}

function metadataOf(text: string): Partial<ScriptUpload> {
  const metadata = objectOf(text);
  const textOf = (name: string, maxLength: number): string | undefined => {
    const value = metadata[name] ?? undefined;
    if (value === undefined) return undefined;
    if (typeof value === 'string' && value.length <= maxLength) return value;
    throw wrong(`"${name}" in the part "metadata" must be text of at most ${maxLength} characters`);
  };
  const name = textOf('name', MAX_NAME_LENGTH);
  const description = textOf('description', MAX_DESCRIPTION_LENGTH);
  const parametersSchema = schemaOf(metadata['parameters_schema'] ?? undefined);
  return {
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    ...(parametersSchema && { parametersSchema }),
  };
}

function objectOf(text: string): JsonObject {
  let value: JsonValue = null;
  try {
    value = parseJsonInput(text);
  } catch {
    // Refused below, like JSON that is no object.
    value = null;
  }
  if (isJsonObject(value)) return value;
  throw wrong('The part "metadata" must be a JSON object as text');
}

function schemaOf(schema: JsonValue | undefined): JsonObject | undefined {
  if (schema === undefined) return undefined;
  if (!isJsonObject(schema)) throw wrong('"parameters_schema" in the part "metadata" must be a JSON Schema, an object');
  if (
    JSON.stringify(schema, (_key, value) => (typeof value === 'bigint' ? Number(value) : value)).length >
    MAX_SCHEMA_LENGTH
  ) {
    throw wrong(`"parameters_schema" has more than ${MAX_SCHEMA_LENGTH} characters`);
  }
  const costly = costlyKeyword(schema);
  if (costly === undefined) return schema;
  throw wrong(`"parameters_schema" uses "${costly}", which could block the gateway: check this in the script instead`);
}

function wrong(message: string): SovdError {
  return new SovdError({ code: 'invalid-request', message, parameters: { parameter: 'metadata' } });
}
