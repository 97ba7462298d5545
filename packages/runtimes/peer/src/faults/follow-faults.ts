import { type Cursor, cursorOf, cursorText, type FaultFollower, type ObservedFault, type Origin } from '@medkit/core';
import { pause, type Random, retryDelayMs } from '@medkit/edges';
import { PEER_RETRY } from '../peer-stream.ts';
import { FROM_NOW, faultStream, rateBound } from './fault-stream.ts';
import { NumberedLog, type NumberedLogOptions } from './numbered-log.ts';
import { type FollowedGateway, logOf, observedFault, originOf } from './observed-fault.ts';

/** Maximum logs that a gateway may show. */
const MAX_LOGS = 64;

export interface FollowOptions extends NumberedLogOptions {
  readonly random: Pick<Random, 'float'>;
  /** Returns the followed gateway, and whether it marks the end of past events; `undefined` while it is offline. */
  readonly followedGateway: () => (FollowedGateway & { readonly isMarking: boolean }) | undefined;
  /** Calls a listener whenever the gateway is online again. Returns a function that stops it. */
  readonly onAvailable: (listener: () => void) => () => void;
  /** Returns whether an event has not been received in another way. */
  readonly isNew: (event: ObservedFault) => boolean;
}

/**
 * Reports fault events of a gateway until the signal is aborted. Continues after the last event when a connection was
 * lost, immediately when the gateway is online again. Never rejects.
 */
export async function followFaults(options: FollowOptions, follower: FaultFollower): Promise<void> {
  const { clock, random, signal } = options;
  const seen = new Map<Origin, number>();
  const numbered = new NumberedLog(options, follower);
  const follow = async (): Promise<boolean> => {
    const followedGateway = options.followedGateway();
    if (!followedGateway) return false;
    if (followedGateway.isMarking) return followMarked(options, { followedGateway, seen }, follower);
    await numbered.follow(followedGateway);
    return false;
  };
  let inVain = 0;
  let wasAnew = false;
  while (!signal.aborted) {
    const before = [...seen.values(), numbered.lastId].join();
    const isAnew: boolean = await follow().catch(() => false);
    if (signal.aborted) return;
    // A gateway whose logs restart continuously is followed with delays.
    wasAnew = isAnew && !wasAnew;
    if (wasAnew) continue;
    follower.onUnavailable();
    inVain = before === [...seen.values(), numbered.lastId].join() ? inVain + 1 : 1;
    const resting = new AbortController();
    const stopListening = options.onAvailable(() => resting.abort());
    await pause(clock, retryDelayMs(PEER_RETRY, inVain, random), AbortSignal.any([signal, resting.signal]));
    stopListening();
  }
}

/**
 * Follows one connection to its end; `seen` contains the last id of each log. Returns `true` if a new connection must
 * be opened immediately.
 */
async function followMarked(
  options: FollowOptions,
  { followedGateway, seen }: { readonly followedGateway: FollowedGateway; readonly seen: Map<Origin, number> },
  follower: FaultFollower,
): Promise<boolean> {
  const { name } = followedGateway;
  const received = new Set<Origin>();
  /** Returns `false` if a log has restarted. */
  const settle = (newest: Cursor): boolean => {
    const found: Origin[] = [];
    for (const [log, id] of newest) {
      const origin = originOf(log, name);
      const known = seen.get(origin);
      if (known === undefined && (seen.size >= MAX_LOGS || !Number.isSafeInteger(id))) continue;
      if (known === undefined) found.push(origin);
      seen.set(origin, known !== undefined && id < known ? 0 : id);
      if (known === undefined || id >= known) continue;
      follower.onRestart(origin);
      return false;
    }
    follower.onAvailable(new Map(seen), found);
    return true;
  };
  /** The same: events that occur during the request arrive before the mark of their log. */
  const take = (event: ObservedFault): boolean => {
    const { origin, id } = event;
    const known = seen.get(origin);
    if (known === undefined && seen.size >= MAX_LOGS) return true;
    if (known !== undefined && id <= known) {
      seen.set(origin, 0);
      follower.onRestart(origin);
      return false;
    }
    if (known !== undefined && known > 0 && id > known + 1 && !received.has(origin)) {
      follower.onLost(origin, id - known - 1);
    }
    received.add(origin);
    seen.set(origin, id);
    if (options.isNew(event)) follower.onEvent(event);
    return true;
  };
  const lastId = seen.size === 0 ? String(FROM_NOW) : cursorText(logsOf(seen, name));
  const bound = rateBound(options.clock);
  for await (const parts of faultStream({ ...options, lastId })) {
    for (const part of parts) {
      if ('mark' in part && !settle(cursorOf(part.mark) ?? new Map())) return true;
      const event = 'data' in part ? observedFault(part, followedGateway) : undefined;
      if (!event) continue;
      if (!take(event)) return true;
      const rest = bound(options.signal);
      if (rest) await rest;
    }
  }
  return false;
}

function logsOf(seen: Cursor, name: string): Cursor {
  return new Map([...seen].map(([origin, id]) => [logOf(origin, name), id]));
}
