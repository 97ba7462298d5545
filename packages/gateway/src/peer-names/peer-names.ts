import { API_BASE, kindOfCollection } from '@medkit/contract';
import { ENTITY_KINDS, type Entity, type EntityTree, type JsonValue, memoizeByObject, nativeIdOf } from '@medkit/core';

/** Translates the ids of a gateway's entities that differ between here and there. */
export interface PeerNames {
  /** Translates a document of that gateway to local ids. */
  here(document: JsonValue): JsonValue;
  /** Translates a document of a client to the ids of that gateway. */
  there(document: JsonValue): JsonValue;
}

/** Returns the translation of a runtime; `undefined` if all ids are equal. */
export function peerNames(tree: EntityTree, runtime: string): PeerNames | undefined {
  return namesByRuntime(tree).get(runtime);
}

const namesByRuntime = memoizeByObject((tree: EntityTree): ReadonlyMap<string, PeerNames> => {
  const aliases = ENTITY_KINDS.flatMap((kind) => (tree.all(kind) as readonly Entity[]).flatMap(aliasesOf));
  const groups = Map.groupBy(aliases, ({ runtime }) => runtime);
  return new Map([...groups].map(([runtime, group]) => [runtime, namesOf(group)]));
});

/** An entity by its address here and there: `apps/yard__lidar`, `apps/lidar`. */
interface Alias {
  readonly runtime: string;
  readonly here: string;
  readonly there: string;
}

function aliasesOf(entity: Entity): readonly Alias[] {
  const here = nativeIdOf(entity);
  return (entity.addresses ?? []).flatMap(({ runtime, nativeId: there }) =>
    there === here || !isAddress(there) ? [] : [{ runtime, here, there }],
  );
}

function isAddress(nativeId: string): boolean {
  const [collection = '', ...rest] = nativeId.split('/');
  return rest.length === 1 && kindOfCollection(collection) !== undefined;
}

function namesOf(aliases: readonly Alias[]): PeerNames {
  const here = new Map(aliases.map((alias) => [alias.there, alias.here]));
  const there = new Map(aliases.map((alias) => [alias.here, alias.there]));
  return { here: (document) => renamed(document, here), there: (document) => renamed(document, there) };
}

/** Members whose value is an entity id, in any document. */
const ID_MEMBERS: ReadonlySet<string> = new Set([
  'entity_id',
  'member_id',
  'member_ids',
  'source_id',
  'source_app',
  'app_id',
  'component_id',
  'updated_components',
  'affected_components',
]);
const COLLECTIONS_OF_IDS = ['apps', 'components'];

function renamed(value: JsonValue, names: ReadonlyMap<string, string>): JsonValue {
  if (typeof value === 'string') return renamedUri(value, names);
  if (Array.isArray(value)) return value.map((item) => renamed(item, names));
  if (typeof value !== 'object' || value === null) return value;
  const { href } = value as Readonly<Record<string, JsonValue>>;
  const entries = Object.entries(value as Readonly<Record<string, JsonValue>>).map(([name, member]) => {
    if (ID_MEMBERS.has(name)) return [name, renamedIds(member, names)];
    if (name === 'bulk_data_uri' && typeof member === 'string') return [name, renamedBelowBase(member, names)];
    if (name !== 'id' || typeof member !== 'string') return [name, renamed(member, names)];
    // The id of an entity in a list is accompanied by its URL.
    return [name, typeof href === 'string' ? idAt(href, member, names) : renamedItem(member, names)];
  });
  return Object.fromEntries(entries);
}

function renamedIds(value: JsonValue, names: ReadonlyMap<string, string>): JsonValue {
  if (Array.isArray(value)) return value.map((id: JsonValue) => renamedIds(id, names));
  return typeof value === 'string' ? renamedId(value, names) : value;
}

/** Translates the member in an aggregate's item `member:item`. */
function renamedItem(id: string, names: ReadonlyMap<string, string>): string {
  const [, member, item] = /^([\w-]+)(:.*)$/s.exec(id) ?? [];
  return member === undefined ? id : `${renamedId(member, names)}${item}`;
}

function renamedId(id: string, names: ReadonlyMap<string, string>): string {
  for (const collection of COLLECTIONS_OF_IDS) {
    const name = names.get(`${collection}/${id}`);
    if (name !== undefined) return lastSegment(name);
  }
  return id;
}

function idAt(href: string, id: string, names: ReadonlyMap<string, string>): string {
  const address = href.slice(API_BASE.length + 1);
  const name = href.startsWith(`${API_BASE}/`) && lastSegment(address) === id ? names.get(address) : undefined;
  return name === undefined ? id : lastSegment(name);
}

function lastSegment(address: string): string {
  return address.slice(address.indexOf('/') + 1);
}

/** Translates the entity in a resource URL. */
function renamedUri(uri: string, names: ReadonlyMap<string, string>): string {
  if (!uri.startsWith(`${API_BASE}/`)) return uri;
  const [collection = '', rest = ''] = splitOnce(uri.slice(API_BASE.length + 1), '/');
  const end = /[/?#]/.exec(rest)?.index ?? rest.length;
  const name = names.get(`${collection}/${rest.slice(0, end)}`);
  return name === undefined ? uri : `${API_BASE}/${name}${rest.slice(end)}`;
}

/** The same for a URL without the API base, as in lists of files. */
function renamedBelowBase(uri: string, names: ReadonlyMap<string, string>): string {
  return renamedUri(`${API_BASE}${uri}`, names).slice(API_BASE.length);
}

function splitOnce(text: string, separator: string): readonly string[] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
