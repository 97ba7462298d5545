import { API_BASE, entityHref, kindOfCollection, SovdError } from '@medkit/contract';
import { type EntityRef, type EntityRenamed, isEntityId } from '@medkit/core';

/** The resource of a trigger or subscription, parsed from its `resource`. */
export interface ObservedResource {
  /** As the client wrote it. */
  readonly uri: string;
  /** The entity of the path; `undefined` for a resource of the server itself, such as `updates`. */
  readonly entity: EntityRef | undefined;
  /** `data`, `faults`, `x-medkit-graph`, … */
  readonly collection: string;
  /**
   * The path after the collection, without a leading slash: each segment percent-decoded, empty segments left out.
   * `value`, `%2Fvalue` and `/value` all give `value`. Empty for the whole collection.
   */
  readonly path: string;
}

/** Maximum length of a path; longer ones are refused. */
const MAX_URI_LENGTH = 2048;

/**
 * Parses `/api/v1/{areas|components|apps|functions}/{id}/{collection}[/path]` or `/api/v1/{collection}[/path]`. Throws
 * `x-medkit-invalid-resource-uri` for anything else, especially a `..` segment.
 */
export function observedResource(uri: string): ObservedResource {
  if (uri.length > MAX_URI_LENGTH) throw invalid(uri, `It is longer than ${MAX_URI_LENGTH} characters`);
  if (!uri.startsWith(`${API_BASE}/`)) throw invalid(uri, `It must begin with ${API_BASE}/`);
  const [first = '', ...rest] = segmentsOf(uri, uri.slice(API_BASE.length + 1));
  const kind = kindOfCollection(first);
  if (!kind) return { uri, entity: undefined, ...named(uri, [first, ...rest]) };
  const [id = '', ...below] = rest;
  if (!isEntityId(id)) throw invalid(uri, 'The id of the entity is missing or invalid');
  return { uri, entity: { kind, id }, ...named(uri, below) };
}

/** Returns the path of a resource after its entity was renamed. A resource of another entity keeps its path. */
export function renamedUri(uri: string, { kind, from, to }: EntityRenamed): string {
  const old = entityHref(kind, from, '');
  return uri.startsWith(old) ? entityHref(kind, to, uri.slice(old.length)) : uri;
}

function named(uri: string, [collection, ...path]: readonly string[]): Pick<ObservedResource, 'collection' | 'path'> {
  if (!collection) throw invalid(uri, 'It names no collection, such as data or faults');
  return { collection, path: path.join('/') };
}

function segmentsOf(uri: string, text: string): readonly string[] {
  const segments = text.split('/').flatMap((segment) => decoded(uri, segment).split('/'));
  if (segments.includes('..')) throw invalid(uri, 'It has a segment ".."');
  return segments.filter(Boolean);
}

function decoded(uri: string, segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw invalid(uri, `"${segment}" is not valid percent-encoding`);
  }
}

function invalid(uri: string, reason: string): SovdError {
  const example = `${API_BASE}/apps/lidar_driver/data/scan`;
  return new SovdError({
    code: 'x-medkit-invalid-resource-uri',
    message: `The resource cannot be observed: ${reason}. Example: ${example}`,
    parameters: { parameter: 'resource', value: uri },
  });
}
