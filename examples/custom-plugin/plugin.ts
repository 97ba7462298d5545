import { SovdError } from '@medkit/contract';
import { definePlugin, PLUGIN_API_VERSION } from '@medkit/plugin';
import Type from 'typebox';
import { operationsOf } from './operations.ts';
import { Plc } from './plc.ts';

export const plugin = definePlugin({
  apiVersion: PLUGIN_API_VERSION,
  name: 'filling-station',
  options: Type.Object(
    {
      station: Type.String({ default: 'filling_station', description: 'Id of the app in the tree' }),
      tank_l: Type.Number({ default: 100, exclusiveMinimum: 0, description: 'What fits into the tank, litres' }),
      low_l: Type.Number({ default: 10, description: 'Below it a fault is reported, litres' }),
    },
    { additionalProperties: false },
  ),

  setup: async ({ options, clock, log, record, reportFault, changed }) => {
    const { station, tank_l, low_l } = options;
    const plc = new Plc(tank_l);
    let isLow = false;

    const watch = async (): Promise<void> => {
      plc.work();
      if (plc.read().levelL < low_l === isLow) return;
      isLow = !isLow;
      changed();
      await record(station, {
        severity: isLow ? 'warning' : 'info',
        message: isLow ? 'The tank runs low' : 'The tank is filled',
      });
      const stored = await reportFault({
        code: 'TANK_LOW',
        event: isLow ? 'FAILED' : 'PASSED',
        severity: 1,
        description: `Less than ${low_l} l are left in the tank`,
        source: station,
      });
      if (!stored) log('warn', 'the fault was not stored');
    };
    const timer = clock.every(1000, () => void watch());

    return {
      contribution: async () => ({
        entities: {
          apps: [
            {
              kind: 'app',
              id: station,
              name: 'Filling station',
              source: 'plc',
              online: true,
              tags: isLow ? ['low'] : [],
              capabilities: ['x-filling-report'],
            },
          ],
        },
      }),

      providers: {
        data: {
          list: async () => [{ id: 'process', name: 'Process values', category: 'currentData' }],
          read: async (_station, id) => {
            if (id !== 'process') throw new SovdError({ code: 'resource-not-found', parameters: { id } });
            const value = { ...plc.read() };
            return { id, value, timestampNs: clock.wallNs(), publisherCount: 1, subscriberCount: 0 };
          },
          write: async (_station, id) => {
            throw new SovdError({ code: 'invalid-request', message: `${id} cannot be written` });
          },
        },
        operations: operationsOf(plc, tank_l),
      },

      routes: [
        {
          route: {
            method: 'get',
            path: '/apps/{app_id}/x-filling-report',
            operationId: 'getFillingReport',
            summary: 'Report of the shift',
            description: 'How many bottles were filled, and how long what is left will last.',
            parameters: [],
            responses: {
              200: {
                description: 'The report',
                schema: Type.Object({ bottles: Type.Integer(), tank_percent: Type.Number() }),
                example: { bottles: 12, tank_percent: 94 },
              },
            },
            errors: [],
          },
          handle: async () => {
            const { bottles, levelL } = plc.read();
            return { body: { bottles, tank_percent: Math.round((100 * levelL) / tank_l) } };
          },
        },
      ],

      stop: async () => timer.cancel(),
    };
  },
});
