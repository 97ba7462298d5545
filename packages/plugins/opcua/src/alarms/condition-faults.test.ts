import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { alarmEvent } from '../testing/alarm-event.ts';
import { alarmOf, DONE, mapped, opened, SERVER } from '../testing/opened-conditions.ts';
import { MAX_CONDITIONS } from './condition-table.ts';
import { REFRESH_START } from './event-types.ts';

describe('alarms of a node map', () => {
  it('are raised when they become active, and end once they are inactive, acknowledged and confirmed', () => {
    const { alarms, handle } = mapped();
    assert.deepEqual(alarms.handle(alarmEvent()), [
      { code: 'PRESSURE', entityId: 'line', kind: 'raise', severity: 2, message: 'Pressure above 5 bar' },
    ]);
    assert.equal(handle(), '');
    assert.equal(handle({ active: false }), '');
    assert.equal(handle({ active: false, acknowledged: true }), '');
    assert.equal(handle(DONE), '-PRESSURE');
    assert.equal(handle(DONE), '');
  });

  it('stay a fault until their activation is acknowledged', () => {
    const { alarms, handle } = mapped();
    handle();
    handle({ active: false });
    assert.deepEqual(alarms.active, [
      {
        code: 'PRESSURE',
        entityId: 'line',
        conditionId: 'ns=2;s=Overpressure',
        isActive: false,
        isAcknowledged: false,
        isConfirmed: false,
        severity: 2,
        message: 'Pressure above 5 bar',
      },
    ]);
    handle(DONE);
    assert.deepEqual(alarms.active, []);
  });

  it('end with the acknowledgement if no confirmation is required', () => {
    const { handle } = mapped({ requireConfirm: false });
    handle();
    assert.equal(handle({ active: false, acknowledged: true }), '-PRESSURE');
  });

  it('raise again if they become active again before the acknowledgement', () => {
    const { handle } = mapped();
    handle();
    handle({ active: false });
    assert.equal(handle(), '+PRESSURE');
  });

  it('raise again with each change of severity or text while they are active, and not without a change', () => {
    const { alarms } = mapped();
    const handle = (change: Parameters<typeof alarmEvent>[0]) =>
      alarms.handle(alarmEvent(change)).map(({ kind, severity, message }) => `${kind} ${severity} ${message}`);
    assert.deepEqual(handle({ severity: 300, message: 'Pressure 5.1 bar' }), ['raise 1 Pressure 5.1 bar']);
    assert.deepEqual(handle({ severity: 900, message: 'Pressure 6.0 bar' }), ['raise 3 Pressure 6.0 bar']);
    assert.deepEqual(handle({ severity: 300, message: 'Pressure 6.0 bar' }), ['raise 1 Pressure 6.0 bar']);
    assert.deepEqual(handle({ severity: 300, message: 'Pressure 5.2 bar' }), ['raise 1 Pressure 5.2 bar']);
    assert.deepEqual(handle({ severity: 300, message: 'Pressure 5.2 bar', acknowledged: true }), []);
    assert.deepEqual(handle({ severity: 200, message: 'Pressure normal', active: false }), []);
  });

  it('keep their text if another notifier, or a read of the condition, reports it without the additional fields', () => {
    const associatedValues = [{ field: 'SD_1', label: 'Sensor' }];
    const eventAlarms = [alarmOf({ associatedValues }), alarmOf({ source: 'ns=2;s=Tank' })];
    const { alarms } = opened({ eventAlarms });
    const handle = (change: Parameters<typeof alarmEvent>[0]) =>
      alarms.handle(alarmEvent(change)).map(({ message }) => message);
    const associated = new Map([['SD_1', 'PT7']]);
    assert.deepEqual(handle({ notifier: SERVER, sourceNode: 'ns=2;s=Pump', associated }), [
      'Pressure above 5 bar; Sensor=PT7',
    ]);
    assert.deepEqual(handle({ notifier: 'ns=2;s=Tank', sourceNode: 'ns=2;s=Pump' }), []);
    assert.deepEqual(alarms.reconcile(SERVER, [alarmEvent({ sourceNode: 'ns=2;s=Pump' })]), []);
    associated.set('SD_1', 'PT8');
    assert.deepEqual(handle({ notifier: SERVER, sourceNode: 'ns=2;s=Pump', associated }), [
      'Pressure above 5 bar; Sensor=PT8',
    ]);
  });

  it('are as severe as the worst active one of the same code', () => {
    const { alarms } = mapped();
    const handle = (change: Parameters<typeof alarmEvent>[0]) =>
      alarms.handle(alarmEvent(change)).map(({ severity }) => severity);
    assert.deepEqual(handle({ conditionId: 'ns=2;s=A', severity: 900 }), [3]);
    assert.deepEqual(handle({ conditionId: 'ns=2;s=B', severity: 300 }), [3]);
    assert.deepEqual(handle({ conditionId: 'ns=2;s=A', severity: 300 }), [1]);
  });

  it('keep their state if an event does not say whether they are active', () => {
    const { handle } = mapped();
    handle();
    assert.equal(handle({ active: undefined, acknowledged: true, confirmed: true }), '');
    handle({ active: false });
    assert.equal(handle({ active: undefined, acknowledged: true, confirmed: true }), '-PRESSURE');
  });

  it('are dropped without a condition, with one warning for each source', () => {
    const { handle, lines } = mapped();
    for (let round = 0; round < 3; round++)
      assert.equal(handle({ conditionId: undefined, message: 'CPU not in RUN' }), '');
    assert.equal(lines.length, 1);
    assert.match(lines[0] ?? '', /i=2253 .*"CPU not in RUN"/);
  });

  it('ignore events that begin and end a refresh', () => {
    const { handle, lines } = mapped();
    handle({ conditionId: undefined, eventType: REFRESH_START });
    assert.deepEqual(lines, []);
  });

  it('are not changed by an event of a branch, nor is the event id to acknowledge', () => {
    const { alarms, handle } = mapped();
    handle({ eventId: new Uint8Array([7]) });
    assert.equal(handle({ branchId: 'ns=2;i=9', eventId: new Uint8Array([8]), ...DONE }), '');
    assert.deepEqual(alarms.conditionOf('line', 'PRESSURE')?.eventId, new Uint8Array([7]));
    assert.equal(mapped().handle({ branchId: 'ns=2;i=9' }), '');
  });

  it('keep their code while they are open, also if the message by which they were mapped changes', () => {
    const mappings = [
      { messagePart: 'above', code: 'HIGH' },
      { messagePart: 'normal', code: 'NORMAL' },
    ];
    const { handle } = opened({ eventAlarms: [alarmOf({ mappings })] });
    assert.equal(handle(), '+HIGH');
    assert.equal(handle({ ...DONE, message: 'Pressure normal' }), '-HIGH');
    assert.equal(handle({ message: 'Pressure normal' }), '+NORMAL');
  });

  it('cause no fault if no rule maps them', () => {
    const { alarms, handle } = opened({
      eventAlarms: [alarmOf({ code: undefined, mappings: [{ conditionName: 'Level', code: 'LEVEL' }] })],
    });
    assert.equal(handle(), '');
    assert.deepEqual(alarms.active, []);
  });

  it('of one code end once none of them is open', () => {
    const { handle } = mapped();
    assert.equal(handle({ conditionId: 'a', conditionName: 'A' }), '+PRESSURE');
    assert.equal(handle({ conditionId: 'b', conditionName: 'B' }), '+PRESSURE');
    assert.equal(handle({ conditionId: 'a', ...DONE }), '');
    assert.equal(handle({ conditionId: 'b', ...DONE }), '-PRESSURE');
  });

  it('are not ended by a former condition of the same alarm, nor held by a forgotten condition', () => {
    const { handle } = mapped();
    handle({ conditionId: 'first' });
    handle({ conditionId: 'second' });
    assert.equal(handle({ conditionId: 'first', ...DONE }), '');
    handle({ conditionId: 'second', active: false });
    handle({ conditionId: 'third' });
    assert.equal(handle({ conditionId: 'third', ...DONE }), '-PRESSURE');
  });

  it('are limited in number: conditions without a fault are dropped first, and excess ones cause one warning', () => {
    const { alarms, handle, lines } = mapped();
    for (let at = 0; at < MAX_CONDITIONS; at++) handle({ conditionId: `c${at}`, conditionName: `n${at}`, ...DONE });
    for (let at = 0; at < MAX_CONDITIONS; at++) handle({ conditionId: `d${at}`, conditionName: `n${at}` });
    assert.equal(alarms.active.length, MAX_CONDITIONS);
    assert.equal(handle({ conditionId: 'x', conditionName: 'x' }), '');
    assert.equal(handle({ conditionId: 'y', conditionName: 'y' }), '');
    assert.equal(lines.length, 1);
    handle({ conditionId: 'd0', ...DONE });
    assert.equal(handle({ conditionId: 'x', conditionName: 'x' }), '+PRESSURE');
  });
});

describe('the condition to acknowledge or confirm', () => {
  it('is that of the last event that still needs it', () => {
    const { alarms, handle } = mapped();
    handle({ conditionId: 'a', conditionName: 'A', eventId: new Uint8Array([1]) });
    handle({ conditionId: 'b', conditionName: 'B', eventId: new Uint8Array([2]), acknowledged: true });
    handle({ conditionId: 'a', active: false, eventId: new Uint8Array([3]) });
    assert.deepEqual(alarms.conditionOf('line', 'PRESSURE'), { conditionId: 'a', eventId: new Uint8Array([3]) });
    handle({ conditionId: 'a', active: false, acknowledged: true, confirmed: true });
    assert.equal(alarms.conditionOf('line', 'PRESSURE', 'confirm')?.conditionId, 'b');
  });

  it('is none for another entity or code, for an ended alarm, and for a condition without an event', () => {
    const { alarms, handle, read } = mapped();
    read(SERVER, {});
    assert.equal(alarms.conditionOf('line', 'PRESSURE'), undefined);
    handle();
    assert.equal(alarms.conditionOf('line', 'PRESSURE')?.conditionId, 'ns=2;s=Overpressure');
    assert.equal(alarms.conditionOf('other', 'PRESSURE'), undefined);
    assert.equal(alarms.conditionOf('line', 'LEVEL'), undefined);
    handle(DONE);
    assert.equal(alarms.conditionOf('line', 'PRESSURE'), undefined);
  });
});
