import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { EventAlarm } from '../node-map/event-alarm.ts';
import { alarmEvent } from '../testing/alarm-event.ts';
import { mappedEvent } from './event-mapping.ts';

const alarmOf = (alarm: Partial<EventAlarm>): EventAlarm => ({
  source: 'i=2253',
  entityId: 'line',
  mappings: [],
  associatedValues: [],
  ...alarm,
});

describe('the fault of an event', () => {
  it('is that of the first mapping whose criteria all match', () => {
    const alarm = alarmOf({
      code: 'REST',
      mappings: [
        { conditionName: 'Overpressure', sourceNode: 'ns=2;s=Other', code: 'A' },
        { sourceNode: 'ns=2;s=Tank', eventType: 'i=2915', messagePart: 'above', code: 'B' },
        { conditionName: 'Overpressure', code: 'C' },
        { eventType: 'i=9341', code: 'D' },
      ],
    });
    assert.equal(mappedEvent(alarm, alarmEvent())?.code, 'B');
    assert.equal(mappedEvent(alarm, alarmEvent({ message: 'Pressure ABOVE' }))?.code, 'C');
    assert.equal(mappedEvent(alarm, alarmEvent({ sourceNode: 'ns=2;s=Other' }))?.code, 'A');
    assert.equal(mappedEvent(alarm, alarmEvent({ conditionName: 'Level', eventType: 'i=9341' }))?.code, 'D');
    assert.equal(mappedEvent(alarm, alarmEvent({ conditionName: 'Level', message: '' }))?.code, 'REST');
  });

  it('is none if no mapping matches and the source has none', () => {
    assert.equal(mappedEvent(alarmOf({ mappings: [{ conditionName: 'Level', code: 'A' }] }), alarmEvent()), undefined);
  });

  it('inherits severity and message of the source, which a mapping may override', () => {
    const alarm = alarmOf({
      severity: 1,
      message: 'Line',
      mappings: [
        { conditionName: 'Level', code: 'A', severity: 3, message: 'Tank' },
        { conditionName: 'Overpressure', code: 'B' },
      ],
    });
    assert.deepEqual(mappedEvent(alarm, alarmEvent()), { code: 'B', severity: 1, message: 'Line' });
    assert.deepEqual(mappedEvent(alarm, alarmEvent({ conditionName: 'Level' })), {
      code: 'A',
      severity: 3,
      message: 'Tank',
    });
  });

  it('has the severity of the event if nothing overrides it: from 801, 501 and 201 on', () => {
    const severities = [1, 200, 201, 500, 501, 800, 801, 1000].map(
      (severity) => mappedEvent(alarmOf({ code: 'A' }), alarmEvent({ severity }))?.severity,
    );
    assert.deepEqual(severities, [0, 0, 1, 1, 2, 2, 3, 3]);
  });

  it('appends the associated values to its message, those that the server gave', () => {
    const associatedValues = ['SD_1', 'SD_2', '3:SD_3', 'SD_4'].map((field) => ({ field, label: `L${field}` }));
    const associated = new Map([
      ['SD_1', '4.2'],
      ['3:SD_3', 'on'],
      ['SD_4', ''],
    ]);
    const event = alarmEvent({ associated });
    assert.equal(
      mappedEvent(alarmOf({ code: 'A', associatedValues }), event)?.message,
      'Pressure above 5 bar; LSD_1=4.2; L3:SD_3=on',
    );
    assert.equal(
      mappedEvent(alarmOf({ code: 'A', message: 'X', associatedValues }), event)?.message,
      'X; LSD_1=4.2; L3:SD_3=on',
    );
  });

  it('has a message of bounded length, and never an empty one', () => {
    assert.equal(
      mappedEvent(alarmOf({ code: 'A' }), alarmEvent({ message: 'x'.repeat(99_999) }))?.message.length,
      1024,
    );
    assert.equal(mappedEvent(alarmOf({ code: 'A' }), alarmEvent({ message: '' }))?.message, 'Overpressure');
  });
});
