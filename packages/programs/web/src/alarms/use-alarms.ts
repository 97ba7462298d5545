import { useQueries } from '@tanstack/react-query';
import { alarmsQuery } from '../faults/alarms-query.ts';
import { useAllFaults } from '../faults/fault-list.ts';
import { faultKey } from '../faults/fault-state.ts';
import { PLC_ALARMS, type PlcAlarm } from '../faults/plc-alarms.ts';
import { useRoute } from '../gateway/gateway.ts';
import { timeMs } from '../time/times.ts';

/** Maximum apps whose alarms are read: one request for each app. */
export const MAX_APPS = 50;

/** An alarm of a PLC in the list. */
export interface AlarmRow {
  readonly app: { readonly id: string; readonly name: string };
  readonly alarm: PlcAlarm;
  /** When its fault first occurred; `undefined` until the fault is listed. */
  readonly sinceMs: number | undefined;
}

/** The alarms of all PLCs: those that need something first, then by severity. */
export function useAlarms() {
  const tree = useRoute('getTree', {});
  const { data: list } = useAllFaults({ status: undefined, withMuted: true });
  const all = (tree.data?.items ?? []).filter((item) => item.type === 'app' && item.capabilities?.includes(PLC_ALARMS));
  const apps = all.slice(0, MAX_APPS);
  const results = useQueries({ queries: apps.map(({ id }) => alarmsQuery(id)) });
  const since = new Map((list?.faults ?? []).map((fault) => [faultKey(fault), timeMs(fault.first_occurred)]));
  const rows = apps.flatMap(({ id, name }, at) =>
    (results[at]?.data?.alarms ?? []).map((alarm): AlarmRow => {
      const key = faultKey({ entity_type: 'app', entity_id: id, fault_code: alarm.code });
      return { app: { id, name }, alarm, sinceMs: since.get(key) };
    }),
  );
  const failed = results.flatMap(({ error }, at) =>
    error ? [{ entity_id: apps[at]!.name, message: error.message }] : [],
  );
  const named = (isMeant: (at: number) => boolean) => apps.filter((_, at) => isMeant(at)).map(({ name }) => name);
  return {
    tree,
    rows: rows.toSorted(byUrgency),
    isPending: results.some(({ isPending }) => isPending),
    hasPlc: all.length > 0,
    failed,
    /** Apps of PLCs that do not answer. */
    disconnected: named((at) => results[at]?.data?.isConnected === false),
    omittedApps: all.length - apps.length,
    omittedAlarms: results.reduce((sum, { data }) => sum + (data?.omitted ?? 0), 0),
  };
}

const isHandled = ({ alarm: { isAcknowledged, isConfirmed } }: AlarmRow): number =>
  Number(isAcknowledged) + Number(isConfirmed);

function byUrgency(one: AlarmRow, other: AlarmRow): number {
  return (
    isHandled(one) - isHandled(other) ||
    other.alarm.severity - one.alarm.severity ||
    (other.sinceMs ?? 0) - (one.sinceMs ?? 0)
  );
}
