import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DEFAULT_AUTO_ALARMS } from '../node-map/auto-alarms.ts';
import { alarmEvent } from '../testing/alarm-event.ts';
import { AUTO_CODE, alarmOf, automatic, DONE, opened, SERVER, TANK_NODE } from '../testing/opened-conditions.ts';

describe('automatic alarms', () => {
  it('have a code, an entity and a severity', () => {
    const { alarms } = automatic();
    assert.deepEqual(alarms.handle(alarmEvent({ severity: 801 })), [
      { code: AUTO_CODE, entityId: 'plc_alarms', kind: 'raise', severity: 3, message: 'Pressure above 5 bar' },
    ]);
  });

  it('belong to the entity that their source is mapped to, else to the configured one', () => {
    const entityOfNode = (nodeId: string) => (nodeId === TANK_NODE ? 'tank' : undefined);
    const { alarms } = automatic({ entityId: 'others' }, { entityOfNode });
    assert.equal(alarms.handle(alarmEvent())[0]?.entityId, 'tank');
    assert.equal(alarms.handle(alarmEvent({ conditionId: 'x', sourceNode: 'ns=2;s=Pump' }))[0]?.entityId, 'others');
  });

  it('end when they become inactive, without acknowledgement', () => {
    const { handle } = automatic();
    handle();
    assert.equal(handle({ active: false }), `-${AUTO_CODE}`);
  });

  it('wait to be acknowledged without auto_clear', () => {
    const { handle } = automatic({ autoClear: false });
    handle();
    assert.equal(handle({ active: false }), '');
    assert.equal(handle(DONE), `-${AUTO_CODE}`);
  });

  it('have the configured severity bands', () => {
    const { alarms } = automatic({ bands: { critical: 400, error: 300, warning: 0 } });
    assert.equal(alarms.handle(alarmEvent({ severity: 400 }))[0]?.severity, 3);
    assert.equal(
      alarms.handle(
        alarmEvent({ conditionId: 'x', conditionName: 'Other', sourceNode: 'ns=2;s=Other', severity: 1 }),
      )[0]?.severity,
      1,
    );
  });

  it('are those that are included, less those that are excluded', () => {
    const { handle } = automatic({ include: ['Tank', 'Pump'], exclude: ['not in RUN', 'Overfill'] });
    assert.equal(handle({ conditionId: 'a', conditionName: 'Overfill' }), '');
    assert.equal(handle({ conditionId: 'b', message: 'Tank: CPU not in RUN' }), '');
    assert.equal(handle({ conditionId: 'c', conditionName: 'X', sourceName: 'Valve', message: 'stuck' }), '');
    assert.notEqual(handle({ conditionId: 'd', conditionName: 'X', sourceName: 'Valve', message: 'Pump stuck' }), '');
    assert.notEqual(handle({ conditionId: 'e', conditionName: 'Level' }), '');
  });

  it('end even if their last event is excluded', () => {
    const { handle } = automatic({ exclude: ['normal'] });
    handle();
    assert.equal(handle({ active: false, message: 'Pressure normal' }), `-${AUTO_CODE}`);
  });

  it('keep the code of their condition, also if it was made of the message because there is no name', () => {
    const { alarms, handle } = automatic();
    const nameless = { conditionName: '', sourceName: '' };
    const [raised] = alarms.handle(alarmEvent({ ...nameless, message: 'pa comes' }));
    assert.equal(handle({ ...nameless, message: 'pa goes', active: false }), `-${raised?.code}`);
    assert.equal(handle({ ...nameless, message: 'pa again' }), `+${raised?.code}`);
  });

  it('ignore events without a condition, and do not warn of them', () => {
    const { handle, lines } = automatic();
    assert.equal(handle({ conditionId: undefined }), '');
    assert.deepEqual(lines, []);
  });

  it('ignore other notifiers', () => {
    assert.equal(automatic().handle({ notifier: 'ns=2;s=Line' }), '');
  });

  it('never have a code that is already used', () => {
    const taken = opened({
      eventAlarms: [alarmOf({ source: 'ns=2;s=Line', code: AUTO_CODE })],
      autoAlarms: DEFAULT_AUTO_ALARMS,
    });
    assert.equal(taken.handle(), `+${AUTO_CODE}_AUTO`);
    assert.equal(automatic({}, { isTaken: (code) => code === AUTO_CODE }).handle(), `+${AUTO_CODE}_AUTO`);
    assert.notEqual(automatic({}, { scope: 'oven' }).handle(), `+${AUTO_CODE}`);
  });
});

describe('alarms that are mapped and automatic', () => {
  it('follow the map, and are automatic for events that it does not map, at one notifier', () => {
    const { alarms, handle } = automatic(
      {},
      { eventAlarms: [alarmOf({ code: undefined, mappings: [{ conditionName: 'Level', code: 'LEVEL' }] })] },
    );
    assert.equal(handle({ conditionId: 'a', conditionName: 'Level' }), '+LEVEL');
    assert.equal(handle({ conditionId: 'b' }), `+${AUTO_CODE}`);
    assert.deepEqual(alarms.sources, [{ notifier: SERVER, associatedValues: [] }]);
  });

  it('are one fault, with the code of the map, if the source is a notifier itself, whichever reports first', () => {
    for (const order of [[SERVER, TANK_NODE], [TANK_NODE, SERVER], [SERVER]]) {
      const { handle } = automatic({}, { eventAlarms: [alarmOf({ source: TANK_NODE })] });
      const texts = order.map((notifier) => handle({ notifier }));
      assert.deepEqual(texts.join(''), '+PRESSURE');
      assert.deepEqual(order.map((notifier) => handle({ notifier, ...DONE })).join(''), '-PRESSURE');
    }
  });

  it('continue under the code of the map if a notifier in between reports later', () => {
    const { handle } = automatic({}, { eventAlarms: [alarmOf({ source: 'ns=2;s=Line' })] });
    assert.equal(handle(), `+${AUTO_CODE}`);
    assert.equal(handle({ notifier: 'ns=2;s=Line' }), `-${AUTO_CODE} +PRESSURE`);
    assert.equal(handle(), '');
    assert.equal(handle(DONE), '-PRESSURE');
    assert.equal(handle(), '');
    assert.equal(handle({ notifier: 'ns=2;s=Line' }), '+PRESSURE');
  });

  it('subscribe to each notifier once, with all the values that are needed from it', () => {
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
