import { TriedOutcome, TriedRules } from '../schemas/replay.ts';
import type { RouteFamily } from './route.ts';

export const tryRules: RouteFamily<typeof TriedOutcome, typeof TriedRules> = [
  {
    method: 'post',
    path: '/x-medkit-replay',
    operationId: 'tryRules',
    permission: 'read',
    tag: 'Faults',
    summary: 'Try changed rules on recorded faults',
    description:
      'Runs the recorded reports of this gateway through the rules in use and through changed ones, and returns what would have been different: faults, incidents and notifications. With `trigger_rules`, runs the stored recordings instead. Changes nothing. Each client may run one replay at a time. Limited to 28 s; `medkit replay` has no limit.',
    observes: true,
    parameters: [],
    body: {
      schema: TriedRules,
      description: 'The changed rules',
      examples: {
        'Confirm with the third report': { parameters: { confirmation_threshold: -3 } },
        'Thresholds of one node': {
          entity_thresholds: '/lidar:\n  confirmation_threshold: -3\n',
          since: '2026-03-01T00:00:00Z',
        },
        'A trigger on the recordings': {
          trigger_rules:
            'triggers:\n  low:\n    resource: /api/v1/apps/battery_monitor/data/battery/voltage\n    trigger_condition: {condition_type: EnterRange, lower_bound: 0, upper_bound: 22}\n',
        },
      },
    },
    responses: {
      200: {
        description: 'What would have been different',
        schema: TriedOutcome,
        example: {
          since: '2026-02-21T02:14:00.000Z',
          from: '2026-02-20T06:10:44.120Z',
          to: '2026-03-23T01:58:12.031Z',
          events: 412,
          cut: false,
          damaged_rows: 0,
          faults: {
            before: 18,
            after: 17,
            differences: 1,
            items: [{ is: 'fewer', fault_code: 'LIDAR_LAG', before: '2026-03-03T14:03:22.120Z', after: null }],
          },
          incidents: {
            before: 9,
            after: 8,
            differences: 1,
            items: [{ is: 'fewer', before: [{ began: '2026-03-03T14:03:22.120Z', codes: ['LIDAR_LAG'] }], after: [] }],
          },
          notifications: { before: 12, after: 12, differences: 0, items: [] },
          deviations: { total: 0, codes: [] },
          not_evaluated: [
            {
              rules: 'Triggers, and fault triggers',
              reason: 'Reports contain no values: try them on recordings, with `trigger_rules`.',
            },
          ],
          remarks: [],
        },
      },
    },
    errors: ['invalid-parameter', 'not-implemented', 'rate-limit-exceeded', 'service-unavailable'],
  },
];
