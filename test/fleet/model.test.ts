import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { startProgram } from '../harness/program.ts';
import { printSeed, STORM_SEED, scaledStorm } from '../harness/storm.ts';
import { FleetModel } from './model/fleet-model.ts';
import { WRONG_BUILDS } from './model/wrong-records.ts';

const MODEL = join(import.meta.dirname, 'model');
/** Operations of one fleet: its database stays small enough to be compared as a whole. */
const OPERATIONS = 1000;
const FLEETS = scaledStorm(10, 1);
/** Seeds within which each wrong build is detected, all by the first ones. */
const SEEDS = 10;
const VIOLATED = 3;

describe('the record of a fleet hub and the logs of its robots', () => {
  it(`agree after ${FLEETS * OPERATIONS} disturbances`, { timeout: 600_000 }, async (context) => {
    printSeed(context);
    const sums: Record<string, number> = {};
    for (let fleet = 0; fleet < FLEETS; fleet += 1) {
      const model = await FleetModel.start(STORM_SEED + fleet);
      await model.run(OPERATIONS);
      for (const [name, count] of Object.entries(await model.figures())) sums[name] = (sums[name] ?? 0) + count;
    }
    context.diagnostic(JSON.stringify(sums));
    assert.ok((sums['records'] ?? 0) > 50 && (sums['kills'] ?? 0) > 0, 'the robots record, and the hub is killed');
  });

  for (const build of WRONG_BUILDS) {
    it(`do not agree if the record is wrong: ${build}`, { timeout: 120_000 }, async () => {
      const program = startProgram(['1', `${SEEDS}`, `${OPERATIONS}`], {
        command: [process.execPath, '--import', join(MODEL, 'wrong-records.ts'), join(MODEL, 'run-model.ts')],
        env: { MEDKIT_TEST_WRONG_RECORD: build },
      });
      assert.equal(await program.ended, VIOLATED, program.output());
    });
  }
});
