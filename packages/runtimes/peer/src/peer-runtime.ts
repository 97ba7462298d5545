import { API_BASE } from '@medkit/contract';
import {
  type Contribution,
  type Entity,
  nativeIdOf,
  onceFor,
  type Runtime,
  type RuntimeHost,
  reasonOf,
  type Warning,
} from '@medkit/core';
import type { Clock, HttpStreams, Names } from '@medkit/edges';
import { type ClockEpoch, type ClockHistory, UNKNOWN_CLOCK } from './clock/clock-history.ts';
import { measureClock } from './clock/measure-clock.ts';
import { observing } from './faults/observing.ts';
import { forwarding } from './forward-request.ts';
import { entitiesAround, type KeptReplies } from './kept-replies.ts';
import { pause } from './pause.ts';
import { type PeerAddress, PeerLink } from './peer-link.ts';
import {
  type DirectGateways,
  gatewaysBehind,
  holderOf,
  type InstanceMemory,
  isNew,
  peerOf,
  shownName,
} from './tree/direct-gateways.ts';
import { parentProblem } from './tree/parent-circles.ts';
import { readTree, type TaggedTree, type TreeReading, TreeUnreadable, treeTags } from './tree/peer-tree.ts';
import { listsOf } from './tree/tree-items.ts';

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
/** Without an answer for so long, it may have lost its power or its network: its streams are not waited for. */
const MAX_UNANSWERED_MS = 10_000;
/** A clock that is off by more is told of: whoever compares times by eye would be misled. */
const MAX_CLOCK_OFFSET_MS = 1000;
/** Of all that tells of an entity, another gateway counts for least. */
const PRIORITY = -1000;

export interface PeerRuntimeOptions {
  readonly peer: PeerAddress;
  /** The name of this gateway that no other one has. */
  readonly gateway: string;
  readonly direct: DirectGateways;
  readonly instances?: InstanceMemory | undefined;
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
  /** How far its clock is ahead of the one here, as seen last. */
  readonly clock: ClockEpoch | undefined;
  /** Why it is not there, or shows nothing. */
  readonly problem: string | undefined;
}

/** How a gateway is, with how long it took to answer just now; without where it does not. */
export interface MeasuredPeerState extends PeerState {
  readonly roundTripMs: number | undefined;
}

export interface PeerRuntime extends Runtime {
  peerState(): PeerState;
  /** The offsets of its clock over time. */
  clockHistory(): ClockHistory;
  /** Takes in what was known of its clock before. */
  recallClock(past: ClockHistory): void;
  /** Takes what is answered, and which entities are told as unavailable, while it is not there. */
  keep(kept: KeptReplies): void;
  /** An entity of it and all that it is in, as it tells them. */
  entitiesAround(nativeId: string): readonly Entity[];
  /** Asks it for something small, unless it is known not to be there. Who asks meanwhile shares the answer. */
  measured(): Promise<MeasuredPeerState>;
}

/**
 * Another gateway as a runtime: tells its tree, which is read as a whole and again whenever it has changed, and forwards
 * requests to it. While it is not there, what somebody wrote down there is told as unavailable, and so is that of which something
 * was kept; the rest is not.
 */
export function peerRuntime(options: PeerRuntimeOptions): PeerRuntime {
  const { peer, gateway, direct, instances, clock } = options;
  const { name, url } = peer;
  const isKeyed = peer.token !== undefined;
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
  /** Since when it has answered nothing that was asked to see whether it does, monotonic. */
  let unansweredMs: number | undefined;
  let problem: string | undefined;
  let wrongParents: string | undefined;
  let knownClock = UNKNOWN_CLOCK;
  let kept: KeptReplies | undefined;
  let running: Promise<unknown> | undefined;
  const waiting = new Set<() => void>();

  /** Says that this one is read directly, and which others are behind it. */
  const claim = (): void => {
    if (!known) return;
    const { instance, entities } = known.tree;
    if (holderOf(instance, { name, isKeyed }, direct, instances) !== undefined) return;
    if (instance !== gateway) instances?.remember({ name, instance, isKeyed });
    const behind: ReadonlyMap<string, number> = isThere ? gatewaysBehind(entities) : new Map();
    direct.set(instance, { name, isKeyed, behind });
    if (isKeyed) rememberShown(behind.keys());
  };
  /** Stores the gateways that this one shows: a peer without a key that claims to be one of them does not hide it. */
  const rememberShown = (shown: Iterable<string>): void => {
    for (const instance of shown) {
      if (instance === gateway || instances?.find(instance) !== undefined) continue;
      instances?.remember({ name: shownName(name, instance), instance, isKeyed: false });
    }
  };
  const seen = (): void => {
    lastSeenMs = clock.wallMs();
    unansweredMs = undefined;
    if (isThere) return;
    isThere = true;
    claim();
    problem = undefined;
    host?.log('info', `The gateway ${name} at ${url} is there`);
    host?.changed();
    for (const listener of waiting) listener();
  };
  const lost = (error: unknown): void => {
    const reason = reasonOf(error);
    if (!isThere && problem === reason) return;
    problem = reason;
    isThere = false;
    claim();
    host?.log('warn', reason);
    host?.changed();
  };
  const doubted = ({ message }: TreeUnreadable): void => {
    if (problem !== message) host?.log('warn', `${message}. What it told before is shown`);
    problem = message;
  };
  const warnOfParents = ({ tree: { entities } }: TaggedTree): void => {
    const wrong = parentProblem(entities.map(({ entity }) => entity));
    if (wrong !== undefined && wrong !== wrongParents) host?.log('warn', `What the gateway ${name} tells: ${wrong}`);
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
    const other = holderOf(instance, { name, isKeyed }, direct, instances);
    if (other === undefined) return undefined;
    return peerOf(other) === other
      ? `${url} is the gateway that ${other} is already: take one of the two out of aggregation.peer_urls`
      : `${url} claims to be a gateway that ${peerOf(other)} shows, and has no token that proves it: name one in aggregation.peer_token_files`;
  };
  const shown = (): readonly Entity[] => {
    if (refusal() !== undefined) return [];
    const isOwn = ({ address }: Entity): boolean => isNew(address?.via ?? [], name, gateway, direct);
    const own = known?.tree.entities.filter(({ entity }) => isOwn(entity)) ?? [];
    if (isThere) return own.map(({ entity }) => entity);
    const declared = own.flatMap(({ entity, isDeclared }) => (isDeclared ? [entity] : []));
    const left = [...declared, ...(kept?.entities().filter(isOwn) ?? [])];
    return [...new Map(left.map((entity) => [nativeIdOf(entity), entity])).values()].map(unavailable);
  };
  const peerState = (): PeerState => ({
    name,
    url,
    status: isThere ? 'online' : 'offline',
    entities: shown().length,
    lastSeenMs,
    clock: knownClock.history[0],
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
      return { ...state, roundTripMs: undefined, problem: state.problem ?? reasonOf(error) };
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
        kept: (nativeId, request) => kept?.answer(nativeId, request),
        isThere: () => isThere,
      }),
      observing: observing({
        link,
        clock,
        timeoutMs: options.timeoutMs,
        asked: () => [...direct].flatMap(([instance, by]) => (by.name === name ? [] : [instance])),
        closing: closing.signal,
        teller: () =>
          known && isThere && refusal() === undefined
            ? { name, instance: known.tree.instance, isMarking: known.isFollowed }
            : undefined,
        onThere: (listener) => {
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
    contribution: (): Contribution => ({ runtime: name, priority: PRIORITY, ...listsOf(shown()) }),
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
      kept = replies;
      if (!isThere) host?.changed();
    },
    entitiesAround: (nativeId) => entitiesAround(nativeId, known?.tree.entities.map(({ entity }) => entity) ?? []),
    measured: () => {
      measuring ??= measure().finally(() => {
        measuring = undefined;
      });
      return measuring;
    },
  };
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

function clockWarnings(name: string, clock: ClockEpoch | undefined): readonly Warning[] {
  if (!clock || Math.abs(clock.offsetMs) - clock.uncertaintyMs < MAX_CLOCK_OFFSET_MS) return [];
  const sec = (Math.abs(clock.offsetMs) / 1000).toFixed(1);
  const message = `The clock of the gateway ${name} is ${sec} s ${clock.offsetMs > 0 ? 'ahead of' : 'behind'} the one here. Times of its own in faults and logs are off by that; lists are in the order of what happened. Have both synchronise their time: timedatectl set-ntp true`;
  return [{ code: 'peer_clock_off', message, peerNames: [name] }];
}
