import { SovdError } from '@medkit/contract';
import {
  callContext,
  type DataWatch,
  type FaultFollower,
  type Model,
  type ObservedFault,
  type Origin,
} from '@medkit/core';
import { type Clock, type Timer, within } from '@medkit/edges';
import { LIST } from '@medkit/services';
import { isAmong } from '../peers/forwarding/fan-out-gateways.ts';
import type { EventLog, EventPage, LogNotice } from './event-log.ts';

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

export function observedLogs({ model, clock, via, fanOut }: ObservedLogsOptions): ObservedLogs {
  const listeners = new Set<Listener>();
  const followed = new Map<string, Following>();
  const retries = new Set<Timer>();
  /** Logs to be read again after a delay. */
  const unread = new Set<Origin>();
  let stopLooking = (): void => undefined;
  let ended = new AbortController();

  const notify = (notice: LogNotice): void => {
    for (const { onNotice } of listeners) onNotice(notice);
  };
  const followerOf = (following: () => Following | undefined): FaultFollower => ({
    onEvent: (event) => {
      const log = following();
      if (!log) return;
      log.newest = new Map(log.newest).set(event.origin, event.id);
      for (const { onEvent } of listeners) onEvent(event);
    },
    onAvailable: (newest, found) => {
      const log = following();
      if (!log) return;
      const isFirst = log.newest.size === 0;
      log.newest = new Map(newest);
      log.known.resolve();
      for (const [origin, newestId] of newest)
        notify({ is: 'there', origin, newestId, isFound: isFirst || found.includes(origin) });
    },
    onUnavailable: () => following()?.known.resolve(),
    onLost: (origin, count) => notify({ is: 'lost', origin, count }),
    onRestart: (origin) => notify({ is: 'restarted', origin }),
  });
  const later = (work: () => void): void => {
    const timer = clock.after(RETRY_MS, () => {
      retries.delete(timer);
      work();
    });
    retries.add(timer);
  };
  const follow = (runtime: string): void => {
    const provider = model.provider(runtime)?.observing;
    if (!provider) return;
    const { signal } = ended;
    const isCurrent = (): Following | undefined =>
      !signal.aborted && followed.get(runtime) === following ? following : undefined;
    const call = callContext({ clock, timeoutMs: LIST.remoteMs, signal, via });
    const follower = followerOf(isCurrent);
    const watch = Promise.resolve(provider.follow('', follower, call));
    const following: Following = { watch, known: Promise.withResolvers(), newest: new Map() };
    followed.set(runtime, following);
    watch.catch(() => {
      if (!isCurrent()) return;
      following.known.resolve();
      later(() => {
        if (!isCurrent()) return;
        followed.delete(runtime);
        look();
      });
    });
  };
  /** Follows new peers and stops following removed ones. */
  const look = (): void => {
    const isWanted = (runtime: string): boolean => !isAmong(model.tree, runtime, fanOut);
    for (const [runtime, { watch }] of followed) {
      if (model.provider(runtime)?.observing && isWanted(runtime)) continue;
      followed.delete(runtime);
      watch.then(({ close }) => close()).catch(() => undefined);
    }
    for (const runtime of model.runtimes) if (!followed.has(runtime) && isWanted(runtime)) follow(runtime);
  };
  const stop = (): void => {
    stopLooking();
    ended.abort();
    ended = new AbortController();
    for (const { watch } of followed.values()) watch.then(({ close }) => close()).catch(() => undefined);
    followed.clear();
    for (const timer of retries) timer.cancel();
    retries.clear();
    unread.clear();
  };
  const logAt = (runtime: string, following: Following, origin: Origin): EventLog<ObservedFault> => ({
    origin,
    eventsAfter: async (id, limit, call): Promise<EventPage<ObservedFault>> => {
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
        if (!unread.has(origin)) {
          unread.add(origin);
          later(() => {
            unread.delete(origin);
            notify({ is: 'there', origin, newestId, isFound: false });
          });
        }
        throw error;
      }
    },
  });
  return {
    logs: () =>
      [...followed].flatMap(([runtime, following]) => {
        const origins = following.newest.size === 0 ? [runtime] : [...following.newest.keys()];
        return origins.map((origin) => logAt(runtime, following, origin));
      }),
    listen: (onEvent, onNotice) => {
      const subscriber = { onEvent, onNotice };
      listeners.add(subscriber);
      if (listeners.size === 1) {
        stopLooking = model.onChange(look);
        look();
      }
      return () => {
        if (listeners.delete(subscriber) && listeners.size === 0) stop();
      };
    },
  };
}

function away(runtime: string): SovdError {
  const message = `Fault events of the gateway ${runtime} cannot be read now`;
  return new SovdError({ code: 'service-unavailable', message });
}
