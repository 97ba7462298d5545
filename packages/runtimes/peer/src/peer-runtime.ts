import { API_BASE } from '@medkit/contract';
import {
  type Contribution,
  type Entity,
  onceFor,
  type Runtime,
  type RuntimeHost,
  reasonOf,
  type Warning,
} from '@medkit/core';
import type { Clock, HttpStreams, Names } from '@medkit/edges';
import { forwarding } from './forward-request.ts';
import { type PeerAddress, PeerLink } from './peer-link.ts';
import { readTree, type TaggedTree, type TreeReading, TreeUnreadable, treeTags } from './peer-tree.ts';
import { listsOf, type PeerEntity } from './tree-items.ts';

/** Between two tries to reach a gateway that is not there, doubled each time. */
const FIRST_PAUSE_MS = 250;
const MAX_PAUSE_MS = 5000;
/** Between two looks at a gateway that does not say when its tree changes. */
const LOOK_MS = 10_000;
/** Between two readings of a tree that goes on changing: so long, and some times as long as the last one took. */
const MIN_REST_MS = 20;
const REST_SHARE = 3;
/** How many tries in a row are in vain before its entities are told as unavailable: a connection may just have broken. */
const TRIES_TO_LOSE = 2;
/** How long it may take to answer where only that is asked. */
const MAX_ROUND_TRIP_MS = 1000;
/** Of all that tells of an entity, another gateway counts for least. */
const PRIORITY = -1000;

/** The gateways that are read directly, each by its run and the runtime that reads it: what comes by a longer way is left out. */
export type DirectGateways = Map<string, string>;

export interface PeerRuntimeOptions {
  readonly peer: PeerAddress;
  /** The name of this gateway that no other one has. */
  readonly gateway: string;
  readonly direct: DirectGateways;
  readonly http: HttpStreams;
  readonly names: Names;
  readonly clock: Clock;
  /** `aggregation.timeout_ms`. */
  readonly timeoutMs: number;
  readonly forwardsAuthorization: boolean;
}

/** How a gateway is, as `/health` tells it. */
export interface PeerState {
  readonly name: string;
  readonly url: string;
  readonly status: 'online' | 'offline';
  /** Entities that are shown of it. */
  readonly entities: number;
  /** When it was heard of last, wall clock milliseconds. */
  readonly lastSeenMs: number | undefined;
  /** Why it is not there, or shows nothing. */
  readonly problem: string | undefined;
}

/** How a gateway is, with how long it took to answer just now; without where it does not. */
export interface MeasuredPeerState extends PeerState {
  readonly roundTripMs: number | undefined;
}

export interface PeerRuntime extends Runtime {
  peerState(): PeerState;
  /** Asks it for something small, unless it is known not to be there. Who asks meanwhile shares the answer. */
  measured(): Promise<MeasuredPeerState>;
}

/**
 * Another gateway as a runtime: tells its tree, which is read as a whole and again whenever it has changed, and forwards
 * requests to it. While it is not there, what somebody wrote down there is told as unavailable, and the rest is not.
 */
export function peerRuntime(options: PeerRuntimeOptions): PeerRuntime {
  const { peer, gateway, direct, clock } = options;
  const { name, url } = peer;
  const link = new PeerLink(peer, options);
  const closing = new AbortController();
  const reading: TreeReading = {
    link,
    clock,
    runtime: name,
    timeoutMs: options.timeoutMs,
    via: gateway,
    signal: closing.signal,
  };
  let host: RuntimeHost | undefined;
  let known: TaggedTree | undefined;
  let isThere = false;
  let lastSeenMs: number | undefined;
  let problem: string | undefined;
  let running: Promise<void> | undefined;

  const seen = (): void => {
    lastSeenMs = clock.wallMs();
    if (isThere) return;
    isThere = true;
    problem = undefined;
    host?.log('info', `The gateway ${name} at ${url} is there`);
    host?.changed();
  };
  const lost = (error: unknown): void => {
    const reason = reasonOf(error);
    if (!isThere && problem === reason) return;
    problem = reason;
    isThere = false;
    host?.log('warn', reason);
    host?.changed();
  };
  const doubted = ({ message }: TreeUnreadable): void => {
    if (problem !== message) host?.log('warn', `${message}. What it told before is shown`);
    problem = message;
  };
  const take = (tree: TaggedTree | undefined): void => {
    seen();
    problem = undefined;
    if (!tree) return;
    const before = known?.tree.instance;
    const { instance } = tree.tree;
    if (before !== instance && before !== undefined && direct.get(before) === name) direct.delete(before);
    if (!direct.has(instance)) direct.set(instance, name);
    known = tree;
    host?.changed();
  };
  /** Until its stream ends, or for as long as one look at it counts. */
  const follow = async (): Promise<void> => {
    take(await readTree(reading, known?.etag));
    if (known?.isFollowed === false) return pause(clock, LOOK_MS, closing.signal);
    for await (const etag of treeTags(reading)) {
      seen();
      if (etag === known?.etag) continue;
      const fromMs = clock.monotonicMs();
      take(await readTree(reading, known?.etag));
      const tookMs = clock.monotonicMs() - fromMs;
      await pause(clock, Math.min(MIN_REST_MS + REST_SHARE * tookMs, MAX_PAUSE_MS), closing.signal);
    }
  };
  const run = async (): Promise<void> => {
    let inVain = 0;
    while (!closing.signal.aborted) {
      const readBefore = lastSeenMs;
      try {
        await follow();
        inVain = known?.isFollowed === false ? 0 : inVain + 1;
        if (inVain === 0) continue;
      } catch (error) {
        if (closing.signal.aborted) return;
        inVain = readBefore === lastSeenMs ? inVain + 1 : 1;
        // It is there: what it told as a whole before is better than a part, or nothing.
        if (error instanceof TreeUnreadable && isThere) doubted(error);
        else if (inVain >= TRIES_TO_LOSE || known === undefined) lost(error);
      }
      await pause(clock, Math.min(FIRST_PAUSE_MS * 2 ** (inVain - 1), MAX_PAUSE_MS), closing.signal);
    }
  };

  /** Why nothing of it is shown, though it is there. */
  const refusal = (): string | undefined => {
    const instance = known?.tree.instance;
    if (instance === undefined) return undefined;
    if (instance === gateway) return `${url} is this gateway itself: take ${name} out of aggregation.peer_urls`;
    const other = direct.get(instance);
    if (other === undefined || other === name) return undefined;
    return `${url} is the gateway that ${other} is already: take one of the two out of aggregation.peer_urls`;
  };
  const shown = (): readonly Entity[] => {
    if (!known || refusal() !== undefined) return [];
    const own = known.tree.entities.filter((told) => isNew(told, gateway, direct));
    if (isThere) return own.map(({ entity }) => entity);
    return own.flatMap(({ entity, isDeclared }) => (isDeclared ? [unavailable(entity)] : []));
  };
  const peerState = (): PeerState => ({
    name,
    url,
    status: isThere ? 'online' : 'offline',
    entities: shown().length,
    lastSeenMs,
    problem: refusal() ?? problem,
  });
  const roundTrip = async (): Promise<number> => {
    const begun = clock.monotonicMs();
    await link.document({
      method: 'GET',
      path: '/version-info',
      headers: { accept: 'application/json', 'x-medkit-no-fan-out': '1', 'x-medkit-via': gateway },
      timeoutMs: Math.min(options.timeoutMs, MAX_ROUND_TRIP_MS),
      signal: closing.signal,
    });
    return clock.monotonicMs() - begun;
  };
  const measure = async (): Promise<MeasuredPeerState> => {
    if (!isThere) return { ...peerState(), roundTripMs: undefined };
    try {
      const roundTripMs = await roundTrip();
      lastSeenMs = clock.wallMs();
      return { ...peerState(), roundTripMs };
    } catch (error) {
      const state = peerState();
      return { ...state, roundTripMs: undefined, problem: state.problem ?? reasonOf(error) };
    }
  };
  let measuring: Promise<MeasuredPeerState> | undefined;
  return {
    name,
    origin: name,
    providers: { forwarding: forwarding({ link, ...options }) },
    start: async (by) => {
      host = by;
      running = run();
    },
    stop: async () => {
      closing.abort();
      await running;
    },
    contribution: (): Contribution => ({ runtime: name, priority: PRIORITY, ...listsOf(shown()) }),
    health: async () => ({ warnings: warningsOf(peer, refusal(), problem), blocks: {} }),
    peerState,
    measured: () => {
      measuring ??= measure().finally(() => {
        measuring = undefined;
      });
      return measuring;
    },
  };
}

/** Whether an entity is not this gateway's own that comes back, nor one that another gateway is asked for directly. */
function isNew({ entity }: PeerEntity, gateway: string, direct: DirectGateways): boolean {
  const passed = entity.address?.via?.slice(0, -1) ?? [];
  return !passed.includes(gateway) && !passed.some((instance) => direct.has(instance));
}

const unavailable = onceFor((entity: Entity): Entity => {
  const lost = { ...entity, available: false };
  return lost.kind === 'app' ? { ...lost, online: false } : lost;
});

function warningsOf(
  { name, url }: PeerAddress,
  refusal: string | undefined,
  problem: string | undefined,
): readonly Warning[] {
  const wrong = refusal ?? (problem && `${problem}. See what it answers from here: curl -i ${url}${API_BASE}/health`);
  if (wrong === undefined) return [];
  const message = wrong.includes(name) ? wrong : `The gateway ${name}: ${wrong}`;
  return [{ code: 'peer_unavailable', message, peerNames: [name] }];
}

function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      timer.cancel();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = clock.after(ms, end);
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
  });
}
