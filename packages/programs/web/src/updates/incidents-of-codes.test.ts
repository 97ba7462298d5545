import assert from 'node:assert/strict';
import { test } from 'node:test';
import { incidentsOfCodes } from './incidents-of-codes.ts';

test('a fault that ended an update leads to the newest incident that contains it', () => {
  const incidents = [
    { id: 'inc_3', root: 'GOAL' },
    { id: 'inc_2', root: 'STOP' },
    { id: 'inc_1', root: 'STOP' },
  ];
  const details = [{ id: 'inc_3', faults: [{ fault_code: 'GOAL' }, { fault_code: 'LIDAR' }] }];
  assert.deepEqual(
    [...incidentsOfCodes(['STOP', 'LIDAR', 'OTHER'], incidents, details)],
    [
      ['STOP', 'inc_2'],
      ['LIDAR', 'inc_3'],
    ],
  );
});
