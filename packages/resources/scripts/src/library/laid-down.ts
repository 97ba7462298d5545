import { posix } from 'node:path';
import type { JsonObject, ScriptFormat } from '@medkit/core';
import { FORMATS, formatOf } from '../script-format.ts';
import type { StoredScript } from './stored-script.ts';

/**
 * A script that somebody laid down as ros2_medkit keeps them: `<folder>/<entity>/<script>/metadata.json` beside the content.
 * Nobody uploaded it here, so there is no digest that it would have to keep.
 */
export type LaidDownScript = Pick<StoredScript, 'id' | 'name' | 'description' | 'format' | 'parameters_schema'> & {
  /** Names of the file with the content, the likeliest first. */
  readonly files: readonly string[];
};

/** Folders in which uploads are, and where no entity has its own in this layout. */
const COLLECTIONS = ['apps', 'components'];

/** The folder of an entity such as `apps/lidar_driver`, without its kind; `undefined` where that means something else. */
export function laidDownFolder(owner: string): string | undefined {
  const entity = owner.slice(owner.indexOf('/') + 1);
  return COLLECTIONS.includes(entity) ? undefined : entity;
}

/** What such a metadata file says, of which everything may be missing; `undefined` where it is none. */
export function laidDownScriptOf(id: string, octets: Uint8Array): LaidDownScript | undefined {
  const read = objectOf(octets);
  if (!read) return undefined;
  const { name, description, format, filename, parameters_schema } = read;
  const given = textOf(filename) ?? '';
  const known = Object.hasOwn(FORMATS, String(format)) ? (format as ScriptFormat) : undefined;
  if (known === undefined && format !== undefined && format !== null) return undefined;
  const isSchema = typeof parameters_schema === 'object' && !Array.isArray(parameters_schema);
  const used = known ?? formatOf(given);
  const named = given !== '' && posix.basename(given) === given && !given.startsWith('.') ? [given] : [];
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
    // A text that is no JSON is no metadata.
    return undefined;
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
