import { DEFAULT_PAST_ITEMS, MAX_PAST_ITEMS, PastState } from '../schemas/past-state.ts';
import * as Type from '../schemas/type.ts';
import type { RouteFamily } from './route.ts';

export const getPastState: RouteFamily<typeof PastState> = [
  {
    method: 'get',
    path: '/x-medkit-at',
    operationId: 'getPastState',
    permission: 'read',
    tag: 'Discovery',
    summary: 'Read the state of the robot at a moment',
    description:
      'Returns the entities with their online state, the confirmed faults, the known parameter values and the versions at a moment of the recorded history. Only this gateway is covered: `not_covered` names the others. A value of a parameter is known if the gateway read, set or observed it since the app appeared; values of secrets are never recorded. Faults that were not yet confirmed are not recorded. If the gateway was not running at the moment, `gap` says so, and the reply contains the last known state. If the clock of the gateway passed a moment twice, the second time counts.',
    join: 'local',
    parameters: [
      {
        name: 't',
        in: 'query',
        description: 'The moment: a time of ISO 8601, UTC if it has no zone, or milliseconds since 1970',
        schema: Type.String({ maxLength: 64 }),
        required: true,
        example: '2026-03-23T02:14:00Z',
      },
      {
        name: 'entity',
        in: 'query',
        description: 'Only this area, component, app or function, and what it contained at that moment',
        schema: Type.String({ maxLength: 256 }),
        example: 'controller_server',
      },
      {
        name: 'limit',
        in: 'query',
        description: `Maximum number of items of each section; default ${DEFAULT_PAST_ITEMS}`,
        schema: Type.Integer({ minimum: 1, maximum: MAX_PAST_ITEMS }),
        example: 100,
      },
      {
        name: 'cursor',
        in: 'query',
        description: '`next_cursor` of the previous reply',
        schema: Type.String(),
        example: '1000',
      },
    ],
    responses: {
      200: {
        description: 'The state',
        schema: PastState,
        example: {
          at: '2026-03-23T02:14:00.000Z',
          as_of: '2026-03-23T02:14:00.000Z',
          not_covered: ['safety_island'],
          tree: {
            begins_at: '2026-02-23T06:00:05.210Z',
            complete: true,
            total: 1,
            items: [
              {
                type: 'app',
                id: 'controller_server',
                name: 'controller_server',
                online: true,
                node: '/controller_server',
                component: 'amr_01',
                since: '2026-03-22T21:58:12.400Z',
              },
            ],
          },
          faults: {
            complete: true,
            total: 1,
            items: [
              {
                fault_code: 'MOTOR_OVERHEAT',
                description: 'Motor temperature above limit',
                status: 'CONFIRMED',
                severity: 2,
                severity_label: 'ERROR',
                occurrence: 3,
                confirmed_at: '2026-03-23T02:13:41.120Z',
                reporting_sources: ['/controller_server'],
                entity_id: 'controller_server',
                entity_type: 'app',
              },
            ],
          },
          parameters: {
            begins_at: '2026-02-23T06:00:05.210Z',
            complete: false,
            missing: 'Values that the gateway did not read, set or observe since the app appeared',
            total: 1,
            items: [
              {
                entity_id: 'controller_server',
                entity_type: 'app',
                name: 'max_speed_mps',
                value: 0.6,
                since: '2026-03-23T02:13:59.300Z',
                source: 'written',
              },
            ],
          },
          versions: {
            begins_at: '2026-02-23T06:00:05.210Z',
            complete: true,
            total: 1,
            items: [{ software_version: '0.1.0', since: '2026-03-22T21:57:00.000Z' }],
          },
        },
      },
    },
    errors: ['invalid-parameter', 'entity-not-found', 'not-implemented', 'service-unavailable'],
  },
];
