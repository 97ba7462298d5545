import type { JsonObject, ScriptFormat } from '@medkit/core';
import { FORMATS } from '../script-format.ts';
import { isScriptId } from '../script-id.ts';

/** Metadata of an uploaded script, stored next to its content in `metadata.json`. */
export interface StoredScript {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** File name from the client. */
  readonly filename: string;
  readonly format: ScriptFormat;
  /** ISO 8601, UTC. */
  readonly created_at: string;
  /** Bytes. */
  readonly size: number;
  /** Hexadecimal. */
  readonly sha256: string;
  readonly parameters_schema: JsonObject | null;
  /** The client that uploaded it; absent if unknown, and in folders of gateway versions that did not store it. */
  readonly uploader?: string;
}

export const METADATA_FILE = 'metadata.json';
/** Room for a schema and two texts. */
export const MAX_METADATA_BYTES = 128 * 1024;

/** Name of the file with the content. */
export function contentFile({ format }: Pick<StoredScript, 'format'>): string {
  return `script.${FORMATS[format].extension}`;
}

/** Parses a metadata file; returns `undefined` if it is invalid or belongs to another script. */
export function storedScriptOf(id: string, octets: Uint8Array): StoredScript | undefined {
  let read: unknown;
  try {
    read = JSON.parse(new TextDecoder().decode(octets));
  } catch {
    return undefined;
  }
  if (typeof read !== 'object' || read === null) return undefined;
  const script = read as StoredScript;
  const isWhole =
    script.id === id &&
    isScriptId(id) &&
    [script.name, script.description, script.filename, script.created_at, script.sha256].every(isText) &&
    Object.hasOwn(FORMATS, script.format) &&
    Number.isSafeInteger(script.size) &&
    typeof script.parameters_schema === 'object' &&
    !Array.isArray(script.parameters_schema) &&
    (script.uploader === undefined || isText(script.uploader));
  return isWhole ? script : undefined;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
