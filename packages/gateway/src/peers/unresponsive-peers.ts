import { callContext, errorMessage, FAULT_MANAGER_ID, type FaultReport, type Log, type Model } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import { localManager } from '@medkit/faults';
import type { MeasuredPeerState } from '@medkit/peer';
import type { GatewayPeers } from './open-peers.ts';

const PEER_NOT_RESPONDING = 'PEER_NOT_RESPONDING';
/** Error. */
const SEVERITY = 2;
/** Interval of the checks, each of which sends one report: the fault manager debounces these as all others. */
const LOOK_MS = 5000;
/** How long a peer may be unresponsive before a fault is reported. */
const SILENT_MS = 30_000;
/** Maximum peers that the fault names; the others are counted. */
const MAX_NAMED = 5;
/** Maximum PASSED reports in a row if the fault does not heal. */
const MAX_PASSED = 24;
const REPORT_MS = 4000;

export interface UnresponsivePeersOptions {
  readonly peers: Pick<GatewayPeers, 'runtimes'>;
  readonly model: Model;
  readonly clock: Clock;
  readonly log: Log;
  /** Source of the reports: the node of this gateway. */
  readonly source: string;
}

/** State of an unresponsive peer. */
interface Silence {
  /** Monotonic milliseconds. */
  readonly sinceMs: number;
  readonly state: MeasuredPeerState;
  /** Number of its entities before. */
  readonly entities: number;
}

/**
 * Reports a fault of this gateway while peers do not respond, with what is missing, until all of them do. Returns a
 * function that stops.
 */
export function watchPeers({ peers, model, clock, log, source }: UnresponsivePeersOptions): () => void {
  const silences = new Map<string, Silence>();
  const entityCounts = new Map<string, number>();
  let isLooking = false;
  let passed = 0;
  let failure: string | undefined;

  const look = async (): Promise<void> => {
    const states = await Promise.all(peers.runtimes.map((peer) => peer.measured()));
    const names = new Set(states.map(({ name }) => name));
    for (const name of [...silences.keys(), ...entityCounts.keys()]) {
      if (names.has(name)) continue;
      silences.delete(name);
      entityCounts.delete(name);
    }
    for (const state of states) {
      const { name, entities, roundTripMs } = state;
      if (roundTripMs === undefined) {
        const { sinceMs, entities: before } = silences.get(name) ?? {
          sinceMs: clock.monotonicMs(),
          entities: entityCounts.get(name) ?? entities,
        };
        silences.set(name, { sinceMs, state, entities: before });
      } else {
        silences.delete(name);
        entityCounts.set(name, entities);
      }
    }
    const silent = [...silences.values()].filter(({ sinceMs }) => clock.monotonicMs() - sinceMs >= SILENT_MS);
    passed = silent.length > 0 ? 0 : passed + 1;
    if (passed > MAX_PASSED || (silent.length === 0 && silences.size > 0)) return;
    const about = silent.length > 0 ? { event: 'FAILED' as const, severity: SEVERITY } : { event: 'PASSED' as const };
    await report({ code: PEER_NOT_RESPONDING, severity: 0, ...about, description: descriptionOf(silent), source });
  };
  const report = async (said: FaultReport): Promise<void> => {
    const call = callContext({ clock, timeoutMs: REPORT_MS });
    const isTaken = await localManager(model)?.provider.report(FAULT_MANAGER_ID, said, call);
    if (isTaken === false && said.event === 'FAILED') throw new Error('the fault manager rejected the report');
  };
  const timer = clock.every(LOOK_MS, () => {
    if (isLooking) return;
    isLooking = true;
    look()
      .then(
        () => {
          failure = undefined;
        },
        (error: unknown) => {
          const reason = errorMessage(error);
          if (reason !== failure) log('warn', `${PEER_NOT_RESPONDING} cannot be reported: ${reason}`);
          failure = reason;
        },
      )
      .finally(() => {
        isLooking = false;
      });
  });
  return () => timer.cancel();
}

function descriptionOf(silent: readonly Silence[]): string {
  const named = silent.slice(0, MAX_NAMED).map(sentenceOf);
  const others = silent.length - named.length;
  return [...named, ...(others > 0 ? [`${others} other gateways do not answer either.`] : [])].join(' ');
}

function sentenceOf({ state: { name, url, lastSeenMs, entities: left }, entities }: Silence): string {
  const since = lastSeenMs === undefined ? 'has never answered' : `has not answered since ${isoTime(lastSeenMs)}`;
  const view = `${Math.max(0, entities - left)} of its ${entities} entities are missing, ${left} are shown with their last known state`;
  return `The gateway ${name} at ${url} ${since}${entities === 0 ? '' : `: ${view}`}.`;
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
