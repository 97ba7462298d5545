import { API_BASE, PEER_HEADERS, PEER_PATHS } from '@medkit/contract';
import {
  type Contribution,
  type Entity,
  errorMessage,
  memoizeByObject,
  nativeIdOf,
  type Runtime,
  type RuntimeHealth,
  type RuntimeHost,
  type Warning,
} from '@medkit/core';
import { type Clock, debug, type HttpStreams, type Names, pause, type Random, retryDelayMs } from '@medkit/edges';
import { type ClockEpoch, type ClockHistory, UNKNOWN_CLOCK } from './clock/clock-history.ts';
import { measureClock } from './clock/measure-clock.ts';
import { observing } from './faults/observing.ts';
import { forwarding } from './forward-request.ts';
import { type PeerAddress, PeerLink } from './peer-link.ts';
import { PEER_RETRY } from './peer-stream.ts';
import { entityWithAncestors, type ReplyCache } from './reply-cache.ts';
import type { DirectGateways, InstanceMemory } from './tree/direct-gateways.ts';
import { parentCycleProblem } from './tree/parent-cycles.ts';
import { PeerClaim } from './tree/peer-claim.ts';
import { readTree, type TaggedTree, type TreeRequest, TreeUnreadable, treeTags } from './tree/peer-tree.ts';
import { listsOf } from './tree/tree-items.ts';

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

/** Whether the gateway answers. A problem of an online gateway is that its tree cannot be read. */
interface Presence {
  readonly is: 'online' | 'offline';
  readonly problem: string | undefined;
}

/**
 * Another gateway as a runtime. Contributes its tree, which is read as a whole after every change, and forwards
 * requests. While it is offline, declared entities and those with stored data are shown as unavailable; others are not
 * shown.
 */
export function peerRuntime(options: PeerRuntimeOptions): PeerRuntime {
  return new PeerGateway(options);
}

class PeerGateway implements PeerRuntime {
  readonly name: string;
  readonly origin: string;
  readonly providers: Runtime['providers'];
  readonly #options: PeerRuntimeOptions;
  readonly #link: PeerLink;
  readonly #claim: PeerClaim;
  readonly #closing = new AbortController();
  /** Called when the gateway is available again, or its tree was read. */
  readonly #listeners = new Set<() => void>();
  #host: RuntimeHost | undefined;
  #presence: Presence = { is: 'offline', problem: undefined };
  #tree: TaggedTree | undefined;
  #lastSeenMs: number | undefined;
  /** Since when it has not answered checks, monotonic. */
  #unansweredMs: number | undefined;
  /** The last reported problem of its tree. */
  #cycle: string | undefined;
  #clock = UNKNOWN_CLOCK;
  #replies: ReplyCache | undefined;
  #running: Promise<unknown> | undefined;
  #measuring: Promise<MeasuredPeerState> | undefined;

  constructor(options: PeerRuntimeOptions) {
    this.name = options.peer.name;
    this.origin = this.name;
    this.#options = options;
    this.#link = new PeerLink(options.peer, options);
    this.#claim = new PeerClaim(options);
    this.providers = {
      forwarding: forwarding({
        ...options,
        link: this.#link,
        storedReply: (nativeId, request) => this.#replies?.answer(nativeId, request),
        isThere: () => this.#isThere,
      }),
      observing: observing({
        ...options,
        link: this.#link,
        alreadyFollowed: () => this.#claim.others(),
        closing: this.#closing.signal,
        followedGateway: () => this.#followedGateway(),
        onAvailable: (listener) => {
          this.#listeners.add(listener);
          return () => void this.#listeners.delete(listener);
        },
        isNew: ({ gateways }) => this.#claim.isNew(gateways),
      }),
    };
  }

  async start(host: RuntimeHost): Promise<void> {
    this.#host = host;
    const { gateway } = this.#options;
    const measuring = measureClock(
      { ...this.#options, link: this.#link, via: gateway, signal: this.#closing.signal },
      () => this.#isThere,
      () => this.#clock,
      (clock) => {
        this.#clock = clock;
      },
    );
    this.#running = Promise.all([this.#run(), measuring]);
  }

  async stop(): Promise<void> {
    this.#closing.abort();
    await this.#running;
  }

  contribution(): Contribution {
    return { runtime: this.name, priority: PRIORITY, ...listsOf(this.#visibleEntities()) };
  }

  async health(): Promise<RuntimeHealth> {
    const clock = this.#isThere ? this.#clock.history[0] : undefined;
    const warnings = [
      ...problemWarnings(this.#options.peer, this.#refusal, this.#presence.problem),
      ...clockWarnings(this.name, clock),
    ];
    return { warnings, blocks: {} };
  }

  peerState(): PeerState {
    return {
      name: this.name,
      url: this.#options.peer.url,
      status: this.#presence.is,
      entities: this.#visibleEntities().length,
      lastSeenMs: this.#lastSeenMs,
      clock: this.#clock.history[0],
      problem: this.#refusal ?? this.#presence.problem,
    };
  }

  clockHistory(): ClockHistory {
    return this.#clock.history;
  }

  recallClock(past: ClockHistory): void {
    this.#clock = { ...this.#clock, history: [...this.#clock.history, ...past] };
  }

  keep(replies: ReplyCache): void {
    this.#replies = replies;
    if (!this.#isThere) this.#host?.changed();
  }

  entityWithAncestors(nativeId: string): readonly Entity[] {
    return entityWithAncestors(nativeId, this.#tree?.tree.entities.map(({ entity }) => entity) ?? []);
  }

  measured(): Promise<MeasuredPeerState> {
    this.#measuring ??= this.#measure().finally(() => {
      this.#measuring = undefined;
    });
    return this.#measuring;
  }

  get #isThere(): boolean {
    return this.#presence.is === 'online';
  }

  /** Why nothing of the gateway is shown although it is online. */
  get #refusal(): string | undefined {
    return this.#tree && this.#claim.refusal(this.#tree.tree.instance);
  }

  #followedGateway(): { name: string; instance: string; isMarking: boolean } | undefined {
    if (!this.#tree || !this.#isThere || this.#refusal !== undefined) return undefined;
    return { name: this.name, instance: this.#tree.tree.instance, isMarking: this.#tree.isFollowed };
  }

  #visibleEntities(): readonly Entity[] {
    if (this.#refusal !== undefined) return [];
    const isOwned = ({ address }: Entity): boolean => this.#claim.isNew(address?.via ?? []);
    const owned = this.#tree?.tree.entities.filter(({ entity }) => isOwned(entity)) ?? [];
    if (this.#isThere) return owned.map(({ entity }) => entity);
    const declared = owned.flatMap(({ entity, isDeclared }) => (isDeclared ? [entity] : []));
    const left = [...declared, ...(this.#replies?.entities().filter(isOwned) ?? [])];
    return [...new Map(left.map((entity) => [nativeIdOf(entity), entity])).values()].map(unavailable);
  }

  /** Follows the tree until the runtime stops, with pauses after failures. */
  async #run(): Promise<void> {
    const { clock, random } = this.#options;
    const { signal } = this.#closing;
    let failures = 0;
    while (!signal.aborted) {
      const readBefore = this.#lastSeenMs;
      try {
        await this.#follow();
        failures = this.#tree?.isFollowed === false ? 0 : failures + 1;
        if (failures === 0) continue;
      } catch (error) {
        if (signal.aborted) return;
        failures = readBefore === this.#lastSeenMs ? failures + 1 : 1;
        // The gateway is online: its previous complete tree is better than a part of one.
        if (error instanceof TreeUnreadable && this.#isThere) this.#reportUnreadable(error);
        else if (failures >= TRIES_TO_LOSE || this.#tree === undefined) this.#lose(error);
      }
      await pause(clock, retryDelayMs(PEER_RETRY, failures, random), signal);
    }
  }

  /** Runs until its stream ends, or while one read is valid. */
  async #follow(): Promise<void> {
    const { clock, gateway, timeoutMs } = this.#options;
    const { signal } = this.#closing;
    const request: TreeRequest = { link: this.#link, clock, runtime: this.name, timeoutMs, via: gateway, signal };
    this.#take(await readTree(request, this.#tree?.etag));
    if (this.#tree?.isFollowed === false) return pause(clock, LOOK_MS, signal);
    for await (const etag of treeTags(request)) {
      this.#see();
      if (etag === this.#tree?.etag) continue;
      const fromMs = clock.monotonicMs();
      this.#take(await readTree(request, this.#tree?.etag));
      const tookMs = clock.monotonicMs() - fromMs;
      await pause(clock, Math.min(MIN_REST_MS + REST_SHARE * tookMs, PEER_RETRY.maxMs), signal);
    }
  }

  /** Takes an answer to a read of the tree; without a tree, the last one is still current. */
  #take(read: TaggedTree | undefined): void {
    this.#see();
    this.#presence = { is: 'online', problem: undefined };
    if (!read) return;
    debug.peer?.(`${this.name}: its tree ${read.etag ?? ''} has ${read.tree.entities.length} entities`);
    this.#warnOfCycle(read);
    const before = this.#tree?.tree.instance;
    if (before !== undefined && before !== read.tree.instance) this.#claim.release(before);
    this.#tree = read;
    this.#claim.register(read.tree, true);
    this.#host?.changed();
    for (const listener of this.#listeners) listener();
  }

  /** Notes that the gateway has answered. */
  #see(): void {
    this.#lastSeenMs = this.#options.clock.wallMs();
    this.#unansweredMs = undefined;
    if (this.#isThere) return;
    this.#presence = { is: 'online', problem: undefined };
    if (this.#tree) this.#claim.register(this.#tree.tree, true);
    this.#host?.log('info', `The gateway ${this.name} at ${this.#options.peer.url} is available`);
    this.#host?.changed();
    for (const listener of this.#listeners) listener();
  }

  #lose(error: unknown): void {
    const problem = errorMessage(error);
    if (!this.#isThere && this.#presence.problem === problem) return;
    this.#presence = { is: 'offline', problem };
    if (this.#tree) this.#claim.register(this.#tree.tree, false);
    this.#host?.log('warn', problem);
    this.#host?.changed();
  }

  #reportUnreadable({ message }: TreeUnreadable): void {
    if (this.#presence.problem !== message) this.#host?.log('warn', `${message}. The last copy of its tree is shown`);
    this.#presence = { is: 'online', problem: message };
  }

  #warnOfCycle({ tree: { entities } }: TaggedTree): void {
    const cycle = parentCycleProblem(entities.map(({ entity }) => entity));
    if (cycle !== undefined && cycle !== this.#cycle)
      this.#host?.log('warn', `The tree of the gateway ${this.name} is invalid: ${cycle}`);
    this.#cycle = cycle;
  }

  /** Measures the round trip. A gateway that has answered nothing for long loses its streams. */
  async #measure(): Promise<MeasuredPeerState> {
    if (!this.#isThere) return { ...this.peerState(), roundTripMs: undefined };
    const { clock } = this.#options;
    const begunMs = clock.monotonicMs();
    try {
      const roundTripMs = await this.#roundTrip();
      this.#see();
      return { ...this.peerState(), roundTripMs };
    } catch (error) {
      this.#unansweredMs ??= begunMs;
      if (clock.monotonicMs() - this.#unansweredMs >= MAX_UNANSWERED_MS) {
        this.#unansweredMs = undefined;
        this.#link.hangUp();
      }
      const state = this.peerState();
      return { ...state, roundTripMs: undefined, problem: state.problem ?? errorMessage(error) };
    }
  }

  async #roundTrip(): Promise<number> {
    const { clock, gateway, timeoutMs } = this.#options;
    const begun = clock.monotonicMs();
    await this.#link.document({
      method: 'GET',
      path: PEER_PATHS.roundTrip,
      headers: { accept: 'application/json', [PEER_HEADERS.localOnly]: '1', [PEER_HEADERS.via]: gateway },
      timeoutMs: Math.min(timeoutMs, MAX_ROUND_TRIP_MS),
      signal: this.#closing.signal,
    });
    return clock.monotonicMs() - begun;
  }
}

const unavailable = memoizeByObject((entity: Entity): Entity => {
  const lost = { ...entity, available: false };
  return lost.kind === 'app' ? { ...lost, online: false } : lost;
});

function problemWarnings(
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
