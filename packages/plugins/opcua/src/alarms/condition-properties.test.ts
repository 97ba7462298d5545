import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PlcEvent } from '@medkit/opcua';
import { DEFAULT_AUTO_ALARMS } from '../node-map/auto-alarms.ts';
import { alarmEvent } from '../testing/alarm-event.ts';
import type { AlarmSignal } from './alarm-signal.ts';
import { conditionAlarms } from './condition-faults.ts';

/** Returns reproducible pseudo-random numbers (mulberry32). */
function numbersFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const LINE = 'ns=2;s=Line';
const NOTIFIERS = ['i=2253', LINE];

function eventFrom(random: (below: number) => number): PlcEvent {
  const flag = () => random(2) === 0;
  const number = random(5);
  return alarmEvent({
    notifier: NOTIFIERS[random(2)] ?? '',
    conditionId: random(20) === 0 ? undefined : `ns=2;i=${number}`,
    conditionName: `C${number % 3}`,
    sourceNode: number % 2 === 0 ? LINE : 'ns=2;s=Tank',
    message: `m${random(3)}`,
    severity: 1 + random(1000),
    branchId: random(10) === 0 ? 'ns=2;i=9' : undefined,
    enabled: random(8) > 0,
    shelved: random(8) === 0,
    active: random(6) === 0 ? undefined : flag(),
    acknowledged: flag(),
    confirmed: flag(),
    retain: flag(),
  });
}

describe('faults of random events of conditions', () => {
  it('end once every condition is reported as over, and open ones were raised or await acknowledgement', () => {
    for (let seed = 0; seed < 300; seed++) {
      const random = numbersFrom(seed);
      const alarms = conditionAlarms({
        eventAlarms: [
          {
            source: LINE,
            entityId: 'line',
            code: 'REST',
            mappings: [{ conditionName: 'C1', messagePart: 'm1', code: 'ONE' }],
            associatedValues: [],
          },
        ],
        autoAlarms: { ...DEFAULT_AUTO_ALARMS, autoClear: random(2) === 0, exclude: ['m2'] },
        requireConfirm: random(2) === 0,
        componentId: 'plc',
        entityOfNode: () => undefined,
        log: () => undefined,
      });
      const standing = new Set<string>();
      const take = (signals: readonly AlarmSignal[]): void => {
        for (const { code, kind } of signals) if (kind === 'raise') standing.add(code);
        for (const { code, kind } of signals) if (kind === 'clear') standing.delete(code);
      };
      for (let step = 0; step < 60; step++) {
        const event = eventFrom(random);
        const act = random(12);
        if (act === 0) alarms.beginRefresh();
        else if (act === 1) take(alarms.endRefresh());
        else if (act === 2) take(alarms.reconcile(event.notifier, [event]));
        else take(alarms.handle(event));
        const open = new Set(alarms.active.map(({ code }) => code));
        for (const code of standing)
          assert.ok(open.has(code), `seed ${seed}: ${code} stands, and no condition is open`);
        for (const { code, isActive } of alarms.active) {
          if (isActive) assert.ok(standing.has(code), `seed ${seed}: ${code} is active and was not told of`);
        }
      }
      alarms.beginRefresh();
      take(alarms.endRefresh());
      assert.deepEqual([[...standing], alarms.active], [[], []], `seed ${seed}`);
    }
  });
});
