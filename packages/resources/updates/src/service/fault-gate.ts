import {
  callContext,
  type EntityTree,
  errorMessage,
  FAULT_MANAGER_ID,
  type Fault,
  type FaultSeverity,
  type Log,
  type Model,
} from '@medkit/core';
import type { Clock, Timer } from '@medkit/edges';
import { entityKey, subtreeKeys } from '@medkit/entities';
import { type FaultOwner, localManager, namesOf, queryManagers, reporterNamed } from '@medkit/faults';

export interface FaultGateOptions {
  readonly model: Model;
  readonly clock: Clock;
  readonly log: Log;
  /** Faults below this severity are ignored. */
  readonly leastSeverity: FaultSeverity;
}

/** The entities whose faults count, and the start time. */
export interface GateScope {
  /** Ids of entities of any kind; empty for all faults. */
  readonly entities: readonly string[];
  /** Wall-clock milliseconds. If it is in the past, faults confirmed since then are included. */
  readonly sinceMs?: number;
}

/** Reports new faults. */
export interface FaultGate {
  /** Calls `onFault` with the code of every fault that is confirmed from now on. Returns a function that stops it. */
  watch(scope: GateScope, onFault: (faultCode: string) => void): () => void;
}

const LIST_TIMEOUT_MS = 5000;
/** After a start of the gateway, it takes some time until the fault manager is found. */
const ASK_AGAIN_MS = 1000;

/**
 * Watches the faults of entities, of everything that they contain and host, and of unknown reporters: an entity broken
 * by an update may have left the tree when its fault arrives. Ignores faults of other gateways.
 */
export function faultGate({ model, clock, log, leastSeverity }: FaultGateOptions): FaultGate {
  return {
    watch: ({ entities, sinceMs }, onFault) => {
      const before = reachedBy(model.tree, entities);
      const counts = (fault: Fault): boolean => {
        if (fault.severity < leastSeverity) return false;
        if (before.size === 0 || fault.sources.length === 0) return true;
        const now = reachedBy(model.tree, entities);
        return namesOf(fault).some((name) => {
          const reporter = reporterNamed(model.tree, name);
          return !reporter || before.has(entityKey(reporter)) || now.has(entityKey(reporter));
        });
      };
      const stop = model.events.on('fault.event', ({ event: { type, fault } }) => {
        if (type === 'fault_confirmed' && counts(fault)) onFault(fault.code);
      });
      const stopAsking = sinceMs === undefined ? () => undefined : pollUntilAnswered(sinceMs, counts, onFault);
      return () => {
        stop();
        stopAsking();
      };
    },
  };

  /**
   * Asks for the faults since a time, and retries if a fault manager does not answer. Returns a function that stops it.
   */
  function pollUntilAnswered(
    sinceMs: number,
    counts: (fault: Fault) => boolean,
    onFault: (code: string) => void,
  ): () => void {
    let isOver = false;
    let again: Timer | undefined;
    const ask = async (): Promise<void> => {
      try {
        const { faults, silent } = await confirmedSince(sinceMs);
        if (isOver) return;
        for (const fault of faults.filter(counts)) onFault(fault.code);
        if (silent) throw silent.error;
      } catch (error) {
        if (isOver) return;
        if (!again) log('warn', `Faults that appeared during an update are unknown: ${errorMessage(error)}`);
        again = clock.after(ASK_AGAIN_MS, () => void ask());
      }
    };
    void ask();
    return () => {
      isOver = true;
      again?.cancel();
    };
  }

  async function confirmedSince(sinceMs: number) {
    const sinceNs = BigInt(Math.trunc(sinceMs)) * 1_000_000n;
    const call = callContext({ clock, timeoutMs: LIST_TIMEOUT_MS });
    const query = { statuses: ['CONFIRMED'], includeMuted: true } as const;
    const list = async ({ provider }: FaultOwner): Promise<readonly Fault[]> => {
      const { faults } = await provider.list(FAULT_MANAGER_ID, query, call);
      return faults.map(({ fault }) => fault);
    };
    const manager = localManager(model);
    const owners = manager ? [manager] : [];
    const { entries, silent } = await queryManagers({ owners, clock, call, failure: 'Failed to get faults' }, list);
    return {
      faults: entries.flatMap(({ entry }) => (entry.confirmedAtNs >= sinceNs ? [entry] : [])),
      silent: silent[0],
    };
  }
}

/** Returns the keys of these entities and of everything that belongs to them; empty if all are unknown. */
function reachedBy(tree: EntityTree, ids: readonly string[]): ReadonlySet<string> {
  const refs = ids.flatMap((id) =>
    (['component', 'app', 'function', 'area'] as const).flatMap((kind) => tree.resolve(kind, id) ?? []),
  );
  return new Set(refs.flatMap((ref) => [...subtreeKeys(tree, ref)]));
}
