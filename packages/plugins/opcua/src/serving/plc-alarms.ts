import { SovdError } from '@medkit/contract';
import type { PluginRoute } from '@medkit/plugin';
import Type from 'typebox';
import type { Plc } from '../plc/plc.ts';
import { PLC_ALARMS } from '../plc/plc-contribution.ts';
import { entityOf } from './entity-lookup.ts';

/** Maximum alarms in a reply, the latest ones. */
const MAX_ALARMS = 500;

const PlcAlarm = Type.Object({
  fault_code: Type.String(),
  condition_id: Type.String({ description: 'Node of the condition in the PLC' }),
  severity: Type.Integer({ description: 'Severity of the fault, 0 to 3' }),
  message: Type.String(),
  active: Type.Boolean({ description: 'False if the cause has ended, but no operator has handled the alarm' }),
  acknowledged: Type.Boolean(),
  confirmed: Type.Boolean(),
});

const PlcAlarms = Type.Object({
  entity_id: Type.String(),
  connected: Type.Boolean({ description: 'True if the PLC answers; otherwise these are its last reports' }),
  total: Type.Integer({ description: `Number of alarms; the reply has the latest ${MAX_ALARMS}` }),
  items: Type.Array(PlcAlarm),
});

/** The alarms of an app that are active or not yet handled (OPC 10000-9, 5.7), the latest first. */
export function plcAlarmsRoute(plcs: readonly Plc[]): PluginRoute {
  return {
    route: {
      method: 'get',
      path: `/apps/{app_id}/${PLC_ALARMS}`,
      operationId: 'listPlcAlarms',
      summary: 'Alarms of a PLC',
      description: 'The alarms of the app that are active, or not yet acknowledged or confirmed, and their states.',
      parameters: [],
      responses: { 200: { description: 'The alarms', schema: PlcAlarms } },
      errors: ['resource-not-found'],
    },
    handle: async ({ path }) => {
      const id = path['app_id'] as string;
      const found = entityOf(plcs, id);
      if (!found?.entity.hasNativeAlarms) {
        const message = `${id} has no alarms of a PLC`;
        throw new SovdError({ code: 'resource-not-found', message, parameters: { entity_id: id } });
      }
      const { plc } = found;
      const alarms = plc.conditions.active.filter(({ entityId }) => entityId === id);
      const items = alarms
        .slice(-MAX_ALARMS)
        .reverse()
        .map(({ code, conditionId, severity, message, isActive, isAcknowledged, isConfirmed }) => ({
          fault_code: code,
          condition_id: conditionId,
          severity,
          message,
          active: isActive,
          acknowledged: isAcknowledged,
          confirmed: isConfirmed,
        }));
      return { body: { entity_id: id, connected: plc.isConnected, total: alarms.length, items } };
    },
  };
}
