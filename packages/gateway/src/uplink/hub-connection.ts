import type { Log } from '@medkit/core';
import type { Clock, Random, Timer } from '@medkit/edges';
import {
  comeBack,
  connectUplink,
  endFrom,
  type Identity,
  type RobotRecord,
  type RobotUplink,
  type ServedAuthorities,
  shortenPeriod,
  type UplinkEnd,
} from '@medkit/tunnel';
import type { DataBudget } from '@medkit/uplink';
import { endText } from './end-text.ts';
import { withEitherKey } from './key-rotation.ts';

export interface HubConnectionOptions {
  /** `wss://hub.example.com/api/v1/x-medkit-fleet/uplink`. */
  readonly url: string;
  /** Returns the key of the robot, and then its previous one while that is retained. */
  identities(): Promise<readonly Identity[]>;
  readonly hubFingerprint: string;
  /** Certificate authorities of the outer TLS, PEM; the default ones if absent. */
  readonly authorities?: readonly string[];
  /** Returns what the handshake with this key reads and stores. */
  record(identity: Identity): RobotRecord;
  /** Resolves when a record can be used, or when the signal aborts. */
  whenReady(signal: AbortSignal): Promise<void>;
  readonly serve: ServedAuthorities;
  readonly maxKbitPerSec: number;
  readonly budget: Pick<DataBudget, 'count' | 'holdMs'>;
  /** Addresses of the machine as one text. */
  readonly addresses: () => string;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** How the connection is now. Times are milliseconds since 1970 by the clock of the robot. */
export interface ConnectionState {
  readonly state: 'connecting' | 'connected' | 'waiting' | 'closed';
  readonly sinceMs: number;
  /** When the robot tries again, while it waits. */
  readonly nextMs?: number;
  /** Why the last attempt or session ended, and when. */
  readonly lastEnd?: { readonly end: UplinkEnd; readonly atMs: number };
  readonly roundTripMs?: number;
  /** Wall clock of the hub minus that of the robot, milliseconds. */
  readonly hubOffsetMs?: number;
}

export interface HubConnection {
  state(): ConnectionState;
  close(): Promise<void>;
}

interface Memory {
  failures: number;
  spreadMs: number;
  silences: readonly number[];
  maxPeriodMs: number | undefined;
}

/** Connects to the hub, and again after each end with the delay that the end requires, until it is closed. */
export function hubConnection(options: HubConnectionOptions): HubConnection {
  const { clock, random, log } = options;
  const closed = new AbortController();
  const memory: Memory = { failures: 0, spreadMs: 0, silences: [], maxPeriodMs: undefined };
  let uplink: RobotUplink | undefined;
  let waiting: { readonly timer: Timer; readonly wake: () => void } | undefined;
  let now: ConnectionState = { state: 'connecting', sinceMs: clock.wallMs() };
  let logged = '';
  const become = (next: Omit<ConnectionState, 'sinceMs'>): void => {
    now = { lastEnd: now.lastEnd, ...next, sinceMs: clock.wallMs() } as ConnectionState;
  };
  /** Logs each new reason once, not each of its repetitions. */
  const report = (level: 'info' | 'warn', text: string): void => {
    if (text !== logged) log(level, text);
    logged = text;
  };

  const open = async (): Promise<RobotUplink> => {
    const { maxPeriodMs } = memory;
    return withEitherKey(await options.identities(), (identity) =>
      connectUplink({
        ...options,
        identity,
        record: options.record(identity),
        onTraffic: options.budget.count,
        holdMs: options.budget.holdMs,
        ...(maxPeriodMs !== undefined && { maxPeriodMs }),
        signal: closed.signal,
      }),
    );
  };
  const session = async (): Promise<{ readonly end: UplinkEnd; readonly connectedMs: number }> => {
    await options.whenReady(closed.signal);
    try {
      uplink = await open();
    } catch (error) {
      return { end: endFrom(error), connectedMs: 0 };
    }
    const { agreement, periodMs } = uplink;
    memory.spreadMs = agreement.welcome.policy.reconnect_spread_ms;
    become({ state: 'connected', hubOffsetMs: agreement.hubOffsetMs });
    report('info', `connected to the fleet hub as ${JSON.stringify(agreement.welcome.robot)}`);
    if (closed.signal.aborted) uplink.close();
    const { end, connectedMs, silentMs } = await uplink.ended;
    uplink = undefined;
    if (end.kind === 'lost') {
      const shorter = shortenPeriod(periodMs, memory.silences, silentMs);
      memory.silences = shorter.silences;
      if (shorter.shortened) {
        memory.maxPeriodMs = shorter.periodMs;
        const seconds = Math.round(shorter.periodMs / 1000);
        log('warn', `a proxy ends the uplink while it is idle: the robot pings every ${seconds} s from now on`);
      }
    }
    return { end, connectedMs };
  };
  const wait = (delayMs: number): Promise<void> =>
    new Promise((wake) => {
      waiting = { timer: clock.after(delayMs, wake), wake };
    });
  const run = async (): Promise<void> => {
    while (!closed.signal.aborted) {
      become({ state: 'connecting' });
      const { end, connectedMs } = await session();
      const back = closed.signal.aborted ? undefined : comeBack(end, { ...memory, connectedMs }, random);
      if (!back) break;
      memory.failures = back.failures;
      const atMs = clock.wallMs();
      become({ state: 'waiting', nextMs: atMs + back.delayMs, lastEnd: { end, atMs } });
      report(end.kind === 'stopped' || end.kind === 'rotated' ? 'info' : 'warn', endText(end).text);
      await wait(back.delayMs);
    }
    become({ state: 'closed' });
  };
  const running = run();
  return {
    state: () => (uplink ? { ...now, roundTripMs: uplink.roundTripMs } : now),
    close: async () => {
      closed.abort();
      uplink?.close();
      waiting?.timer.cancel();
      waiting?.wake();
      await running;
    },
  };
}
