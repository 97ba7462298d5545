import type { FaultListItem, Incident, UplinkState } from '@medkit/contract';
import type { Row, Statement } from '@medkit/store';
import { type FleetContext, nowMs, optionalNumber, textOf } from '../fleet-context.ts';
import { robotNamed } from '../robots/robot-rows.ts';

/** Active faults of one robot whose details are stored, the most severe ones; a detail with frames has 4 KB. */
export const MAX_DETAILS_OF_ROBOT = 100;
/** Records of incidents after the last state that are read for one answer. */
const MAX_INCIDENT_RECORDS = 500;

/** JSON as a robot sent it, compressed with gzip. */
export interface StoredDocument {
  readonly gzip: Uint8Array;
  /** When the hub read it, milliseconds since 1970. */
  readonly atMs: number;
}

/** An active fault whose stored detail is absent or of an earlier occurrence. */
export interface FaultWithoutDetail {
  readonly origin: string;
  readonly fault: FaultListItem;
  /** When the stored detail was read; absent if there is none. */
  readonly readMs?: number;
}

/** Identifies the session that read something: a session with an earlier epoch stores nothing. */
export interface ReadBy {
  readonly robot: string;
  readonly epoch: number;
}

/** What a hub stores of robots for the time that they are away. */
export interface KnownState {
  /** Stores the tree of a robot. Without `gzip`, notes that the stored tree still has this ETag. */
  storeTree(by: ReadBy, tree: { readonly etag: string; readonly gzip?: Uint8Array }): Promise<void>;
  /** Returns the last tree of a robot with its ETag. */
  tree(robot: string): Promise<(StoredDocument & { readonly etag: string }) | undefined>;
  /** Returns the active faults whose detail should be read, the most severe first. */
  faultsWithoutDetail(robot: string): Promise<readonly FaultWithoutDetail[]>;
  storeFaultDetail(by: ReadBy, of: FaultWithoutDetail, gzip: Uint8Array): Promise<void>;
  /** Returns the detail of an active fault. */
  faultDetail(robot: string, origin: string, code: string): Promise<StoredDocument | undefined>;
  /** Returns the incidents that are open by the last state and the records after it; `undefined` if none was read. */
  incidents(robot: string): Promise<{ readonly items: readonly Incident[]; readonly atMs: number } | undefined>;
}

const LEASE = 'FROM fleet_cursors c WHERE c.robot = ? AND c.epoch = ?';
const OF_ROBOT = 'JOIN fleet_robots r ON r.id = k.robot WHERE r.name = ?';

export function knownState(context: FleetContext): KnownState {
  const { store } = context;
  return {
    storeTree: async ({ robot, epoch }, { etag, gzip }) => {
      const { id } = await robotNamed(context, robot);
      await store.write([
        gzip
          ? {
              sql: `INSERT INTO fleet_trees (robot, etag, at_ms, gzip) SELECT c.robot, ?, ?, ? ${LEASE}
                    ON CONFLICT (robot) DO UPDATE SET etag = excluded.etag, at_ms = excluded.at_ms, gzip = excluded.gzip`,
              parameters: [etag, nowMs(context), gzip, id, epoch],
            }
          : {
              sql: `UPDATE fleet_trees SET at_ms = ? WHERE robot = ? AND etag = ? AND EXISTS (SELECT 1 ${LEASE})`,
              parameters: [nowMs(context), id, etag, id, epoch],
            },
      ]);
    },
    tree: async (robot) => {
      const [row] = await store.read(`SELECT k.etag, k.at_ms, k.gzip FROM fleet_trees k ${OF_ROBOT}`, [robot]);
      return row && { ...documentIn(row), etag: textOf(row.etag!) };
    },
    faultsWithoutDetail: async (robot) => {
      const rows = await store.read(
        `SELECT k.origin, k.body, d.occurrence, d.at_ms FROM fleet_faults k
         LEFT JOIN fleet_fault_details d ON d.robot = k.robot AND d.origin = k.origin AND d.code = k.code
         ${OF_ROBOT} ORDER BY k.severity DESC, k.origin, k.code LIMIT ${MAX_DETAILS_OF_ROBOT}`,
        [robot],
      );
      return rows.flatMap((row) => {
        const fault = JSON.parse(textOf(row.body!)) as FaultListItem;
        if (row.occurrence === occurrenceOf(fault)) return [];
        const readMs = optionalNumber(row.at_ms);
        return [{ origin: textOf(row.origin!), fault, ...(readMs !== undefined && { readMs }) }];
      });
    },
    storeFaultDetail: async ({ robot, epoch }, { origin, fault }, gzip) => {
      const { id } = await robotNamed(context, robot);
      await store.write([
        {
          sql: `INSERT INTO fleet_fault_details (robot, origin, code, occurrence, at_ms, gzip)
                SELECT c.robot, ?, ?, ?, ?, ? ${LEASE} ON CONFLICT (robot, origin, code) DO UPDATE
                SET occurrence = excluded.occurrence, at_ms = excluded.at_ms, gzip = excluded.gzip`,
          parameters: [origin, fault.fault_code, occurrenceOf(fault), nowMs(context), gzip, id, epoch],
        },
        {
          sql: `DELETE FROM fleet_fault_details WHERE robot = ? AND NOT EXISTS (SELECT 1 FROM fleet_faults f
                WHERE f.robot = fleet_fault_details.robot AND f.origin = fleet_fault_details.origin AND f.code = fleet_fault_details.code)`,
          parameters: [id],
        },
      ]);
    },
    faultDetail: async (robot, origin, code) => {
      const sql = `SELECT k.at_ms, k.gzip FROM fleet_fault_details k ${OF_ROBOT} AND k.origin = ? AND k.code = ?`;
      const [row] = await store.read(sql, [robot, origin, code]);
      return row && documentIn(row);
    },
    incidents: (robot) => openIncidents(context, robot),
  };
}

const documentIn = (row: Row): StoredDocument => ({ gzip: row.gzip as Uint8Array, atMs: Number(row.at_ms) });

/** Identifies an occurrence of a fault: an update of the same occurrence adds no evidence. */
const occurrenceOf = ({ first_occurred, confirmed_at, occurrence_count }: FaultListItem): string =>
  JSON.stringify([first_occurred ?? null, confirmed_at ?? null, occurrence_count ?? null]);

async function openIncidents({ store }: FleetContext, robot: string): ReturnType<KnownState['incidents']> {
  const [row] = await store.read(
    `SELECT k.robot, k.at_ms, k.body, c.newest, c.read_ms FROM fleet_states k
     JOIN fleet_cursors c ON c.robot = k.robot ${OF_ROBOT}`,
    [robot],
  );
  if (!row) return undefined;
  const { incidents } = JSON.parse(textOf(row.body!)) as Pick<UplinkState, 'incidents'>;
  if (!incidents) return undefined;
  const atMs = Number(row.at_ms);
  const records = await store.read(
    `SELECT body FROM fleet_events WHERE robot = ? AND seq > ? AND kind = 'incident' AND got_ms >= ?
     ORDER BY seq LIMIT ${MAX_INCIDENT_RECORDS}`,
    [row.robot!, row.newest ?? 0, atMs],
  );
  const known = new Map(incidents.map((incident) => [incident.id, incident]));
  for (const { body } of records) {
    const { incident, merged_ids } = JSON.parse(textOf(body!)) as IncidentBody;
    if (Array.isArray(merged_ids)) for (const id of merged_ids) known.delete(id);
    if (incident?.id) known.set(incident.id, incident);
  }
  const items = [...known.values()].filter(({ state }) => state === 'open');
  return { items, atMs: Math.max(atMs, Number(row.read_ms ?? 0)) };
}

/** Body of a record of the kind `incident`. A robot may omit members. */
interface IncidentBody {
  readonly incident?: Incident;
  readonly merged_ids?: unknown;
}

/** Returns the statement that stores the last state of a robot without its faults, which are in `fleet_faults`. */
export const stateStatement = (
  { faults: _faults, ...state }: UplinkState,
  atMs: number,
  lease: readonly [robot: number, epoch: number],
): Statement => ({
  sql: `INSERT INTO fleet_states (robot, at_ms, body, budget) SELECT c.robot, ?, ?, CAST(? AS TEXT) ${LEASE}
        ON CONFLICT (robot) DO UPDATE SET at_ms = excluded.at_ms, body = excluded.body, budget = excluded.budget`,
  parameters: [atMs, JSON.stringify(state), state.budget ? JSON.stringify(state.budget) : null, ...lease],
});
