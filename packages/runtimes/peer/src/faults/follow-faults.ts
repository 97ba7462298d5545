import { type Cursor, cursorOf, cursorText, type FaultFollower, type ObservedFault, type Origin } from '@medkit/core';
import { pause } from '../pause.ts';
import { FROM_NOW, faultStream, rateBound } from './fault-stream.ts';
import { NumberedLog, type NumberedLogOptions } from './numbered-log.ts';
import { logOf, observedFault, originOf, type Teller } from './observed-fault.ts';

/** Between two tries to follow a gateway, doubled with every one in vain. */
const FIRST_PAUSE_MS = 250;
const MAX_PAUSE_MS = 5000;
/** Gateways that one may show. */
const MAX_LOGS = 64;

export interface FollowOptions extends NumberedLogOptions {
  /** Who tells, and whether it says where its past ends; `undefined` while it is not there. */
  readonly teller: () => (Teller & { readonly isMarking: boolean }) | undefined;
  /** Calls a listener whenever it is there again. Gives a way to stop. */
  readonly onThere: (listener: () => void) => () => void;
  /** Whether an event is none that is known by another way. */
  readonly isNew: (event: ObservedFault) => boolean;
}

/**
 * Tells what happens to faults at a gateway until the signal is aborted: goes on behind the last event after every cut, at once
 * when the gateway is there again. Never rejects.
 */
export async function followFaults(options: FollowOptions, follower: FaultFollower): Promise<void> {
  const { clock, signal } = options;
  const seen = new Map<Origin, number>();
  const numbered = new NumberedLog(options, follower);
  const follow = async (): Promise<boolean> => {
    const teller = options.teller();
    if (!teller) return false;
    if (teller.isMarking) return followMarked(options, { teller, seen }, follower);
    await numbered.follow(teller);
    return false;
  };
  let inVain = 0;
  let wasAnew = false;
  while (!signal.aborted) {
    const before = [...seen.values(), numbered.lastId].join();
    const isAnew: boolean = await follow().catch(() => false);
    if (signal.aborted) return;
    // One whose logs begin anew all the time is followed at leisure.
    wasAnew = isAnew && !wasAnew;
    if (wasAnew) continue;
    follower.onAway();
    inVain = before === [...seen.values(), numbered.lastId].join() ? inVain + 1 : 1;
    const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** (inVain - 1), MAX_PAUSE_MS);
    const resting = new AbortController();
    const stopListening = options.onThere(() => resting.abort());
    await pause(clock, pauseMs, AbortSignal.any([signal, resting.signal]));
    stopListening();
  }
}

/** Follows one connection to its end; `seen` has how far each log is known. Gives true where it is to be opened anew at once. */
async function followMarked(
  options: FollowOptions,
  { teller, seen }: { readonly teller: Teller; readonly seen: Map<Origin, number> },
  follower: FaultFollower,
): Promise<boolean> {
  const { name } = teller;
  const heard = new Set<Origin>();
  /** False where a log has begun anew. */
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
    follower.onThere(new Map(seen), found);
    return true;
  };
  /** The same: events that came to be while it was asked come before it says how far its log is. */
  const take = (event: ObservedFault): boolean => {
    const { origin, id } = event;
    const known = seen.get(origin);
    if (known === undefined && seen.size >= MAX_LOGS) return true;
    if (known !== undefined && id <= known) {
      seen.set(origin, 0);
      follower.onRestart(origin);
      return false;
    }
    if (known !== undefined && known > 0 && id > known + 1 && !heard.has(origin)) {
      follower.onLost(origin, id - known - 1);
    }
    heard.add(origin);
    seen.set(origin, id);
    if (options.isNew(event)) follower.onEvent(event);
    return true;
  };
  const lastId = seen.size === 0 ? String(FROM_NOW) : cursorText(logsOf(seen, name));
  const bound = rateBound(options.clock);
  for await (const parts of faultStream({ ...options, lastId })) {
    for (const part of parts) {
      if ('mark' in part && !settle(cursorOf(part.mark) ?? new Map())) return true;
      const event = 'data' in part ? observedFault(part, teller) : undefined;
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
