import assert from 'node:assert/strict';
import { test } from 'node:test';
import { upgradeTerms } from './legacy-terms.ts';

const SCAN = { topic: '/scan', direction: 'publish', type: 'sensor_msgs/msg/LaserScan' };
const SPIN = { kind: 'action', action: '/spin', type: 'a/action/Spin' };

test('the ROS terms of earlier plugins become `terms`, and everything else stays unchanged', () => {
  const entry = { id: '/scan', name: '/scan', category: 'currentData' };
  const cases: readonly (readonly [string, string, unknown, unknown])[] = [
    [
      'data',
      'list',
      [{ ...entry, ros2: SCAN }, entry],
      [{ ...entry, channel: { name: '/scan', direction: 'publish', type: SCAN.type }, terms: { ros2: SCAN } }, entry],
    ],
    ['data', 'read', { id: 'a', ros2: SCAN }, { id: 'a', type: SCAN.type, terms: { ros2: SCAN } }],
    ['data', 'write', { id: 'a', value: 1, ros2: SCAN }, { id: 'a', value: 1, terms: { ros2: SCAN } }],
    ['operations', 'list', [{ id: '/spin', ros2: SPIN }], [{ id: '/spin', shared: true, terms: { ros2: SPIN } }]],
    ...(['execution', 'control'] as const).map(
      (method) =>
        [
          'operations',
          method,
          { id: '1', ros2: { action: '/spin', type: 't', status: 'executing' } },
          {
            id: '1',
            terms: { ros2_status: 'executing', ros2: { action: '/spin', type: 't' } },
          },
        ] as const,
    ),
    [
      'operations',
      'invoke',
      { execution: { id: '1', ros2: { action: '/spin', status: 'accepted' } } },
      {
        execution: { id: '1', terms: { ros2_status: 'accepted', ros2: { action: '/spin' } } },
      },
    ],
    [
      'lifecycle',
      'status',
      { status: 'ready', ros2: { node: '/arm' } },
      { status: 'ready', terms: { ros2: { node: '/arm' } } },
    ],
  ];
  for (const [provider, method, returned, present] of cases) {
    assert.deepEqual(upgradeTerms(provider, method, returned), present, `${provider}.${method}`);
  }
  const results = [[entry], { answer: { ros2: 1 } }, undefined];
  assert.equal(upgradeTerms('data', 'list', results[0]), results[0]);
  assert.equal(upgradeTerms('operations', 'invoke', results[1]), results[1]);
  assert.equal(upgradeTerms('lifecycle', 'status', results[2]), results[2]);
});
