import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { OperationItem } from '@medkit/contract';
import { alarmOperations, needs, type PlcAlarm, plcAlarms } from './plc-alarms.ts';

const operation = (id: string, properties?: object): OperationItem => ({
  id,
  name: id,
  proximity_proof_required: false,
  asynchronous_execution: false,
  ...(properties && { 'x-medkit': { type_info: { request: { properties } } } }),
});

describe('the alarms of an app', () => {
  const item = { fault_code: 'JAM', severity: 1, message: 'Jammed', active: true, acknowledged: true, confirmed: true };

  it('are one for each fault: as severe as its severest condition, and handled if all are', () => {
    const { alarms, isConnected, omitted } = plcAlarms({
      connected: false,
      total: 600,
      items: [item, { ...item, severity: 3, active: false, confirmed: false }, { ...item, fault_code: 'LEAK' }],
    });
    assert.deepEqual(
      alarms.map(({ code, severity, isActive, isConfirmed }) => [code, severity, isActive, isConfirmed]),
      [
        ['JAM', 3, true, false],
        ['LEAK', 1, true, true],
      ],
    );
    assert.deepEqual([isConnected, omitted], [false, 597]);
    const needed = (alarm: PlcAlarm) => [needs(alarm, 'acknowledge_fault'), needs(alarm, 'confirm_fault')];
    assert.deepEqual(alarms.map(needed), [
      [false, true],
      [false, false],
    ]);
  });

  it('are those of a strange reply that have a code; a reply without a list is refused', () => {
    const { alarms } = plcAlarms({ items: [null, 7, { fault_code: 8 }, { fault_code: 'A', severity: 'x' }] });
    const [one] = alarms;
    assert.deepEqual([alarms.length, one?.severity, one?.message, one?.isAcknowledged], [1, 0, '', false]);
    for (const reply of [undefined, null, [], 'text', { items: {} }]) assert.throws(() => plcAlarms(reply));
  });
});

describe('the operations on alarms', () => {
  it('are found with the limit of their comment, acknowledge first', () => {
    const items = [
      operation('confirm_fault'),
      operation('Fill', { comment: {} }),
      operation('acknowledge_fault', { comment: { type: 'string', maxLength: 64 } }),
    ];
    assert.deepEqual(alarmOperations(items), [
      { act: 'acknowledge_fault', maxComment: 64 },
      { act: 'confirm_fault', maxComment: undefined },
    ]);
    assert.deepEqual(alarmOperations([operation('Fill')]), []);
  });
});
