import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isFaultCode } from '../node-map/fault-codes.ts';
import { fnv1aHex } from '../node-map/short-name.ts';
import { alarmEvent } from '../testing/alarm-event.ts';
import { alarmKey, autoAlarmCode } from './auto-alarm-code.ts';

const HASH = fnv1aHex('ns=2;s=Tank');

describe('the code of an unmapped alarm', () => {
  it('uses FNV-1a as its hash', () => {
    assert.deepEqual([fnv1aHex(''), fnv1aHex('a'), fnv1aHex('foobar')], ['811C9DC5', 'E40C292C', 'BF9CF968']);
  });

  it('consists of the name of its condition', () => {
    assert.equal(autoAlarmCode(alarmEvent()), `PLC_ALARM_OVERPRESSURE_${HASH}`);
    assert.equal(
      autoAlarmCode(alarmEvent({ conditionName: 'Tank.Over pressure!!' })),
      `PLC_ALARM_TANK_OVER_PRESSURE_${HASH}`,
    );
  });

  it('consists of the name of its source if its condition has none, or none with a letter', () => {
    for (const conditionName of ['', '--', '!']) {
      assert.equal(autoAlarmCode(alarmEvent({ conditionName, sourceName: 'Pump A' })), `PLC_ALARM_PUMP_A_${HASH}`);
    }
  });

  it('differs for names in other scripts, and for names that differ in punctuation, whatever their messages are', () => {
    const names = ['Überdruck', 'Unterdruck', '液位', '压力', 'давление', 'уровень', 'Axis +', 'Axis -'];
    const codes = names.map((conditionName) => autoAlarmCode(alarmEvent({ conditionName })));
    assert.equal(new Set(codes).size, names.length);
    const again = names.map((conditionName) => autoAlarmCode(alarmEvent({ conditionName, message: 'other' })));
    assert.deepEqual(again, codes);
  });

  it('consists of kind and message if neither has a name', () => {
    const event = { conditionName: '', sourceName: '', sourceNode: 'ns=3;i=1845', eventType: 'i=2915' };
    const code = autoAlarmCode(alarmEvent({ ...event, message: 'pa' }));
    assert.equal(code, `PLC_ALARM_${fnv1aHex('ns=3;i=1845|i=2915|pa')}`);
    assert.notEqual(code, autoAlarmCode(alarmEvent({ ...event, message: 'pa2' })));
  });

  it('differs for the same name at another source, and stays for another message', () => {
    assert.notEqual(autoAlarmCode(alarmEvent()), autoAlarmCode(alarmEvent({ sourceNode: 'ns=2;s=Tank2' })));
    assert.equal(autoAlarmCode(alarmEvent()), autoAlarmCode(alarmEvent({ message: 'other' })));
  });

  it('differs for PLCs of the same type if they have different scopes', () => {
    const codes = ['', 'press', 'oven'].map((scope) => autoAlarmCode(alarmEvent(), scope));
    assert.equal(new Set(codes).size, 3);
  });

  it('is a valid fault code, however long the name is', () => {
    const codes = ['a', 'b'].map((tail) => autoAlarmCode(alarmEvent({ conditionName: 'x'.repeat(5000) + tail })));
    assert.ok(codes.every(isFaultCode));
    assert.notEqual(codes[0], codes[1]);
    assert.ok(isFaultCode(autoAlarmCode(alarmEvent({ conditionName: 'Überdruck 液位' }))));
  });
});

describe('the identity of an alarm', () => {
  it('is its name and source, and its message if it has no name', () => {
    assert.equal(alarmKey(alarmEvent()), alarmKey(alarmEvent({ message: 'other', conditionId: 'x' })));
    assert.notEqual(alarmKey(alarmEvent()), alarmKey(alarmEvent({ conditionName: 'Level' })));
    const nameless = { conditionName: '', sourceName: '' };
    assert.notEqual(
      alarmKey(alarmEvent({ ...nameless, message: 'a' })),
      alarmKey(alarmEvent({ ...nameless, message: 'b' })),
    );
    assert.ok(alarmKey(alarmEvent({ conditionName: 'x'.repeat(99_999) })).length <= 512);
  });
});
