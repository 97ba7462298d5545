import { readEvents } from '@medkit/client';
import { SovdError } from '@medkit/contract';
import { parseJson, reasonOf } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { PeerLink } from '../peer-link.ts';
import { heard } from '../peer-stream.ts';
import { itemsByRoutes } from './route-by-route.ts';
import { type PeerTree, treeIn } from './tree-items.ts';

const TREE_PATH = '/x-medkit-tree';
const MAX_INSTANCE = 64;
/** Characters of an event that says that the tree has changed. */
const MAX_EVENT_CHARS = 65_536;
/** For all routes of a gateway together: one that answers each of them in the last moment would be read for an hour. */
const MAX_ROUTES_MS = 60_000;

export interface TreeReading {
  readonly link: PeerLink;
  readonly clock: Clock;
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
  /** What says when it changes: a stream of its tags; a gateway without one has to be asked again and again. */
  readonly isFollowed: boolean;
}

/** A gateway is there, and what it tells is not its whole tree, or none at all. */
export class TreeUnreadable extends Error {
  override readonly name = 'TreeUnreadable';
}

/**
 * The whole tree of a gateway, or `undefined` where it is the one with the tag `etag` still. One that does not tell it in one reply,
 * as ros2_medkit does not, is asked route by route. Throws
 * `TreeUnreadable` where it cannot be had as a whole.
 */
export async function readTree(reading: TreeReading, etag: string | undefined): Promise<TaggedTree | undefined> {
  const { link, runtime, timeoutMs, via, signal } = reading;
  const reply = await link.document({
    method: 'GET',
    path: TREE_PATH,
    headers: { accept: 'application/json', 'x-medkit-via': via, ...(etag !== undefined && { 'if-none-match': etag }) },
    timeoutMs,
    signal,
  });
  if (reply.status === 304 && etag !== undefined) return undefined;
  if (reply.status === 404 || reply.status === 501) return readRoutes(reading);
  if (reply.status !== 200) throw unreadable(link, `it answers ${TREE_PATH} with status ${reply.status}`);
  try {
    return { etag: reply.etag, tree: treeIn(parseJson(reply.text), runtime), isFollowed: true };
  } catch (error) {
    throw unreadable(link, reasonOf(error));
  }
}

async function readRoutes({ link, clock, runtime, timeoutMs, via, signal }: TreeReading): Promise<TaggedTree> {
  const headers = { accept: 'application/json', 'x-medkit-no-fan-out': '1', 'x-medkit-via': via };
  const late = new AbortController();
  const timer = clock.after(MAX_ROUTES_MS, () => late.abort());
  try {
    const ask = { headers, timeoutMs, signal: AbortSignal.any([signal, late.signal]) };
    const items = await itemsByRoutes(link, ask);
    // It has no name that no other gateway has: it gets one, of this gateway and what it goes by here.
    const document = { gateway: { instance: `${via}.${runtime}`.slice(0, MAX_INSTANCE) }, items: [...items] };
    return { etag: undefined, tree: treeIn(document, runtime), isFollowed: false };
  } catch (error) {
    if (late.signal.aborted) throw unreadable(link, `all its routes take longer than ${MAX_ROUTES_MS} ms`);
    if (error instanceof SovdError) throw error;
    throw unreadable(link, reasonOf(error));
  } finally {
    timer.cancel();
  }
}

function unreadable({ peer: { name, url } }: PeerLink, why: string): TreeUnreadable {
  return new TreeUnreadable(`The tree of the gateway ${name} at ${url} cannot be read: ${why}`);
}

/** The tags that the tree of a gateway has from now on, the present one first, until the stream ends. Throws where it breaks. */
export async function* treeTags({ link, clock, timeoutMs, via, signal }: TreeReading): AsyncGenerator<string> {
  const reply = await link.open({
    method: 'GET',
    path: `${TREE_PATH}/events`,
    headers: { accept: 'text/event-stream', 'x-medkit-via': via },
    timeoutMs,
    signal: AbortSignal.any([signal, link.presence]),
  });
  try {
    if (reply.status !== 200) throw link.unavailable(`it answers ${TREE_PATH}/events with status ${reply.status}`);
    for await (const item of readEvents(heard(reply, clock), MAX_EVENT_CHARS)) {
      if (!('data' in item) || item.event !== 'tree') continue;
      const { etag } = Object(JSON.parse(item.data));
      if (typeof etag === 'string') yield etag;
    }
  } finally {
    reply.close();
  }
}
