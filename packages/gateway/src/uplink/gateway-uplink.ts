import { type EntityTree, indexEntities, type Log, streamEventTypes, stringifyJson } from '@medkit/core';
import type { Clock, Random } from '@medkit/edges';
import { type FaultManagerOptions, faultStreamEvent, type NewFaultEvent } from '@medkit/faults';
import type { Migrations, Store } from '@medkit/store';
import {
  type EnrolledHub,
  EVIDENCE_TRIGGERS,
  faultClass,
  type LogOwners,
  type NewRecord,
  openUplinkLog,
  UPLINK_TABLES,
  type UplinkLog,
} from '@medkit/uplink';

/** Interval in which several updates of a fault become one record. */
const UPDATE_MS = 2000;
const NO_ENTITIES: EntityTree = indexEntities({ areas: [], components: [], apps: [], functions: [] }, 0);

type FaultStorage = FaultManagerOptions['storage'];

/** The uplink log of a gateway, in the database of its faults. */
export interface GatewayUplink {
  /** Tables for the database of the faults. */
  readonly tables: Migrations;
  /** Opens the log in this store. The returned storage writes each fault event and its record in one transaction. */
  attach(store: Store, storage: FaultStorage): Promise<{ readonly storage: FaultStorage; close(): Promise<void> }>;
  /** Uses this tree to name the entities of faults; a record before that names none. */
  useTree(tree: () => EntityTree): void;
  /** Returns the open log; `undefined` while the database of the faults is closed, or belongs to another program. */
  log(): UplinkLog | undefined;
  /** Resolves when the log is open, or when the signal aborts. */
  whenOpen(signal: AbortSignal): Promise<void>;
}

export interface GatewayUplinkOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly maxBytes: number;
  /** The keys of the robot, and the hubs that read the log; absent if unknown. */
  readonly owners?: LogOwners | undefined;
  readonly hubs?: readonly EnrolledHub[] | undefined;
  readonly log: Log;
}

/** Prepares the uplink log of a gateway. Loaded only if the robot has a hub. */
export function gatewayUplink(options: GatewayUplinkOptions): GatewayUplink {
  let treeOf = (): EntityTree => NO_ENTITIES;
  let opened: UplinkLog | undefined;
  const waiting = new Set<() => void>();
  return {
    tables: { ...UPLINK_TABLES, ...EVIDENCE_TRIGGERS },
    attach: async (store, storage) => {
      const log = await openUplinkLog({ store, ...options });
      opened = log;
      for (const wake of waiting) wake();
      return {
        storage: {
          ...storage,
          save: async (change) => {
            const { events = [], evidence = [], forgotten = [], withoutSnapshots = [] } = change;
            if (events.length === 0) {
              const saved = await storage.save(change);
              const isOfEvidence = evidence.length + forgotten.length + withoutSnapshots.length > 0;
              if (isOfEvidence) void log.recordEvidence();
              return saved;
            }
            const tree = treeOf();
            const rows = log.statements(
              events.map((event) => faultRecord(tree, event)),
              events.length,
            );
            const saved = await storage.save({ ...change, evidence: [...evidence, ...rows] });
            log.written();
            if (withoutSnapshots.length + forgotten.length > 0) void log.recordEvidence();
            return saved;
          },
        },
        close: async () => {
          opened = undefined;
          await log.close();
        },
      };
    },
    useTree: (tree) => {
      treeOf = tree;
    },
    log: () => opened,
    whenOpen: async (signal) => {
      if (opened || signal.aborted) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.add(resolve);
      signal.addEventListener('abort', () => resolve());
      await promise;
      waiting.delete(resolve);
    },
  };
}

/** Returns the record of a fault event: the event as on the fault stream, the number of the occurrence, and its cause. */
function faultRecord(tree: EntityTree, event: NewFaultEvent): NewRecord {
  const [type] = streamEventTypes(event);
  const { code, severity, occurrenceCount } = event.fault;
  const { cause } = event;
  const body = {
    ...faultStreamEvent(tree, { ...event, id: 0 }, type ?? event.type),
    occurrence: occurrenceCount,
    ...(cause !== undefined && { cause }),
  };
  return {
    kind: 'fault',
    class: faultClass(severity),
    key: `fault ${code}`,
    body: stringifyJson(body),
    ...(event.type === 'fault_updated' && { coalesceMs: UPDATE_MS }),
  };
}
