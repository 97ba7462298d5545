import { VitalSignList } from '../schemas/vital-signs.ts';
import type { RouteFamily } from './route.ts';

export const listVitalSigns: RouteFamily<typeof VitalSignList> = [
  {
    method: 'get',
    path: '/x-medkit-vital-signs',
    operationId: 'listVitalSigns',
    permission: 'read',
    tag: 'Discovery',
    summary: 'List the values that show the state of the robot at a glance',
    description:
      'Lists the values of the setting `vital_signs`, then those that the gateway recognises by their message type: the charge of a battery, the speed, and the state of the navigation goal. Follow the values with `x-medkit-live`.',
    join: 'local',
    parameters: [],
    responses: {
      200: {
        description: 'The vital signs',
        schema: VitalSignList,
        example: {
          items: [
            {
              kind: 'value',
              value: 'apps/safety_gate/data/min_range_m',
              label: 'Nearest obstacle',
              unit: 'm',
              href: '/api/v1/apps/safety_gate/data/min_range_m',
            },
            {
              kind: 'battery',
              value: 'apps/battery_monitor/data/%2Fbattery_state:/percentage',
              href: '/api/v1/apps/battery_monitor/data/%2Fbattery_state',
            },
          ],
        },
      },
    },
    errors: [],
  },
];
