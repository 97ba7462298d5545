import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { SimulatedClock } from '@medkit/edges/testing';
import { isSameOutcome } from './outcome-difference.ts';
import { readRecord } from './read-record.ts';
import { compareRules } from './replay-folder.ts';
import { newFolder } from './testing/new-folder.ts';
import { openManager, RULE, recordScriptedDay, rulesOf } from './testing/record-reports.ts';

const recordOf = (dataFolder: string) => readRecord({ dataFolder, faultDatabase: join(dataFolder, 'faults.db') });

/** Hash of every file of a folder, by name. */
function hashes(folder: string): Readonly<Record<string, string>> {
  const names = readdirSync(folder).sort();
  return Object.fromEntries(
    names.map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(join(folder, name)))
        .digest('hex'),
    ]),
  );
}

const HOSTILE = ['__proto__', 'constructor', 'Ä\u0000B', 'x'.repeat(128), "'; DROP TABLE faults; --", '名前', '-1'];

describe('replay of a recorded day', () => {
  for (const changes of [
    {},
    { confirmation_threshold: -2, healing_enabled: true, healing_threshold: 1 },
    { confirmation_threshold: -3, healing_enabled: true, healing_threshold: 2, critical_immediate_confirm: false },
  ]) {
    it(`finds no difference with unchanged rules, and changes no file (${JSON.stringify(changes)})`, async () => {
      const folder = newFolder();
      const clock = new SimulatedClock();
      const rules = rulesOf(changes, [RULE]);
      const random = seededRandom(7);
      const codes = ['POWER', 'SENSOR_A', 'SENSOR_B', 'MOTOR', ...HOSTILE];
      const below = (bound: number): number => Math.floor(random.float() * bound);
      const pick = <T>(all: readonly T[]): T => all[below(all.length)]!;
      for (let run = 0; run < 3; run += 1) {
        const manager = await openManager(folder, rules, clock);
        for (let report = 0; report < 300; report += 1) {
          clock.advance(below(90_000));
          const [code, source] = [pick(codes), pick(['/a', '/b', '/hostile "name"\u001b[2J'])];
          const what = below(10);
          if (what < 6) await manager.fail(code, below(4), source);
          else if (what < 9) await manager.pass(code, source);
          else await manager.clear(code);
        }
        await manager.close();
      }
      const before = hashes(folder);
      const record = await recordOf(folder);
      const result = compareRules(record, rules, rules, 0);
      assert.ok(record.events.length > 400);
      assert.deepEqual(result.deviations, []);
      assert.ok(isSameOutcome(result.difference));
      assert.deepEqual(hashes(folder), before);
    });
  }

  it('confirms by age like the timer of the manager', async () => {
    const folder = newFolder();
    const clock = new SimulatedClock();
    const rules = rulesOf({ confirmation_threshold: -5, auto_confirm_after_sec: 10 });
    const manager = await openManager(folder, rules, clock);
    await manager.fail('A');
    await clock.advanceAsync(20_000, 500);
    await manager.fail('B');
    await manager.close();
    const record = await recordOf(folder);
    const { before, deviations } = compareRules(record, rules, rules, 0);
    assert.deepEqual(deviations, []);
    assert.deepEqual(
      before.faults.occurrences.map(({ code, confirmedAtNs }) => [code, confirmedAtNs > 0n]),
      [
        ['A', true],
        ['B', false],
      ],
    );
  });

  it('says which faults were recorded with other rules', async () => {
    const folder = newFolder();
    const clock = new SimulatedClock();
    const manager = await openManager(folder, rulesOf(), clock);
    await manager.fail('A');
    await manager.close();
    const other = rulesOf({ confirmation_threshold: -3 });
    const { deviations } = compareRules(await recordOf(folder), other, other, 0);
    assert.deepEqual(
      deviations.map(({ code, number }) => [code, number]),
      [['A', 1]],
    );
  });
});

describe('replay with changed rules', () => {
  async function scriptedDay() {
    const folder = newFolder();
    const { rules, t0 } = await recordScriptedDay(folder);
    return { record: await recordOf(folder), rules, t0 };
  }

  it('a higher confirmation threshold drops single reports and confirms later', async () => {
    const { record, rules, t0 } = await scriptedDay();
    const changed = rulesOf({ ...rules.faults.configuration, confirmation_threshold: -3 });
    const { difference, deviations } = compareRules(record, rules, changed, 0);
    assert.deepEqual(deviations, []);
    const atMs = t0 + 60_000;
    assert.deepEqual(difference.faults, [
      { is: 'fewer', code: 'ONCE', beforeMs: t0, afterMs: null },
      { is: 'later', code: 'THRICE', beforeMs: atMs, afterMs: atMs + 2000 },
      // The counter starts at -3 instead of -1: two more PASSED reports until 1.
      { is: 'ends_later', code: 'THRICE', beforeMs: t0 + 184_500, afterMs: t0 + 186_500 },
      { is: 'fewer', code: 'POWER', beforeMs: t0 + 123_000, afterMs: null },
      { is: 'fewer', code: 'SENSOR_A', beforeMs: t0 + 123_500, afterMs: null },
    ]);
    assert.deepEqual(
      difference.incidents.map(({ is, before }) => [is, before[0]?.codes]),
      [
        ['fewer', ['ONCE']],
        ['fewer', ['POWER']],
        ['fewer', ['SENSOR_A']],
      ],
    );
  });

  it('healing that is off lets a fault stay active', async () => {
    const { record, rules, t0 } = await scriptedDay();
    const changed = rulesOf({ ...rules.faults.configuration, healing_enabled: false });
    const { difference } = compareRules(record, rules, changed, 0);
    assert.deepEqual(difference, {
      faults: [{ is: 'ends_later', code: 'THRICE', beforeMs: t0 + 184_500, afterMs: null }],
      incidents: [],
      notifications: [],
    });
  });

  it('a correlation rule hides the symptom and joins it to the incident of its cause', async () => {
    const { record, rules, t0 } = await scriptedDay();
    const changed = rulesOf(rules.faults.configuration, [RULE]);
    const { difference } = compareRules(record, rules, changed, 0);
    const atMs = t0 + 123_500;
    assert.deepEqual(difference, {
      faults: [{ is: 'muted', code: 'SENSOR_A', beforeMs: atMs, afterMs: atMs }],
      incidents: [
        {
          is: 'regrouped',
          before: [
            { beganMs: t0 + 123_000, codes: ['POWER'] },
            { beganMs: atMs, codes: ['SENSOR_A'] },
          ],
          after: [{ beganMs: t0 + 123_000, codes: ['POWER', 'SENSOR_A'] }],
        },
      ],
      notifications: [],
    });
  });

  it('ignores what was over earlier than the requested time', async () => {
    const { record, rules, t0 } = await scriptedDay();
    const changed = rulesOf({ ...rules.faults.configuration, healing_enabled: false });
    const { difference } = compareRules(record, changed, rules, t0 + 200_000);
    assert.deepEqual(
      difference.faults.map(({ is }) => is),
      ['ends_earlier'],
    );
    const same = compareRules(record, rules, rules, t0 + 200_000);
    assert.ok(isSameOutcome(same.difference));
  });
});
