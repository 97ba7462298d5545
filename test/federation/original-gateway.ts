import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { type StandInReply, standIn } from './stand-in.ts';

// biome-ignore lint/suspicious/noExplicitAny: answers may have any shape.
type Document = any;

const KINDS = ['areas', 'components', 'apps', 'functions'] as const;
type Kind = (typeof KINDS)[number];

/** What ros2_medkit stores about a peer: a document for each entity, including its details. */
export type Description = Readonly<Record<Kind, readonly Document[]>>;

const LOCAL_ONLY = { 'x-medkit-no-fan-out': '1' };
/** Headers of a peer's reply that are returned to the client. */
const RETURNED = ['content-type', 'etag', 'cache-control', 'last-modified', 'location', 'x-medkit-local-only'];

/** Reads a nested route: empty if the peer has no such route, and without an entity that it cannot reach. */
async function fetchDocument(
  url: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Document> {
  const reply = await fetch(`${url}/api/v1${path}`, { headers });
  const document = JSON.parse(await reply.text());
  if (reply.status === 504 && document.error_code === 'not-responding') return 'unreachable';
  if (reply.status === 404) return 'missing';
  assert.equal(reply.status, 200, path);
  return document;
}

/**
 * Reads a gateway like ros2_medkit reads a peer: its health, then every route in turn, all or nothing. Resources of
 * apps are read with the header that prevents the peer from forwarding the request.
 */
export async function describedBy(url: string): Promise<Description> {
  assert.equal((await fetch(`${url}/api/v1/health`)).status, 200);
  const list = async (path: string): Promise<Document[]> => {
    const { items } = await fetchDocument(url, path);
    assert.ok(Array.isArray(items) && items.length <= 1000, path);
    return items.filter(({ id }: Document) => /^[\w-]{1,256}$/.test(id));
  };
  const below = async (path: string): Promise<Document[]> => {
    const document = await fetchDocument(url, path);
    return typeof document === 'string' ? [] : document.items;
  };
  const detailed = async (listed: Document, parent?: string): Promise<Document> => {
    const detail = await fetchDocument(url, `/components/${listed.id}`);
    if (detail !== 'unreachable') return detail;
    return { ...listed, 'x-medkit': { ...listed['x-medkit'], available: false, parentComponentId: parent } };
  };
  const areas = await list('/areas');
  for (const { id } of [...areas]) areas.push(...(await below(`/areas/${id}/subareas`)));
  const components: Document[] = [];
  for (const each of await list('/components')) components.push(await detailed(each));
  for (const { id } of [...components]) {
    for (const each of await below(`/components/${id}/subcomponents`)) components.push(await detailed(each, id));
  }
  const apps: Document[] = [];
  for (const each of await list('/apps')) {
    const itemsOf = async (collection: string) => {
      const document = await fetchDocument(url, `/apps/${each.id}/${collection}`, LOCAL_ONLY);
      return typeof document === 'string' ? [] : document.items;
    };
    apps.push({ ...each, operations: await itemsOf('operations'), data: await itemsOf('data') });
  }
  const functions: Document[] = [];
  for (const { id } of await list('/functions')) functions.push(await fetchDocument(url, `/functions/${id}`));
  return { areas, components, apps, functions };
}

/**
 * Returns the component of an app the way ros2_medkit determines it: from the end of an address, or else from the
 * vendor's field.
 */
export function componentOf(app: Document): string | undefined {
  const link = app['is-located-on'] ?? app._links?.['is-located-on'];
  const address = typeof link === 'string' ? link : link?.href;
  return /\/components\/([\w-]+)/.exec(address ?? '')?.[1] ?? app['x-medkit']?.component_id;
}

/**
 * A gateway like ros2_medkit that aggregates another one, read once, with local entities. Apps of both are separate,
 * requests for the other's entities are forwarded, and its faults are listed among the local ones.
 */
export async function originalGateway(
  localReplies: Readonly<Record<string, StandInReply>>,
  peer: { name: string; url: string },
) {
  const { name, url } = peer;
  const description = await describedBy(url);
  const localIds = (kind: Kind): readonly string[] =>
    (localReplies[`/${kind}`] as Document).items.map(({ id }: Document) => id);
  const nameHere = (id: string): string => (localIds('apps').includes(id) ? `${name}__${id}` : id);
  const replies: Record<string, StandInReply> = { ...localReplies };
  const facts = (document: Document) => ({ ...document['x-medkit'], source: `peer:${name}` });
  for (const kind of KINDS) {
    const added = description[kind].filter(({ id }) => kind === 'apps' || !localIds(kind).includes(id));
    const documents = added.map(({ operations: _, data: __, ...document }): Document => {
      const hosts = facts(document).hosts?.map(nameHere);
      const id = kind === 'apps' ? nameHere(document.id) : document.id;
      return { ...document, id, 'x-medkit': { ...facts(document), ...(hosts && { hosts }) } };
    });
    replies[`/${kind}`] = { items: [...(localReplies[`/${kind}`] as Document).items, ...documents] };
    if (kind === 'apps') continue;
    for (const document of documents) replies[`/${kind}/${document.id}`] ??= document;
  }
  const medkitFaults = (localReplies['/faults'] as Document).items;
  delete replies['/faults'];
  const routed = (kind: string | undefined, id: string | undefined): boolean =>
    KINDS.some((each) => each === kind && !localIds(each).includes(id ?? '') && each !== 'areas');
  return standIn(replies, async (request, path) => {
    if (path.split('?')[0] === '/faults') {
      // Without the query, which ros2_medkit drops when forwarding.
      const { items } = await fetchDocument(url, '/faults', LOCAL_ONLY);
      return { items: [...medkitFaults, ...items], 'x-medkit': { count: medkitFaults.length } };
    }
    const [, kind, id] = path.split('/');
    return routed(kind, id) ? passedOn(request, `${url}/api/v1${path.replace(`/${name}__`, '/')}`) : undefined;
  });
}

async function passedOn(request: IncomingMessage, target: string): Promise<StandInReply> {
  const sent = ['content-type', 'x-client-id', 'x-medkit-no-fan-out'].flatMap((header) => {
    const value = request.headers[header];
    return typeof value === 'string' ? [[header, value]] : [];
  });
  const { method = 'GET' } = request;
  const body = await buffer(request);
  const reply = await fetch(target, {
    method,
    headers: Object.fromEntries(sent),
    ...(method !== 'GET' && method !== 'DELETE' && { body: new Uint8Array(body) }),
  });
  const returned = RETURNED.flatMap((header) => {
    const value = reply.headers.get(header);
    return value === null ? [] : [[header, value]];
  });
  return [reply.status, await reply.text(), Object.fromEntries(returned)];
}
