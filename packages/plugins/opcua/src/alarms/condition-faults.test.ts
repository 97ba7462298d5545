import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type AutoAlarms, DEFAULT_AUTO_ALARMS } from '../node-map/auto-alarms.ts';
import type { EventAlarm } from '../node-map/event-alarm.ts';
import { fnv1aHex } from '../node-map/short-name.ts';
import type { PlcEvent } from '../session/plc-event.ts';
import { alarmEvent } from '../testing/alarm-event.ts';
import type { AlarmSignal } from './alarm-signal.ts';
import type { ConditionAlarmsOptions } from './condition-alarms.ts';
import { conditionAlarms } from './condition-faults.ts';
import { MAX_CONDITIONS } from './condition-table.ts';
import { EVENT_QUEUE_OVERFLOW, REFRESH_START } from './event-types.ts';

const SERVER = 'i=2253';
const TANK_NODE = 'ns=2;s=Tank';
const AUTO_CODE = `PLC_ALARM_OVERPRESSURE_${fnv1aHex(TANK_NODE)}`;

const alarmOf = (alarm: Partial<EventAlarm> = {}): EventAlarm => ({
  source: SERVER,
  entityId: 'line',
  code: 'PRESSURE',
  mappings: [],
  associatedValues: [],
  ...alarm,
});

function opened(options: Partial<ConditionAlarmsOptions> = {}) {
  const lines: string[] = [];
  const alarms = conditionAlarms({
    eventAlarms: [],
    autoAlarms: undefined,
    requireConfirm: true,
    componentId: 'plc',
    entityOfNode: () => undefined,
    log: (_, text) => lines.push(text),
    ...options,
  });
  const told = (signals: readonly AlarmSignal[]) =>
    signals.map(({ kind, code }) => `${kind === 'raise' ? '+' : '-'}${code}`).join(' ');
  return {
    alarms,
    lines,
    told,
    hear: (event: Partial<PlcEvent> = {}) => told(alarms.hear(alarmEvent(event))),
    read: (notifier: string, ...events: readonly (Partial<PlcEvent> & { unread?: true })[]) =>
      told(
        alarms.reconcile(
          notifier,
          events.map(({ unread, ...event }) => ({ ...alarmEvent(event), ...(unread ? { unread } : {}) })),
        ),
      ),
  };
}

const mapped = (options: Partial<ConditionAlarmsOptions> = {}) => opened({ eventAlarms: [alarmOf()], ...options });
const automatic = (auto: Partial<AutoAlarms> = {}, options: Partial<ConditionAlarmsOptions> = {}) =>
  opened({ autoAlarms: { ...DEFAULT_AUTO_ALARMS, ...auto }, ...options });

const DONE = { active: false, acknowledged: true, confirmed: true };

describe('alarms that a node map has', () => {
  it('are raised as they become active, and over once they are inactive, acknowledged and confirmed', () => {
    const { alarms, hear } = mapped();
    assert.deepEqual(alarms.hear(alarmEvent()), [
      { code: 'PRESSURE', entityId: 'line', kind: 'raise', severity: 2, message: 'Pressure above 5 bar' },
    ]);
    assert.equal(hear(), '');
    assert.equal(hear({ active: false }), '');
    assert.equal(hear({ active: false, acknowledged: true }), '');
    assert.equal(hear(DONE), '-PRESSURE');
    assert.equal(hear(DONE), '');
  });

  it('stay a fault while nobody has acknowledged that they were active', () => {
    const { alarms, hear } = mapped();
    hear();
    hear({ active: false });
    assert.deepEqual(alarms.active, [
      {
        code: 'PRESSURE',
        entityId: 'line',
        conditionId: 'ns=2;s=Overpressure',
        isActive: false,
        isAcknowledged: false,
        severity: 2,
        message: 'Pressure above 5 bar',
      },
    ]);
    hear(DONE);
    assert.deepEqual(alarms.active, []);
  });

  it('are over with the acknowledgement where no confirmation is required', () => {
    const { hear } = mapped({ requireConfirm: false });
    hear();
    assert.equal(hear({ active: false, acknowledged: true }), '-PRESSURE');
  });

  it('raise again as they become active again before somebody acknowledged', () => {
    const { hear } = mapped();
    hear();
    hear({ active: false });
    assert.equal(hear(), '+PRESSURE');
  });

  it('raise again with a graver severity, and not with a lesser one', () => {
    const { hear } = mapped();
    assert.equal(hear({ severity: 300 }), '+PRESSURE');
    assert.equal(hear({ severity: 900 }), '+PRESSURE');
    assert.equal(hear({ severity: 300 }), '');
    assert.equal(hear({ severity: 900 }), '');
  });

  it('are as they were where an event does not say whether they are active', () => {
    const { hear } = mapped();
    hear();
    assert.equal(hear({ active: undefined, acknowledged: true, confirmed: true }), '');
    hear({ active: false });
    assert.equal(hear({ active: undefined, acknowledged: true, confirmed: true }), '-PRESSURE');
  });

  it('are dropped without a condition, with one warning for each source', () => {
    const { hear, lines } = mapped();
    for (let round = 0; round < 3; round++)
      assert.equal(hear({ conditionId: undefined, message: 'CPU not in RUN' }), '');
    assert.equal(lines.length, 1);
    assert.match(lines[0] ?? '', /i=2253 .*"CPU not in RUN"/);
  });

  it('are no matter of events that begin and end a refresh', () => {
    const { hear, lines } = mapped();
    hear({ conditionId: undefined, eventType: REFRESH_START });
    assert.deepEqual(lines, []);
  });

  it('are not changed by an event of a branch, nor is that what is acknowledged', () => {
    const { alarms, hear } = mapped();
    hear({ eventId: new Uint8Array([7]) });
    assert.equal(hear({ branchId: 'ns=2;i=9', eventId: new Uint8Array([8]), ...DONE }), '');
    assert.deepEqual(alarms.conditionOf('line', 'PRESSURE')?.eventId, new Uint8Array([7]));
    assert.equal(mapped().hear({ branchId: 'ns=2;i=9' }), '');
  });

  it('keep their code while they are open, though the message by which they were mapped is another one', () => {
    const mappings = [
      { messagePart: 'above', code: 'HIGH' },
      { messagePart: 'normal', code: 'NORMAL' },
    ];
    const { hear } = opened({ eventAlarms: [alarmOf({ mappings })] });
    assert.equal(hear(), '+HIGH');
    assert.equal(hear({ ...DONE, message: 'Pressure normal' }), '-HIGH');
    assert.equal(hear({ message: 'Pressure normal' }), '+NORMAL');
  });

  it('are none where nothing maps them', () => {
    const { alarms, hear } = opened({
      eventAlarms: [alarmOf({ code: undefined, mappings: [{ conditionName: 'Level', code: 'LEVEL' }] })],
    });
    assert.equal(hear(), '');
    assert.deepEqual(alarms.active, []);
  });

  it('of one code are over once none of them is open', () => {
    const { hear } = mapped();
    assert.equal(hear({ conditionId: 'a', conditionName: 'A' }), '+PRESSURE');
    assert.equal(hear({ conditionId: 'b', conditionName: 'B' }), '+PRESSURE');
    assert.equal(hear({ conditionId: 'a', ...DONE }), '');
    assert.equal(hear({ conditionId: 'b', ...DONE }), '-PRESSURE');
  });

  it('are not ended by a former condition of the same alarm, nor kept by one that is forgotten', () => {
    const { hear } = mapped();
    hear({ conditionId: 'first' });
    hear({ conditionId: 'second' });
    assert.equal(hear({ conditionId: 'first', ...DONE }), '');
    hear({ conditionId: 'second', active: false });
    hear({ conditionId: 'third' });
    assert.equal(hear({ conditionId: 'third', ...DONE }), '-PRESSURE');
  });

  it('are bounded: conditions without a fault go first, and what is too much is no fault, with one warning', () => {
    const { alarms, hear, lines } = mapped();
    for (let at = 0; at < MAX_CONDITIONS; at++) hear({ conditionId: `c${at}`, conditionName: `n${at}`, ...DONE });
    for (let at = 0; at < MAX_CONDITIONS; at++) hear({ conditionId: `d${at}`, conditionName: `n${at}` });
    assert.equal(alarms.active.length, MAX_CONDITIONS);
    assert.equal(hear({ conditionId: 'x', conditionName: 'x' }), '');
    assert.equal(hear({ conditionId: 'y', conditionName: 'y' }), '');
    assert.equal(lines.length, 1);
    hear({ conditionId: 'd0', ...DONE });
    assert.equal(hear({ conditionId: 'x', conditionName: 'x' }), '+PRESSURE');
  });
});

describe('the condition to acknowledge or confirm', () => {
  it('is that of the last event that still needs it', () => {
    const { alarms, hear } = mapped();
    hear({ conditionId: 'a', conditionName: 'A', eventId: new Uint8Array([1]) });
    hear({ conditionId: 'b', conditionName: 'B', eventId: new Uint8Array([2]), acknowledged: true });
    hear({ conditionId: 'a', active: false, eventId: new Uint8Array([3]) });
    assert.deepEqual(alarms.conditionOf('line', 'PRESSURE'), { conditionId: 'a', eventId: new Uint8Array([3]) });
    hear({ conditionId: 'a', active: false, acknowledged: true, confirmed: true });
    assert.equal(alarms.conditionOf('line', 'PRESSURE', 'confirm')?.conditionId, 'b');
  });

  it('is none for another entity, another code, one that is over, and one that was read alone', () => {
    const { alarms, hear, read } = mapped();
    read(SERVER, {});
    assert.equal(alarms.conditionOf('line', 'PRESSURE'), undefined);
    hear();
    assert.equal(alarms.conditionOf('line', 'PRESSURE')?.conditionId, 'ns=2;s=Overpressure');
    assert.equal(alarms.conditionOf('other', 'PRESSURE'), undefined);
    assert.equal(alarms.conditionOf('line', 'LEVEL'), undefined);
    hear(DONE);
    assert.equal(alarms.conditionOf('line', 'PRESSURE'), undefined);
  });
});

describe('automatic alarms', () => {
  it('have a code, an entity and a severity of their own', () => {
    const { alarms } = automatic();
    assert.deepEqual(alarms.hear(alarmEvent({ severity: 801 })), [
      { code: AUTO_CODE, entityId: 'plc_alarms', kind: 'raise', severity: 3, message: 'Pressure above 5 bar' },
    ]);
  });

  it('are those of the entity that their source is mapped to, else of the one that is said', () => {
    const entityOfNode = (nodeId: string) => (nodeId === TANK_NODE ? 'tank' : undefined);
    const { alarms } = automatic({ entityId: 'others' }, { entityOfNode });
    assert.equal(alarms.hear(alarmEvent())[0]?.entityId, 'tank');
    assert.equal(alarms.hear(alarmEvent({ conditionId: 'x', sourceNode: 'ns=2;s=Pump' }))[0]?.entityId, 'others');
  });

  it('are over as they are inactive, without anybody acknowledging', () => {
    const { hear } = automatic();
    hear();
    assert.equal(hear({ active: false }), `-${AUTO_CODE}`);
  });

  it('wait to be acknowledged without auto_clear', () => {
    const { hear } = automatic({ autoClear: false });
    hear();
    assert.equal(hear({ active: false }), '');
    assert.equal(hear(DONE), `-${AUTO_CODE}`);
  });

  it('have the bands that are said', () => {
    const { alarms } = automatic({ bands: { critical: 400, error: 300, warning: 0 } });
    assert.equal(alarms.hear(alarmEvent({ severity: 400 }))[0]?.severity, 3);
    assert.equal(alarms.hear(alarmEvent({ conditionId: 'x', severity: 1 }))[0]?.severity, 1);
  });

  it('are those that are included, less those that are excluded', () => {
    const { hear } = automatic({ include: ['Tank', 'Pump'], exclude: ['not in RUN', 'Overfill'] });
    assert.equal(hear({ conditionId: 'a', conditionName: 'Overfill' }), '');
    assert.equal(hear({ conditionId: 'b', message: 'Tank: CPU not in RUN' }), '');
    assert.equal(hear({ conditionId: 'c', conditionName: 'X', sourceName: 'Valve', message: 'stuck' }), '');
    assert.notEqual(hear({ conditionId: 'd', conditionName: 'X', sourceName: 'Valve', message: 'Pump stuck' }), '');
    assert.notEqual(hear({ conditionId: 'e', conditionName: 'Level' }), '');
  });

  it('are over although what they say by then is excluded', () => {
    const { hear } = automatic({ exclude: ['normal'] });
    hear();
    assert.equal(hear({ active: false, message: 'Pressure normal' }), `-${AUTO_CODE}`);
  });

  it('keep the code of their condition, though without a name it is made of the message', () => {
    const { alarms, hear } = automatic();
    const nameless = { conditionName: '', sourceName: '' };
    const [raised] = alarms.hear(alarmEvent({ ...nameless, message: 'pa comes' }));
    assert.equal(hear({ ...nameless, message: 'pa goes', active: false }), `-${raised?.code}`);
    assert.equal(hear({ ...nameless, message: 'pa again' }), `+${raised?.code}`);
  });

  it('are none of events without a condition, and nobody is warned of those', () => {
    const { hear, lines } = automatic();
    assert.equal(hear({ conditionId: undefined }), '');
    assert.deepEqual(lines, []);
  });

  it('are none of another notifier', () => {
    assert.equal(automatic().hear({ notifier: 'ns=2;s=Line' }), '');
  });

  it('have no code that something else has', () => {
    const taken = opened({
      eventAlarms: [alarmOf({ source: 'ns=2;s=Line', code: AUTO_CODE })],
      autoAlarms: DEFAULT_AUTO_ALARMS,
    });
    assert.equal(taken.hear(), `+${AUTO_CODE}_AUTO`);
    assert.equal(automatic({}, { isTaken: (code) => code === AUTO_CODE }).hear(), `+${AUTO_CODE}_AUTO`);
    assert.notEqual(automatic({}, { scope: 'oven' }).hear(), `+${AUTO_CODE}`);
  });
});

describe('alarms that are mapped and automatic', () => {
  it('are what the map says, and automatic where it says nothing, at one notifier', () => {
    const { alarms, hear } = automatic(
      {},
      { eventAlarms: [alarmOf({ code: undefined, mappings: [{ conditionName: 'Level', code: 'LEVEL' }] })] },
    );
    assert.equal(hear({ conditionId: 'a', conditionName: 'Level' }), '+LEVEL');
    assert.equal(hear({ conditionId: 'b' }), `+${AUTO_CODE}`);
    assert.deepEqual(alarms.sources, [{ notifier: SERVER, associatedValues: [] }]);
  });

  it('are one fault, that of the map, where the source is a notifier of its own, whichever tells first', () => {
    for (const order of [[SERVER, TANK_NODE], [TANK_NODE, SERVER], [SERVER]]) {
      const { hear } = automatic({}, { eventAlarms: [alarmOf({ source: TANK_NODE })] });
      const told = order.map((notifier) => hear({ notifier }));
      assert.deepEqual(told.join(''), '+PRESSURE');
      assert.deepEqual(order.map((notifier) => hear({ notifier, ...DONE })).join(''), '-PRESSURE');
    }
  });

  it('go on under the code of the map where a notifier in between tells later', () => {
    const { hear } = automatic({}, { eventAlarms: [alarmOf({ source: 'ns=2;s=Line' })] });
    assert.equal(hear(), `+${AUTO_CODE}`);
    assert.equal(hear({ notifier: 'ns=2;s=Line' }), `-${AUTO_CODE} +PRESSURE`);
    assert.equal(hear(), '');
    assert.equal(hear(DONE), '-PRESSURE');
    assert.equal(hear(), '');
    assert.equal(hear({ notifier: 'ns=2;s=Line' }), '+PRESSURE');
  });

  it('ask each notifier once, with all the values that are wanted of it', () => {
    const values = (...fields: readonly string[]) => fields.map((field) => ({ field, label: field }));
    const { alarms } = automatic(
      {},
      {
        eventAlarms: [
          alarmOf({ source: TANK_NODE, code: 'A', associatedValues: values('SD_1', 'SD_2') }),
          alarmOf({ source: TANK_NODE, code: 'B', associatedValues: values('SD_2', 'SD_3') }),
        ],
      },
    );
    assert.deepEqual(alarms.sources, [
      { notifier: TANK_NODE, associatedValues: ['SD_1', 'SD_2', 'SD_3'] },
      { notifier: SERVER, associatedValues: [] },
    ]);
  });
});

describe('conditions that are read after a reconnect', () => {
  const ONE = { conditionId: 'a', conditionName: 'A' };
  const OTHER = { conditionId: 'b', conditionName: 'B' };
  const both = () =>
    opened({
      eventAlarms: [
        alarmOf({
          code: undefined,
          mappings: [
            { conditionName: 'A', code: 'A' },
            { conditionName: 'B', code: 'B' },
          ],
        }),
      ],
    });

  it('become faults where they are active, and those over that are not there any more', () => {
    const { hear, read } = both();
    hear(ONE);
    assert.equal(read(SERVER, OTHER), '+B -A');
    assert.equal(read(SERVER, OTHER), '');
  });

  it('are over where they are disabled, or are of no interest any more', () => {
    const { read } = both();
    assert.equal(read(SERVER, ONE, OTHER), '+A +B');
    assert.equal(read(SERVER, { ...ONE, enabled: false }, { ...OTHER, active: false, retain: false }), '-A -B');
  });

  it('count as active though they cannot be said to be retained', () => {
    const { read } = both();
    assert.equal(read(SERVER, { ...ONE, retain: false }), '+A');
    assert.equal(read(SERVER, { ...ONE, retain: false }), '');
  });

  it('stay what they were where they could not be read this time', () => {
    const { read } = both();
    read(SERVER, ONE, OTHER);
    assert.equal(read(SERVER, { ...ONE, unread: true, active: false, enabled: false }), '-B');
  });

  it('are never over for a notifier that has shown no condition that could be read, with one warning', () => {
    const { hear, read, lines } = both();
    hear(ONE);
    assert.equal(read(SERVER), '');
    assert.equal(read(SERVER, { ...OTHER, unread: true }), '');
    assert.equal(lines.length, 1);
    assert.match(lines[0] ?? '', /i=2253 shows no conditions/);
    assert.equal(read(SERVER, OTHER), '+B -A');
    assert.equal(read(SERVER), '-B');
  });

  it('can be acknowledged by the event that was heard before', () => {
    const { alarms, hear, read } = both();
    hear({ ...ONE, eventId: new Uint8Array([5]) });
    read(SERVER, ONE);
    assert.deepEqual(alarms.conditionOf('line', 'A'), { conditionId: 'a', eventId: new Uint8Array([5]) });
  });

  it('are not over for not being among more than are looked at', () => {
    const { hear, read } = both();
    hear(ONE);
    const many = Array.from({ length: MAX_CONDITIONS + 1 }, (_, at) => ({
      conditionId: `m${at}`,
      active: false,
      retain: false,
    }));
    assert.equal(read(SERVER, ...many), '');
    assert.equal(read(SERVER, ...many.slice(1)), '-A');
  });

  it('are over for the notifier alone that was read', () => {
    const { hear, read } = opened({
      eventAlarms: [alarmOf({ source: 'ns=2;s=L1', code: 'A' }), alarmOf({ source: 'ns=2;s=L2', code: 'B' })],
    });
    hear({ ...ONE, notifier: 'ns=2;s=L1' });
    hear({ ...OTHER, notifier: 'ns=2;s=L2' });
    assert.equal(read('ns=2;s=L1', { conditionId: 'c', active: false, retain: false }), '-A');
  });
});

describe('a refresh of conditions', () => {
  const ONE = { conditionId: 'a', conditionName: 'A' };
  const OTHER = { conditionId: 'b', conditionName: 'B' };
  const L1 = 'ns=2;s=L1';
  const L2 = 'ns=2;s=L2';
  const both = () => {
    const lines = opened({ eventAlarms: [alarmOf({ source: L1, code: 'A' }), alarmOf({ source: L2, code: 'B' })] });
    lines.hear({ ...ONE, notifier: L1 });
    lines.hear({ ...OTHER, notifier: L2 });
    return lines;
  };

  it('ends what was open before and was not told of again', () => {
    const { alarms, hear, told } = both();
    alarms.beginRefresh();
    assert.equal(hear({ ...OTHER, notifier: L2 }), '');
    assert.equal(told(alarms.endRefresh()), '-A');
    assert.equal(told(alarms.endRefresh()), '');
    assert.equal(hear({ ...ONE, notifier: L1 }), '+A');
  });

  it('ends nothing that began meanwhile', () => {
    const { alarms, hear, told } = opened({ eventAlarms: [alarmOf({ source: L1, code: 'A' })] });
    alarms.beginRefresh();
    assert.equal(hear({ ...ONE, notifier: L1 }), '+A');
    assert.equal(told(alarms.endRefresh()), '');
  });

  it('ends nothing of a notifier that was not asked', () => {
    const { alarms, told } = both();
    alarms.beginRefresh([L2]);
    assert.equal(told(alarms.endRefresh()), '-B');
  });

  it('ends nothing of a notifier whose events were lost meanwhile', () => {
    const { alarms, hear, told } = both();
    alarms.beginRefresh();
    hear({ conditionId: undefined, eventType: EVENT_QUEUE_OVERFLOW, notifier: L1 });
    assert.equal(told(alarms.endRefresh()), '-B');
  });

  it('ends nothing where it was refused, or began anew', () => {
    const { alarms, told } = both();
    alarms.beginRefresh();
    alarms.abandonRefresh();
    assert.equal(told(alarms.endRefresh()), '');
    alarms.beginRefresh();
    alarms.beginRefresh([]);
    assert.equal(told(alarms.endRefresh()), '');
  });

  it('ends an alarm that is inactive and acknowledged, as it tells of it', () => {
    const { alarms, hear, told } = both();
    alarms.beginRefresh();
    assert.equal(hear({ ...ONE, ...DONE, notifier: L1 }), '-A');
    hear({ ...OTHER, notifier: L2 });
    assert.equal(told(alarms.endRefresh()), '');
  });

  it('is not answered by an event of a branch: of a condition that is retained it tells as well', () => {
    const { alarms, hear, told } = both();
    alarms.beginRefresh([L1]);
    hear({ ...ONE, branchId: 'ns=2;i=1', notifier: L1 });
    assert.equal(told(alarms.endRefresh()), '-A');
  });
});
