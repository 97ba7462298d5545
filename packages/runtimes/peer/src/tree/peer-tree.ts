import { readEvents } from '@medkit/client';
import { PEER_HEADERS, PEER_PATHS, SovdError, TREE_EVENT } from '@medkit/contract';
import { errorMessage, parseJson } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { PeerLink } from '../peer-link.ts';
import { withSilenceTimeout } from '../peer-stream.ts';
import { itemsByRoutes } from './route-by-route.ts';
import { type PeerTree, treeIn } from './tree-items.ts';

const MAX_INSTANCE = 64;
/** Maximum characters of an event about a changed tree. */
const MAX_EVENT_CHARS = 65_536;
/** Maximum time for all routes of a gateway together: one that delays each answer would take an hour. */
const MAX_ROUTES_MS = 60_000;

export interface TreeRequest {
  readonly link: PeerLink;
  readonly clock: Clock;
  /** The runtime of the entities. */
  readonly runtime: string;
  /** Timeout for the whole document, in milliseconds. */
  readonly timeoutMs: number;
  readonly via: string;
  readonly signal: AbortSignal;
}

/** A tree with its entity tag. */
export interface TaggedTree {
  readonly etag: string | undefined;
  readonly tree: PeerTree;
  /** Whether it has an event stream of its tags; a gateway without one must be polled. */
  readonly isFollowed: boolean;
}

/** A gateway is online, but its tree is missing or incomplete. */
export class TreeUnreadable extends Error {
  override readonly name = 'TreeUnreadable';
}

/**
 * Reads the whole tree of a gateway; `undefined` if it still has the tag `etag`. If a gateway does not provide it in
 * one reply, as ros2_medkit, reads it route by route. Throws `TreeUnreadable` if it is not complete.
 */
export async function readTree(reading: TreeRequest, etag: string | undefined): Promise<TaggedTree | undefined> {
  const { link, runtime, timeoutMs, via, signal } = reading;
  const reply = await link.document({
    method: 'GET',
    path: PEER_PATHS.tree,
    headers: {
      accept: 'application/json',
      [PEER_HEADERS.via]: via,
      ...(etag !== undefined && { 'if-none-match': etag }),
    },
    timeoutMs,
    signal,
  });
  if (reply.status === 304 && etag !== undefined) return undefined;
  if (reply.status === 404 || reply.status === 501) return readRoutes(reading);
  if (reply.status !== 200) throw unreadable(link, `it answers ${PEER_PATHS.tree} with status ${reply.status}`);
  try {
    return { etag: reply.etag, tree: treeIn(parseJson(reply.text), runtime), isFollowed: true };
  } catch (error) {
    throw unreadable(link, errorMessage(error));
  }
}

async function readRoutes({ link, clock, runtime, timeoutMs, via, signal }: TreeRequest): Promise<TaggedTree> {
  const headers = { accept: 'application/json', [PEER_HEADERS.localOnly]: '1', [PEER_HEADERS.via]: via };
  const late = new AbortController();
  const timer = clock.after(MAX_ROUTES_MS, () => late.abort());
  try {
    const ask = { headers, timeoutMs, signal: AbortSignal.any([signal, late.signal]) };
    const items = await itemsByRoutes(link, ask);
    // It has no unique name: one is composed of this gateway's and its local name.
    const document = { gateway: { instance: `${via}.${runtime}`.slice(0, MAX_INSTANCE) }, items: [...items] };
    return { etag: undefined, tree: treeIn(document, runtime), isFollowed: false };
  } catch (error) {
    if (late.signal.aborted) throw unreadable(link, `all its routes take longer than ${MAX_ROUTES_MS} ms`);
    if (error instanceof SovdError) throw error;
    throw unreadable(link, errorMessage(error));
  } finally {
    timer.cancel();
  }
}

function unreadable({ peer: { name, url } }: PeerLink, reason: string): TreeUnreadable {
  return new TreeUnreadable(`The tree of the gateway ${name} at ${url} cannot be read: ${reason}`);
}

/** Yields the tags of a gateway's tree, the current one first, until the stream ends. Throws if it breaks. */
export async function* treeTags({ link, clock, timeoutMs, via, signal }: TreeRequest): AsyncGenerator<string> {
  const reply = await link.open({
    method: 'GET',
    path: PEER_PATHS.treeEvents,
    headers: { accept: 'text/event-stream', [PEER_HEADERS.via]: via },
    timeoutMs,
    signal: AbortSignal.any([signal, link.presence]),
  });
  try {
    if (reply.status !== 200) throw link.unavailable(`it answers ${PEER_PATHS.treeEvents} with status ${reply.status}`);
    for await (const item of readEvents(withSilenceTimeout(reply, clock), MAX_EVENT_CHARS)) {
      if (!('data' in item) || item.event !== TREE_EVENT) continue;
      const { etag } = Object(JSON.parse(item.data));
      if (typeof etag === 'string') yield etag;
    }
  } finally {
    reply.close();
  }
}
