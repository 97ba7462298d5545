import { SovdError } from '@medkit/contract';
import {
  type CallContext,
  callContext,
  type DataWatch,
  type FaultFollower,
  type Model,
  type ObservedFault,
  type Origin,
} from '@medkit/core';
import { type Clock, type Timer, within } from '@medkit/edges';
import { LIST } from '@medkit/entities';
import { isAmong } from '../peer-names/fan-out-gateways.ts';
import type { EventLog, EventPage, LogNotice } from '../sse/event-log.ts';

/** Retry delay for a peer that could not be followed, or whose past events could not be read. */
const RETRY_MS = 5000;

/** Fault logs of peers, as they report them. */
export interface ObservedLogs {
  /** Returns the known logs; for a peer without any report yet, its own. */
  logs(): readonly EventLog<ObservedFault>[];
  /** Follows the peers while there are listeners, each peer once. Returns a function that unsubscribes. */
  listen(onEvent: (event: ObservedFault) => void, onNotice: (notice: LogNotice) => void): () => void;
}

export interface ObservedLogsOptions {
  readonly model: Pick<Model, 'tree' | 'runtimes' | 'provider' | 'onChange'>;
  readonly clock: Clock;
  /** The gateways on whose behalf they are followed. */
  readonly via: readonly string[];
  /** Gateways that the sender already follows over another path. */
  readonly fanOut: readonly string[];
}

interface Listener {
  readonly onEvent: (event: ObservedFault) => void;
  readonly onNotice: (notice: LogNotice) => void;
}

interface Following {
  readonly watch: Promise<DataWatch>;
  /** Resolves when it is known whether the peer is available. */
  readonly known: PromiseWithResolvers<void>;
  newest: ReadonlyMap<Origin, number>;
}

/** Follows the fault logs of the direct peers. */
export function observedLogs(options: ObservedLogsOptions): ObservedLogs {
  return new PeerLogs(options);
}

class PeerLogs implements ObservedLogs {
  readonly #options: ObservedLogsOptions;
  readonly #listeners = new Set<Listener>();
  readonly #followed = new Map<string, Following>();
  readonly #retries = new Set<Timer>();
  /** Logs to be read again after a delay. */
  readonly #unread = new Set<Origin>();
  #stopLooking = (): void => undefined;
  /** Aborted when the last listener has left. */
  #ended = new AbortController();

  constructor(options: ObservedLogsOptions) {
    this.#options = options;
  }

  logs(): readonly EventLog<ObservedFault>[] {
    return [...this.#followed].flatMap(([runtime, following]) => {
      const origins = following.newest.size === 0 ? [runtime] : [...following.newest.keys()];
      return origins.map((origin): EventLog<ObservedFault> => {
        return {
          origin,
          eventsAfter: (id, limit, call) => this.#eventsAfter({ runtime, following, origin }, { id, limit }, call),
        };
      });
    });
  }

  listen(onEvent: Listener['onEvent'], onNotice: Listener['onNotice']): () => void {
    const listener = { onEvent, onNotice };
    this.#listeners.add(listener);
    if (this.#listeners.size === 1) {
      this.#stopLooking = this.#options.model.onChange(() => this.#look());
      this.#look();
    }
    return () => {
      if (this.#listeners.delete(listener) && this.#listeners.size === 0) this.#stop();
    };
  }

  /** Follows new peers and stops following removed ones. */
  #look(): void {
    const { model, fanOut } = this.#options;
    const isWanted = (runtime: string): boolean => !isAmong(model.tree, runtime, fanOut);
    for (const [runtime, { watch }] of this.#followed) {
      if (model.provider(runtime)?.observing && isWanted(runtime)) continue;
      this.#followed.delete(runtime);
      watch.then(({ close }) => close()).catch(() => undefined);
    }
    for (const runtime of model.runtimes) {
      if (!this.#followed.has(runtime) && isWanted(runtime)) this.#follow(runtime);
    }
  }

  #follow(runtime: string): void {
    const { model, clock, via } = this.#options;
    const provider = model.provider(runtime)?.observing;
    if (!provider) return;
    const { signal } = this.#ended;
    const current = (): Following | undefined =>
      !signal.aborted && this.#followed.get(runtime) === following ? following : undefined;
    const call = callContext({ clock, timeoutMs: LIST.remoteMs, signal, via });
    const watch = Promise.resolve(provider.follow('', this.#followerOf(current), call));
    const following: Following = { watch, known: Promise.withResolvers(), newest: new Map() };
    this.#followed.set(runtime, following);
    watch.catch(() => {
      if (!current()) return;
      following.known.resolve();
      this.#later(() => {
        if (!current()) return;
        this.#followed.delete(runtime);
        this.#look();
      });
    });
  }

  #followerOf(current: () => Following | undefined): FaultFollower {
    return {
      onEvent: (event) => {
        const log = current();
        if (!log) return;
        log.newest = new Map(log.newest).set(event.origin, event.id);
        for (const { onEvent } of this.#listeners) onEvent(event);
      },
      onAvailable: (newest, found) => {
        const log = current();
        if (!log) return;
        const isFirst = log.newest.size === 0;
        log.newest = new Map(newest);
        log.known.resolve();
        for (const [origin, newestId] of newest)
          this.#notify({ is: 'there', origin, newestId, isFound: isFirst || found.includes(origin) });
      },
      onUnavailable: () => current()?.known.resolve(),
      onLost: (origin, count) => this.#notify({ is: 'lost', origin, count }),
      onRestart: (origin) => this.#notify({ is: 'restarted', origin }),
    };
  }

  async #eventsAfter(
    { runtime, following, origin }: { runtime: string; following: Following; origin: Origin },
    { id, limit }: { readonly id: number; readonly limit: number },
    call: CallContext,
  ): Promise<EventPage<ObservedFault>> {
    const { model, clock } = this.#options;
    if (following.newest.size === 0) {
      await within(clock, call.deadlineMs - clock.monotonicMs(), following.known.promise, () => undefined);
    }
    const newestId = following.newest.get(origin);
    const provider = model.provider(runtime)?.observing;
    if (newestId === undefined || !provider) throw away(runtime);
    if (limit === 0 || id >= newestId) return { events: [], oldestId: 0, newestId };
    try {
      const events = await provider.faultsAfter('', origin, id, limit, call);
      // Newer events arrive by following. A reader that had them earlier would be ahead of it, as if the log had
      // restarted.
      const known = events.filter((event) => event.id <= newestId);
      // The peer has reported more events than it returns: after a restart, it may not have found the gateway behind
      // it yet.
      if (events.length === 0) throw away(runtime);
      return { events: known, oldestId: events[0]?.id ?? 0, newestId };
    } catch (error) {
      this.#readAgain(origin, newestId);
      throw error;
    }
  }

  /** Reports later that a log whose events could not be read can be read again. */
  #readAgain(origin: Origin, newestId: number): void {
    if (this.#unread.has(origin)) return;
    this.#unread.add(origin);
    this.#later(() => {
      this.#unread.delete(origin);
      this.#notify({ is: 'there', origin, newestId, isFound: false });
    });
  }

  #notify(notice: LogNotice): void {
    for (const { onNotice } of this.#listeners) onNotice(notice);
  }

  #later(work: () => void): void {
    const timer = this.#options.clock.after(RETRY_MS, () => {
      this.#retries.delete(timer);
      work();
    });
    this.#retries.add(timer);
  }

  #stop(): void {
    this.#stopLooking();
    this.#ended.abort();
    this.#ended = new AbortController();
    for (const { watch } of this.#followed.values()) watch.then(({ close }) => close()).catch(() => undefined);
    this.#followed.clear();
    for (const timer of this.#retries) timer.cancel();
    this.#retries.clear();
    this.#unread.clear();
  }
}

function away(runtime: string): SovdError {
  const message = `Fault events of the gateway ${runtime} cannot be read now`;
  return new SovdError({ code: 'service-unavailable', message });
}
