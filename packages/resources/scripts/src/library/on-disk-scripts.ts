import { posix } from 'node:path';
import type { JsonObject, ScriptFormat } from '@medkit/core';
import { FORMATS, formatOf } from '../script-format.ts';
import type { StoredScript } from './stored-script.ts';

/**
 * A script found on disk in the ros2_medkit layout `<folder>/<entity>/<script>/metadata.json`. It was not uploaded, so
 * it has no recorded digest.
 */
export type OnDiskScript = Pick<StoredScript, 'id' | 'name' | 'description' | 'format' | 'parameters_schema'> & {
  /** Possible names of the content file, the most likely first. */
  readonly files: readonly string[];
};

/** Folders of uploads, which cannot be entity folders of this layout. */
const COLLECTIONS = ['apps', 'components'];

/**
 * Returns the folder of an entity such as `apps/lidar_driver`, without its kind; `undefined` if that folder holds
 * uploads.
 */
export function onDiskFolder(owner: string): string | undefined {
  const entity = owner.slice(owner.indexOf('/') + 1);
  return COLLECTIONS.includes(entity) ? undefined : entity;
}

/** Parses such a metadata file, in which every field is optional. Returns `undefined` if it is invalid. */
export function parseOnDiskScript(id: string, octets: Uint8Array): OnDiskScript | undefined {
  const read = objectOf(octets);
  if (!read) return undefined;
  const { name, description, format, filename, parameters_schema } = read;
  const fileName = textOf(filename) ?? '';
  const known = Object.hasOwn(FORMATS, String(format)) ? (format as ScriptFormat) : undefined;
  if (known === undefined && format !== undefined && format !== null) return undefined;
  const isSchema = typeof parameters_schema === 'object' && !Array.isArray(parameters_schema);
  const used = known ?? formatOf(fileName);
  const named = fileName !== '' && posix.basename(fileName) === fileName && !fileName.startsWith('.') ? [fileName] : [];
  return {
    id,
    name: textOf(name) ?? id,
    description: textOf(description) ?? '',
    format: used,
    parameters_schema: isSchema ? (parameters_schema as JsonObject | null) : null,
    files: [`script.${FORMATS[used].extension}`, ...named],
  };
}

function objectOf(octets: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  try {
    const read: unknown = JSON.parse(new TextDecoder().decode(octets));
    return typeof read === 'object' && read !== null && !Array.isArray(read) ? { ...read } : undefined;
  } catch {
    // Not JSON.
    return undefined;
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
