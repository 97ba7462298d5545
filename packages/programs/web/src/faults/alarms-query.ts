import { resourceUri } from '@medkit/client';
import { gateway } from '../gateway/gateway.ts';
import { refreshOn } from '../live/query-refresh.ts';
import { PLC_ALARMS, type PlcAlarms, plcAlarms } from './plc-alarms.ts';

/** Refresh interval: a change of an alarm that does not change its fault sends no event. */
const EVERY_MS = 3000;

refreshOn('fault', PLC_ALARMS);

/** The query of the alarms of an app. */
export function alarmsQuery(app: string) {
  return {
    queryKey: [PLC_ALARMS, app],
    queryFn: async ({ signal }: { readonly signal: AbortSignal }): Promise<PlcAlarms> =>
      plcAlarms(await gateway().read(resourceUri({ kind: 'app', id: app }, PLC_ALARMS), { signal })),
    refetchInterval: EVERY_MS,
  };
}
