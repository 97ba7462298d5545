import type { FaultListItem } from '@medkit/contract';
import { useQueries } from '@tanstack/react-query';
import { alarmOperations } from '../alarms/alarm-acts.ts';
import { useAllFaults } from '../faults/fault-list.ts';
import { gateway } from '../gateway/gateway.ts';
import { validateReply } from '../gateway/validate-reply.ts';

/** Maximum apps whose operations are examined: one request for each app. */
export const MAX_APPS = 50;
const FRESH_MS = 60_000;

/** The active faults of all apps that can acknowledge or confirm alarms, severest first. */
export function useAlarms() {
  const list = useAllFaults({ status: undefined, withMuted: false });
  const faults = (list.data?.faults ?? []).filter(({ entity_type, entity_id }) => entity_type === 'app' && entity_id);
  const all = [...new Set(faults.map(({ entity_id }) => entity_id as string))];
  const apps = all.slice(0, MAX_APPS);
  const results = useQueries({
    queries: apps.map((id) => {
      const entity = { kind: 'app', id } as const;
      return {
        queryKey: ['listOperations', { entity }],
        queryFn: async ({ signal }: { readonly signal: AbortSignal }) =>
          validateReply(await gateway().call('listOperations', { entity, signal })),
        staleTime: FRESH_MS,
      };
    }),
  });
  const withActs = new Set(apps.filter((_, at) => alarmOperations(results[at]?.data?.items ?? []).length > 0));
  const failed = results.filter(({ error }) => error !== null);
  return {
    list,
    alarms: faults.filter(({ entity_id }) => withActs.has(entity_id as string)).sort(bySeverity),
    isPending: results.some(({ isPending }) => isPending),
    error: failed[0]?.error ?? undefined,
    again: () => Promise.all(failed.map(({ refetch }) => refetch())),
    isCut: all.length > apps.length || list.data?.isCut === true,
  };
}

function bySeverity(one: FaultListItem, other: FaultListItem): number {
  return other.severity - one.severity || (other.first_occurred ?? 0) - (one.first_occurred ?? 0);
}
