import { type JsonValue, parseJson, reasonOf } from '@medkit/core';
import type { PeerLink, PeerRequest } from './peer-link.ts';
import { MAX_ENTITIES } from './tree-items.ts';

/** Entities in one collection; a gateway that has more in one is not taken. */
const MAX_IN_COLLECTION = 1000;

type Fields = Readonly<Record<string, JsonValue>>;
type Item = Record<string, JsonValue>;

/** How one gateway is asked for a path; the time is for each request. */
export type Ask = Pick<PeerRequest, 'headers' | 'timeoutMs' | 'signal'>;

/** What a nested route says: its document, that there is no such route or entity, or that the entity cannot be reached. */
type Nested = Fields | 'missing' | 'unreachable';

/**
 * The tree of a gateway that does not tell it in one reply, put together from its routes as the items of such a reply. All of it or
 * nothing: throws where a route fails. An entity that is not reached behind that gateway is there, as unavailable.
 */
export async function itemsByRoutes(link: PeerLink, ask: Ask): Promise<readonly Item[]> {
  const items: Item[] = [];
  const keep = (item: Item): void => {
    items.push(item);
    if (items.length > MAX_ENTITIES) throw new RangeError(`more than ${MAX_ENTITIES} entities`);
  };
  const nested = (path: string): Promise<Nested> => nestedDocument(link, ask, path);
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
    // Without its members it would be another function.
    if (typeof detail === 'string') throw new Error(`the function ${idOf(listed)} is ${detail}`);
    keep({ ...common('function', { ...listed, ...detail }), hosts: factsOf(detail)['hosts'] ?? [] });
  }
  return items;
}

interface Reading {
  readonly nested: (path: string) => Promise<Nested>;
  readonly keep: (item: Item) => void;
}

async function readAreas(top: readonly Fields[], { nested, keep }: Reading): Promise<void> {
  const left: { readonly area: Fields; readonly parent?: string }[] = top.map((area) => ({ area }));
  const seen = new Set<string>();
  for (let next = left.shift(); next; next = left.shift()) {
    const { area, parent } = next;
    const id = idOf(area);
    if (seen.has(id)) continue;
    seen.add(id);
    const path = `/areas/${encodeURIComponent(id)}/subareas`;
    const subareas = await nested(path);
    const above = factsOf(area)['parent_area_id'] ?? parent;
    keep({
      ...common('area', area),
      ...(above !== undefined && { parent: above }),
      ...lost(subareas),
    });
    if (typeof subareas !== 'string') left.push(...itemsOf(subareas, path).map((sub) => ({ area: sub, parent: id })));
  }
}

async function readComponents(top: readonly Fields[], { nested, keep }: Reading): Promise<void> {
  const left: { readonly component: Fields; readonly parent?: string }[] = top.map((component) => ({ component }));
  const seen = new Set<string>();
  for (let next = left.shift(); next; next = left.shift()) {
    const { component, parent } = next;
    const id = idOf(component);
    if (seen.has(id)) continue;
    seen.add(id);
    const path = `/components/${encodeURIComponent(id)}`;
    const detail = await nested(path);
    const told = typeof detail === 'string' ? component : { ...component, ...detail };
    const facts = { ...factsOf(component), ...(typeof detail === 'string' ? {} : factsOf(detail)) };
    const below = detail === 'unreachable' ? 'missing' : await nested(`${path}/subcomponents`);
    const above = facts['parentComponentId'] ?? parent;
    keep({
      ...common('component', told),
      ...given({
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
    if (typeof below !== 'string') {
      left.push(...itemsOf(below, `${path}/subcomponents`).map((sub) => ({ component: sub, parent: id })));
    }
  }
}

function appItem(app: Fields): Item {
  const facts = factsOf(app);
  return {
    ...common('app', app),
    ...given({
      is_online: facts['is_online'],
      component: componentOf(app),
      node: fieldsOf(facts['ros2'])['node'],
      external: facts['external'],
    }),
  };
}

/** The component of an app: the last part of an address, which may be given in several ways, else the name by itself. */
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

function common(type: string, told: Fields): Item {
  const facts = factsOf(told);
  return {
    type,
    ...given({
      id: told['id'],
      name: told['name'],
      description: told['description'],
      tags: told['tags'],
      translation_id: told['translation_id'],
      source: facts['source'],
      namespace: fieldsOf(facts['ros2'])['namespace'],
      available: facts['available'],
    }),
  };
}

function lost(nested: Nested): Item {
  return nested === 'unreachable' ? { available: false } : {};
}

async function nestedDocument(link: PeerLink, ask: Ask, path: string): Promise<Nested> {
  const { status, text } = await link.document({ ...ask, method: 'GET', path });
  if (status === 404) return 'missing';
  let document: Fields;
  try {
    document = fieldsOf(parseJson(text));
  } catch (error) {
    throw new Error(`${path} is no document: ${reasonOf(error)}`);
  }
  if (status === 504 && document['error_code'] === 'not-responding') return 'unreachable';
  if (status !== 200) throw new Error(`${path} is answered with status ${status}`);
  return document;
}

function itemsOf({ items }: Fields, path: string): readonly Fields[] {
  if (!Array.isArray(items)) throw new TypeError(`${path} has no list of entities`);
  if (items.length > MAX_IN_COLLECTION) {
    throw new RangeError(`${items.length} entities in ${path}, more than ${MAX_IN_COLLECTION}`);
  }
  return items.map((item: JsonValue) => fieldsOf(item));
}

function idOf({ id }: Fields): string {
  return typeof id === 'string' ? id : '';
}

function factsOf(told: Fields): Fields {
  return fieldsOf(told['x-medkit']);
}

function fieldsOf(value: JsonValue | undefined): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

/** The fields that are told. */
function given(fields: Readonly<Record<string, JsonValue | undefined>>): Item {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Item;
}
