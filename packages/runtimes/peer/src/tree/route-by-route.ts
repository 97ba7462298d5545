import { entityIdProblem, errorMessage, type JsonValue, parseJson } from '@medkit/core';
import type { PeerDocument, PeerLink, PeerRequest } from '../peer-link.ts';
import { MAX_ENTITIES } from './tree-items.ts';

/** Maximum entities in a collection; a gateway with more is refused. */
const MAX_IN_COLLECTION = 1000;
/** Maximum characters of all documents of a tree. */
const MAX_CHARS = 67_108_864;

type Fields = Readonly<Record<string, JsonValue>>;
type Item = Record<string, JsonValue>;

/** Options of each request to a gateway. */
export type Ask = Pick<PeerRequest, 'headers' | 'timeoutMs' | 'signal'>;

/**
 * Answer of a nested route: its document, that the route or entity does not exist, or that the entity is unreachable.
 */
type Nested = Fields | 'missing' | 'unreachable';

/**
 * Reads the tree of a gateway without a tree route from its other routes, as the items of one reply. Throws if any
 * route fails. An entity that is unreachable behind that gateway is included as unavailable.
 */
export async function itemsByRoutes(link: PeerLink, ask: Ask): Promise<readonly Item[]> {
  const items: Item[] = [];
  const keep = (item: Item): void => {
    items.push(item);
    if (items.length > MAX_ENTITIES) throw new RangeError(`more than ${MAX_ENTITIES} entities`);
  };
  let chars = 0;
  const nested = async (path: string): Promise<Nested> => {
    const reply = await link.document({ ...ask, method: 'GET', path });
    chars += reply.text.length;
    if (chars > MAX_CHARS) throw new RangeError(`its routes have more than ${MAX_CHARS} characters`);
    return nestedDocument(reply, path);
  };
  const list = async (path: string): Promise<readonly Fields[]> => {
    const document = await nested(path);
    if (typeof document === 'string') throw new Error(`${path} is ${document}`);
    return itemsOf(document, path);
  };
  await readAreas(await list('/areas'), { nested, keep });
  await readComponents(await list('/components'), { nested, keep });
  for (const app of await list('/apps')) keep(appItem(app));
  for (const listed of await list('/functions')) {
    const detail = await nested(`/functions/${encodeURIComponent(idOf(listed))}`);
    // Without its members it would be a different function.
    if (typeof detail === 'string') throw new Error(`the function ${idOf(listed)} is ${detail}`);
    keep({ ...common('function', { ...listed, ...detail }), hosts: factsOf(detail)['hosts'] ?? [] });
  }
  return items;
}

interface Reading {
  readonly nested: (path: string) => Promise<Nested>;
  readonly keep: (item: Item) => void;
}

/** Unread entities of a nested kind, each once. */
class Unread {
  readonly #seen = new Set<string>();
  readonly #left: Below[] = [];

  add(listed: readonly Fields[], parent?: string): void {
    for (const each of listed) {
      const id = idOf(each);
      if (this.#seen.has(id)) continue;
      this.#seen.add(id);
      if (this.#seen.size > MAX_ENTITIES) throw new RangeError(`more than ${MAX_ENTITIES} entities`);
      this.#left.push({ id, fields: each, ...(parent !== undefined && { parent }) });
    }
  }

  next(): Below | undefined {
    return this.#left.shift();
  }
}

/** An entity as returned in a list. */
interface Below {
  readonly id: string;
  readonly fields: Fields;
  /** The entity that the list belongs to. */
  readonly parent?: string;
}

async function readAreas(top: readonly Fields[], { nested, keep }: Reading): Promise<void> {
  const unread = new Unread();
  unread.add(top);
  for (let next = unread.next(); next; next = unread.next()) {
    const { id, fields: area, parent } = next;
    const path = `/areas/${encodeURIComponent(id)}/subareas`;
    const subareas = await nested(path);
    const above = factsOf(area)['parent_area_id'] ?? parent;
    keep({
      ...common('area', area),
      ...(above !== undefined && { parent: above }),
      ...lost(subareas),
    });
    if (typeof subareas !== 'string') unread.add(itemsOf(subareas, path), id);
  }
}

async function readComponents(top: readonly Fields[], { nested, keep }: Reading): Promise<void> {
  const unread = new Unread();
  unread.add(top);
  for (let next = unread.next(); next; next = unread.next()) {
    const { id, fields: component, parent } = next;
    const path = `/components/${encodeURIComponent(id)}`;
    const detail = await nested(path);
    const merged = typeof detail === 'string' ? component : { ...component, ...detail };
    const facts = { ...factsOf(component), ...(typeof detail === 'string' ? {} : factsOf(detail)) };
    const below = detail === 'unreachable' ? 'missing' : await nested(`${path}/subcomponents`);
    const above = facts['parentComponentId'] ?? parent;
    keep({
      ...common('component', merged),
      ...presentFields({
        parent: above,
        area: facts['area'],
        depends_on: facts['dependsOn'],
        component_type: facts['type'],
        variant: facts['variant'],
        identity: facts['identity'],
        external: facts['external'],
      }),
      ...lost(detail),
      ...lost(below),
    });
    if (typeof below !== 'string') unread.add(itemsOf(below, `${path}/subcomponents`), id);
  }
}

function appItem(app: Fields): Item {
  const facts = factsOf(app);
  return {
    ...common('app', app),
    ...presentFields({
      is_online: facts['is_online'],
      component: componentOf(app),
      node: fieldsOf(facts['ros2'])['node'],
      external: facts['external'],
    }),
  };
}

/**
 * Returns the component of an app: the last part of a link, which has several possible forms, otherwise the plain name.
 */
function componentOf(app: Fields): JsonValue | undefined {
  const link = app['is-located-on'] ?? fieldsOf(app['_links'])['is-located-on'];
  const address = typeof link === 'string' ? link : fieldsOf(link)['href'];
  if (typeof address !== 'string') return factsOf(app)['component_id'];
  return decoded(address.split(/[?#]/)[0]?.replace(/\/+$/, '').split('/').at(-1) ?? '');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function common(type: string, fields: Fields): Item {
  const facts = factsOf(fields);
  return {
    type,
    ...presentFields({
      id: fields['id'],
      name: fields['name'],
      description: fields['description'],
      tags: fields['tags'],
      translation_id: fields['translation_id'],
      source: facts['source'],
      namespace: fieldsOf(facts['ros2'])['namespace'],
      available: facts['available'],
    }),
  };
}

function lost(nested: Nested): Item {
  return nested === 'unreachable' ? { available: false } : {};
}

function nestedDocument({ status, text }: PeerDocument, path: string): Nested {
  if (status === 404) return 'missing';
  let document: Fields;
  try {
    document = fieldsOf(parseJson(text));
  } catch (error) {
    throw new Error(`${path} is not a JSON document: ${errorMessage(error)}`);
  }
  if (status === 504 && document['error_code'] === 'not-responding') return 'unreachable';
  if (status !== 200) throw new Error(`it answers ${path} with status ${status}`);
  return document;
}

function itemsOf({ items }: Fields, path: string): readonly Fields[] {
  if (!Array.isArray(items)) throw new TypeError(`${path} has no list of entities`);
  if (items.length > MAX_IN_COLLECTION) {
    throw new RangeError(`${items.length} entities in ${path}, more than ${MAX_IN_COLLECTION}`);
  }
  // Entities with an invalid id are skipped without affecting the others.
  return items.map((item: JsonValue) => fieldsOf(item)).filter((item) => entityIdProblem(idOf(item)) === undefined);
}

function idOf({ id }: Fields): string {
  return typeof id === 'string' ? id : '';
}

function factsOf(fields: Fields): Fields {
  return fieldsOf(fields['x-medkit']);
}

function fieldsOf(value: JsonValue | undefined): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

/** Returns the fields that are present. */
function presentFields(fields: Readonly<Record<string, JsonValue | undefined>>): Item {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Item;
}
