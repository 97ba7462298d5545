import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { ConditionalResource } from '@medkit/contract';
import { type Entity, type EntityTree, fieldsOf, indexEntities, type JsonValue, parseJson } from '@medkit/core';
import type { Fleet } from '@medkit/fleet';
import { listsOf, treeIn } from '@medkit/peer';

/** Trees of robots that stay in memory: those that people look at. */
const MAX_TREES = 8;

const expand = promisify(gunzip);

/** The tree of a robot that is away. No entity is available: whether its app runs is not known. */
export interface KnownTree {
  readonly tree: EntityTree;
  /** The document that the robot sent, with all entities marked as unavailable. */
  readonly document: JsonValue;
  /** When the hub read it, milliseconds since 1970. */
  readonly atMs: number;
}

/** Returns a function that returns the last known tree of a robot; `undefined` if the hub has none. */
export function knownTrees(known: Pick<Fleet['known'], 'tree'>): (robot: string) => Promise<KnownTree | undefined> {
  const trees = new Map<string, { readonly etag: string } & Omit<KnownTree, 'atMs'>>();
  return async (robot) => {
    const stored = await known.tree(robot);
    if (!stored) return undefined;
    const { etag, atMs, gzip } = stored;
    const before = trees.get(robot);
    const read = before?.etag === etag ? before : { etag, ...treeOf((await expand(gzip)).toString(), robot) };
    trees.delete(robot);
    trees.set(robot, read);
    if (trees.size > MAX_TREES) trees.delete(trees.keys().next().value as string);
    return { tree: read.tree, document: read.document, atMs };
  };
}

function treeOf(text: string, robot: string): Omit<KnownTree, 'atMs'> {
  const sent = fieldsOf(parseJson(text)) ?? {};
  const items = (sent['items'] as readonly JsonValue[]).map((item) => ({ ...Object(item), available: false }));
  const document = { ...sent, items };
  const sources = new Map(
    items.map((item) => {
      const { type, id, source } = item;
      return [`${type} ${id}`, source] as const;
    }),
  );
  const entities = treeIn(document, robot).entities.map(({ entity }): Entity => {
    const source = sources.get(`${entity.kind} ${entity.id}`);
    return { ...entity, source: typeof source === 'string' ? source : entity.source };
  });
  return { document, tree: indexEntities(listsOf(entities), 0) };
}

/** Returns the optional resources that an entity had. */
export const optionalResources = ({ capabilities = [] }: Entity): readonly ConditionalResource[] =>
  (['scripts', 'locks'] as const).filter((name) => capabilities.includes(name));
