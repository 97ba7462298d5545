import { API_BASE, PEER_HEADERS, PEER_PATHS } from '@medkit/contract';
import {
  type Contribution,
  type Entity,
  errorMessage,
  memoizeByObject,
  nativeIdOf,
  type Runtime,
  type RuntimeHost,
  type Warning,
} from '@medkit/core';
import { type Clock, type HttpStreams, type Names, pause, type Random, retryDelayMs } from '@medkit/edges';
import { type ClockEpoch, type ClockHistory, UNKNOWN_CLOCK } from './clock/clock-history.ts';
import { measureClock } from './clock/measure-clock.ts';
import { observing } from './faults/observing.ts';
import { forwarding } from './forward-request.ts';
import { type PeerAddress, PeerLink } from './peer-link.ts';
import { entityWithAncestors, type ReplyCache } from './reply-cache.ts';
import {
  type DirectGateways,
  gatewaysBehind,
  type InstanceMemory,
  indirectName,
  instanceOwner,
  isNew,
  peerOf,
} from './tree/direct-gateways.ts';
import { parentCycleProblem } from './tree/parent-cycles.ts';
import { readTree, type TaggedTree, type TreeRequest, TreeUnreadable, treeTags } from './tree/peer-tree.ts';
import { listsOf } from './tree/tree-items.ts';

/** Delay between attempts to reach an offline gateway. */
const RETRY = { firstMs: 250, maxMs: 5000 };
/** Interval of reads if a gateway does not report changes of its tree. */
const LOOK_MS = 10_000;
/** Minimum pause between two reads of a changing tree, and its multiple of the last read's duration. */
const MIN_REST_MS = 20;
const REST_SHARE = 3;
/** Consecutive failures after which its entities are shown as unavailable: a connection may just have been lost. */
const TRIES_TO_LOSE = 2;
/** Timeout of a request that only checks for an answer. */
const MAX_ROUND_TRIP_MS = 1000;
/**
 * Time without an answer after which the gateway may have lost power or network, so that its streams are no longer
 * waited for.
 */
const MAX_UNANSWERED_MS = 10_000;
/** A larger clock offset is reported as a warning: comparing times manually would be misleading. */
const MAX_CLOCK_OFFSET_MS = 1000;
/** Lowest precedence of all contributions to an entity. */
const PRIORITY = -1000;

export interface PeerRuntimeOptions {
  readonly peer: PeerAddress;
  /** The unique name of this gateway. */
  readonly gateway: string;
  readonly direct: DirectGateways;
  readonly instances?: InstanceMemory | undefined;
  readonly http: HttpStreams;
  readonly names: Names;
  readonly clock: Clock;
  readonly random: Pick<Random, 'float'>;
  /** `aggregation.timeout_ms`. */
  readonly timeoutMs: number;
  readonly forwardsAuthorization: boolean;
}

/** State of a gateway for `/health`. */
export interface PeerState {
  readonly name: string;
  readonly url: string;
  readonly status: 'online' | 'offline';
  /** Number of its shown entities. */
  readonly entities: number;
  /** When it was last received, in milliseconds of the wall clock. */
  readonly lastSeenMs: number | undefined;
  /** Last known offset of its clock. */
  readonly clock: ClockEpoch | undefined;
  /** Why it is offline or shows nothing. */
  readonly problem: string | undefined;
}

/** State of a gateway with its current round trip time; absent if it does not answer. */
export interface MeasuredPeerState extends PeerState {
  readonly roundTripMs: number | undefined;
}

export interface PeerRuntime extends Runtime {
  peerState(): PeerState;
  /** The offsets of its clock over time. */
  clockHistory(): ClockHistory;
  /** Restores the known history of its clock. */
  recallClock(past: ClockHistory): void;
  /** Sets the stored replies, which are served and whose entities are shown as unavailable while it is offline. */
  keep(replies: ReplyCache): void;
  /** Returns one of its entities and all ancestors. */
  entityWithAncestors(nativeId: string): readonly Entity[];
  /** Sends a small request, unless the gateway is known to be offline. Concurrent callers share the answer. */
  measured(): Promise<MeasuredPeerState>;
}

/**
 * Another gateway as a runtime. Contributes its tree, which is read as a whole after every change, and forwards
 * requests. While it is offline, declared entities and those with stored data are shown as unavailable; others are not
 * shown.
 */
export function peerRuntime(options: PeerRuntimeOptions): PeerRuntime {
  const { peer, gateway, direct, instances, clock, random } = options;
  const { name, url } = peer;
  const isKeyed = peer.token !== undefined;
  const link = new PeerLink(peer, options);
  const closing = new AbortController();
  const reading: TreeRequest = {
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
  /** Since when it has not answered checks, monotonic. */
  let unansweredMs: number | undefined;
  let problem: string | undefined;
  let wrongParents: string | undefined;
  let knownClock = UNKNOWN_CLOCK;
  let replyCache: ReplyCache | undefined;
  let running: Promise<unknown> | undefined;
  const waiting = new Set<() => void>();

  /** Registers this gateway as read directly, with the gateways behind it. */
  const claim = (): void => {
    if (!known) return;
    const { instance, entities } = known.tree;
    if (instanceOwner(instance, { name, isKeyed }, direct, instances) !== undefined) return;
    if (instance !== gateway) instances?.remember({ name, instance, isKeyed });
    const behind: ReadonlyMap<string, number> = isThere ? gatewaysBehind(entities) : new Map();
    direct.set(instance, { name, isKeyed, behind });
    if (isKeyed) rememberInstances(behind.keys());
  };
  /** Stores the gateways that this one shows: a peer without a key that claims to be one of them does not hide it. */
  const rememberInstances = (keys: Iterable<string>): void => {
    for (const instance of keys) {
      if (instance === gateway || instances?.find(instance) !== undefined) continue;
      instances?.remember({ name: indirectName(name, instance), instance, isKeyed: false });
    }
  };
  const seen = (): void => {
    lastSeenMs = clock.wallMs();
    unansweredMs = undefined;
    if (isThere) return;
    isThere = true;
    claim();
    problem = undefined;
    host?.log('info', `The gateway ${name} at ${url} is available`);
    host?.changed();
    for (const listener of waiting) listener();
  };
  const lost = (error: unknown): void => {
    const reason = errorMessage(error);
    if (!isThere && problem === reason) return;
    problem = reason;
    isThere = false;
    claim();
    host?.log('warn', reason);
    host?.changed();
  };
  const reportUnreadable = ({ message }: TreeUnreadable): void => {
    if (problem !== message) host?.log('warn', `${message}. The last copy of its tree is shown`);
    problem = message;
  };
  const warnOfParents = ({ tree: { entities } }: TaggedTree): void => {
    const wrong = parentCycleProblem(entities.map(({ entity }) => entity));
    if (wrong !== undefined && wrong !== wrongParents)
      host?.log('warn', `The tree of the gateway ${name} is invalid: ${wrong}`);
    wrongParents = wrong;
  };
  const take = (tree: TaggedTree | undefined): void => {
    seen();
    problem = undefined;
    if (!tree) return;
    warnOfParents(tree);
    const before = known?.tree.instance;
    const { instance } = tree.tree;
    if (before !== instance && before !== undefined && direct.get(before)?.name === name) direct.delete(before);
    known = tree;
    claim();
    host?.changed();
    for (const listener of waiting) listener();
  };
  /** Runs until its stream ends, or while one read is valid. */
  const follow = async (): Promise<void> => {
    take(await readTree(reading, known?.etag));
    if (known?.isFollowed === false) return pause(clock, LOOK_MS, closing.signal);
    for await (const etag of treeTags(reading)) {
      seen();
      if (etag === known?.etag) continue;
      const fromMs = clock.monotonicMs();
      take(await readTree(reading, known?.etag));
      const tookMs = clock.monotonicMs() - fromMs;
      await pause(clock, Math.min(MIN_REST_MS + REST_SHARE * tookMs, RETRY.maxMs), closing.signal);
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
        // The gateway is online: its previous complete tree is better than a part of one.
        if (error instanceof TreeUnreadable && isThere) reportUnreadable(error);
        else if (inVain >= TRIES_TO_LOSE || known === undefined) lost(error);
      }
      await pause(clock, retryDelayMs(RETRY, inVain, random), closing.signal);
    }
  };

  /** Returns why nothing of it is shown although it is online. */
  const refusal = (): string | undefined => {
    const instance = known?.tree.instance;
    if (instance === undefined) return undefined;
    if (instance === gateway) return `${url} is this gateway itself: remove ${name} from aggregation.peer_urls`;
    const other = instanceOwner(instance, { name, isKeyed }, direct, instances);
    if (other === undefined) return undefined;
    return peerOf(other) === other
      ? `${url} is the same gateway as ${other}: remove one of the two from aggregation.peer_urls`
      : `${url} claims to be a gateway that ${peerOf(other)} shows, but has no token that proves it: set one in aggregation.peer_token_files`;
  };
  const visibleEntities = (): readonly Entity[] => {
    if (refusal() !== undefined) return [];
    const isOwned = ({ address }: Entity): boolean => isNew(address?.via ?? [], name, gateway, direct);
    const owned = known?.tree.entities.filter(({ entity }) => isOwned(entity)) ?? [];
    if (isThere) return owned.map(({ entity }) => entity);
    const declared = owned.flatMap(({ entity, isDeclared }) => (isDeclared ? [entity] : []));
    const left = [...declared, ...(replyCache?.entities().filter(isOwned) ?? [])];
    return [...new Map(left.map((entity) => [nativeIdOf(entity), entity])).values()].map(unavailable);
  };
  const peerState = (): PeerState => ({
    name,
    url,
    status: isThere ? 'online' : 'offline',
    entities: visibleEntities().length,
    lastSeenMs,
    clock: knownClock.history[0],
    problem: refusal() ?? problem,
  });
  const roundTrip = async (): Promise<number> => {
    const begun = clock.monotonicMs();
    await link.document({
      method: 'GET',
      path: PEER_PATHS.roundTrip,
      headers: { accept: 'application/json', [PEER_HEADERS.localOnly]: '1', [PEER_HEADERS.via]: gateway },
      timeoutMs: Math.min(options.timeoutMs, MAX_ROUND_TRIP_MS),
      signal: closing.signal,
    });
    return clock.monotonicMs() - begun;
  };
  const measure = async (): Promise<MeasuredPeerState> => {
    if (!isThere) return { ...peerState(), roundTripMs: undefined };
    const begunMs = clock.monotonicMs();
    try {
      const roundTripMs = await roundTrip();
      seen();
      return { ...peerState(), roundTripMs };
    } catch (error) {
      unansweredMs ??= begunMs;
      if (clock.monotonicMs() - unansweredMs >= MAX_UNANSWERED_MS) {
        unansweredMs = undefined;
        link.hangUp();
      }
      const state = peerState();
      return { ...state, roundTripMs: undefined, problem: state.problem ?? errorMessage(error) };
    }
  };
  let measuring: Promise<MeasuredPeerState> | undefined;
  return {
    name,
    origin: name,
    providers: {
      forwarding: forwarding({
        link,
        ...options,
        storedReply: (nativeId, request) => replyCache?.answer(nativeId, request),
        isThere: () => isThere,
      }),
      observing: observing({
        link,
        clock,
        random,
        timeoutMs: options.timeoutMs,
        alreadyFollowed: () => [...direct].flatMap(([instance, by]) => (by.name === name ? [] : [instance])),
        closing: closing.signal,
        followedGateway: () =>
          known && isThere && refusal() === undefined
            ? { name, instance: known.tree.instance, isMarking: known.isFollowed }
            : undefined,
        onAvailable: (listener) => {
          waiting.add(listener);
          return () => void waiting.delete(listener);
        },
        isNew: ({ gateways }) => isNew(gateways, name, gateway, direct),
      }),
    },
    start: async (by) => {
      host = by;
      const looking = { ...options, link, via: gateway, signal: closing.signal };
      const measuring = measureClock(
        looking,
        () => isThere,
        () => knownClock,
        (now) => {
          knownClock = now;
        },
      );
      running = Promise.all([run(), measuring]);
    },
    stop: async () => {
      closing.abort();
      await running;
    },
    contribution: (): Contribution => ({ runtime: name, priority: PRIORITY, ...listsOf(visibleEntities()) }),
    health: async () => ({
      warnings: [
        ...warningsOf(peer, refusal(), problem),
        ...clockWarnings(name, isThere ? knownClock.history[0] : undefined),
      ],
      blocks: {},
    }),
    peerState,
    clockHistory: () => knownClock.history,
    recallClock: (past) => {
      knownClock = { ...knownClock, history: [...knownClock.history, ...past] };
    },
    keep: (replies) => {
      replyCache = replies;
      if (!isThere) host?.changed();
    },
    entityWithAncestors: (nativeId) =>
      entityWithAncestors(nativeId, known?.tree.entities.map(({ entity }) => entity) ?? []),
    measured: () => {
      measuring ??= measure().finally(() => {
        measuring = undefined;
      });
      return measuring;
    },
  };
}

const unavailable = memoizeByObject((entity: Entity): Entity => {
  const lost = { ...entity, available: false };
  return lost.kind === 'app' ? { ...lost, online: false } : lost;
});

function warningsOf(
  { name, url }: PeerAddress,
  refusal: string | undefined,
  problem: string | undefined,
): readonly Warning[] {
  const wrong =
    refusal ?? (problem && `${problem}. Check its answer from this machine: curl -i ${url}${API_BASE}/health`);
  if (wrong === undefined) return [];
  const message = wrong.includes(name) ? wrong : `The gateway ${name}: ${wrong}`;
  return [{ code: 'peer_unavailable', message, peerNames: [name] }];
}

function clockWarnings(name: string, clock: ClockEpoch | undefined): readonly Warning[] {
  if (!clock || Math.abs(clock.offsetMs) - clock.uncertaintyMs < MAX_CLOCK_OFFSET_MS) return [];
  const sec = (Math.abs(clock.offsetMs) / 1000).toFixed(1);
  const message = `The clock of the gateway ${name} is ${sec} s ${clock.offsetMs > 0 ? 'ahead of' : 'behind'} the clock of this gateway. Its timestamps in faults and logs have this offset; merged lists are sorted by corrected time. Synchronize the clocks of both machines: timedatectl set-ntp true`;
  return [{ code: 'peer_clock_off', message, peerNames: [name] }];
}
