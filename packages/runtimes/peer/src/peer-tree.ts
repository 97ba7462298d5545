import { readEvents } from '@medkit/client';
import { parseJson, reasonOf } from '@medkit/core';
import type { PeerLink } from './peer-link.ts';
import { type PeerTree, treeIn } from './tree-items.ts';

const TREE_PATH = '/x-medkit-tree';
/** Characters of an event that says that the tree has changed. */
const MAX_EVENT_CHARS = 65_536;

export interface TreeReading {
  readonly link: PeerLink;
  /** The runtime whose the entities are. */
  readonly runtime: string;
  /** For the whole document, milliseconds. */
  readonly timeoutMs: number;
  readonly via: string;
  readonly signal: AbortSignal;
}

/** A tree, and the tag by which it is known. */
export interface TaggedTree {
  readonly etag: string | undefined;
  readonly tree: PeerTree;
}

/**
 * The whole tree of a gateway, or `undefined` where it is the one with the tag `etag` still. Throws where it cannot be had as a
 * whole.
 */
export async function readTree(
  { link, runtime, timeoutMs, via, signal }: TreeReading,
  etag: string | undefined,
): Promise<TaggedTree | undefined> {
  const reply = await link.document({
    method: 'GET',
    path: TREE_PATH,
    headers: { accept: 'application/json', 'x-medkit-via': via, ...(etag !== undefined && { 'if-none-match': etag }) },
    timeoutMs,
    signal,
  });
  if (reply.status === 304) return undefined;
  if (reply.status !== 200) throw link.unavailable(`it answers ${TREE_PATH} with status ${reply.status}`);
  try {
    return { etag: reply.etag, tree: treeIn(parseJson(reply.text), runtime) };
  } catch (error) {
    throw link.unavailable(`its tree cannot be read: ${reasonOf(error)}`);
  }
}

/** The tags that the tree of a gateway has from now on, the present one first, until the stream ends. Throws where it breaks. */
export async function* treeTags({ link, timeoutMs, via, signal }: TreeReading): AsyncGenerator<string> {
  const reply = await link.open({
    method: 'GET',
    path: `${TREE_PATH}/events`,
    headers: { accept: 'text/event-stream', 'x-medkit-via': via },
    timeoutMs,
    signal,
  });
  try {
    if (reply.status !== 200) throw link.unavailable(`it answers ${TREE_PATH}/events with status ${reply.status}`);
    for await (const item of readEvents(reply.body, MAX_EVENT_CHARS)) {
      if (!('data' in item) || item.event !== 'tree') continue;
      const { etag } = Object(JSON.parse(item.data));
      if (typeof etag === 'string') yield etag;
    }
  } finally {
    reply.close();
  }
}
