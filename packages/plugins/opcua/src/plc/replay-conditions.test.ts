import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openStation } from '../testing/open-station.ts';

const REFRESH = 'i=3875';
const TANK = 'ns=2;s=Tank';

type Station = Awaited<ReturnType<typeof openStation>>;

/** Disconnects a station, runs `meanwhile` and reconnects it. */
async function comeBack({ run, plc }: Station, meanwhile: () => void = () => undefined): Promise<readonly string[]> {
  const [refreshes, reads, reports] = [plc.refreshes, plc.conditionReads, run.reports.length];
  plc.lose();
  meanwhile();
  plc.comeBack();
  await run.advance(1500);
  const reported = run.reports.slice(reports).map(({ code, event }) => `${code} ${event}`);
  return [`${plc.refreshes - refreshes} refreshed, ${plc.conditionReads - reads} read`, ...reported];
}

describe('alarms that are active when a session begins', () => {
  for (const [strategy, whereRefreshed, whereRefused] of [
    ['auto', '1 refreshed, 0 read', '0 refreshed, 1 read'],
    ['method', '1 refreshed, 0 read', '0 refreshed, 0 read'],
    ['read', '0 refreshed, 1 read', '0 refreshed, 1 read'],
    ['off', '0 refreshed, 0 read', '0 refreshed, 0 read'],
  ] as const) {
    it(`are learnt by the strategy ${strategy}: ${whereRefreshed}, and without ConditionRefresh ${whereRefused}`, async () => {
      const station = await openStation({ condition_replay_strategy: strategy });
      assert.deepEqual(await comeBack(station), [whereRefreshed]);
      assert.deepEqual(await comeBack(station, () => station.plc.refuse(REFRESH)), [whereRefused]);
      const isLogged = station.run.logged.some((line) => line.includes('ConditionRefresh failed'));
      assert.equal(isLogged, strategy === 'auto' || strategy === 'method');
      await station.run.stop();
    });
  }

  it('are reported again by the server, and those that are not end', async () => {
    const station = await openStation();
    const { plc } = station;
    const alarm = plc.event({ notifier: TANK });
    const began = await comeBack(station, () => {
      plc.retained = [alarm];
    });
    assert.deepEqual(began.slice(1), ['OVERPRESSURE FAILED']);
    assert.deepEqual((await comeBack(station)).slice(1), []);
    const ended = await comeBack(station, () => {
      plc.retained = [];
    });
    assert.deepEqual(ended.slice(1), ['OVERPRESSURE PASSED']);
    await station.run.stop();
  });

  it('are read with the strategy read, except disabled and unretained ones, and end if they are missing', async () => {
    const station = await openStation({ condition_replay_strategy: 'read' });
    const { plc } = station;
    const { eventId: _, ...alarm } = plc.event({ notifier: TANK });
    const replayed = (...conditions: readonly Partial<typeof alarm>[]) =>
      comeBack(station, () => {
        plc.conditions.set(
          TANK,
          conditions.map((condition) => ({ ...alarm, ...condition })),
        );
      });
    assert.deepEqual((await replayed({ enabled: false })).slice(1), []);
    assert.deepEqual((await replayed({ active: false, retain: false })).slice(1), []);
    assert.deepEqual((await replayed({})).slice(1), ['OVERPRESSURE FAILED']);
    assert.deepEqual((await replayed({ enabled: false })).slice(1), ['OVERPRESSURE PASSED']);
    await station.run.stop();
  });

  it('keep their state if nothing is replayed, or no condition was ever shown', async () => {
    for (const strategy of ['off', 'read']) {
      const station = await openStation({ condition_replay_strategy: strategy });
      station.plc.emit({ notifier: TANK });
      await station.run.advance(500);
      assert.equal(station.run.reports.length, 1);
      assert.deepEqual((await comeBack(station)).slice(1), [], strategy);
      await station.run.stop();
    }
  });
});
