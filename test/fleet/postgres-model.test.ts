import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type Postgres, startPostgres } from '../harness/postgres.ts';
import { printSeed, STORM_SEED, scaledStorm } from '../harness/storm.ts';
import { missingSystemPackages } from '../harness/system-packages.ts';
import { FleetModel } from './model/fleet-model.ts';
import { postgresDatabases } from './model/postgres-databases.ts';

/** Operations of one fleet: its database stays small enough to be compared as a whole. */
const OPERATIONS = 1000;
const FLEETS = scaledStorm(10, 1);

describe('the record of a fleet hub in PostgreSQL and the logs of its robots', {
  skip: missingSystemPackages('postgres'),
}, () => {
  let server: Postgres;
  before(async () => {
    server = await startPostgres();
  });
  after(() => server?.[Symbol.asyncDispose]());

  it(`agree after ${FLEETS * OPERATIONS} disturbances`, { timeout: 1_800_000 }, async (context) => {
    printSeed(context);
    const sums: Record<string, number> = {};
    const databases = postgresDatabases(server);
    for (let fleet = 0; fleet < FLEETS; fleet += 1) {
      const model = await FleetModel.start(STORM_SEED + fleet, databases);
      try {
        await model.run(OPERATIONS);
        for (const [name, count] of Object.entries(await model.figures())) sums[name] = (sums[name] ?? 0) + count;
      } finally {
        await model.close();
      }
    }
    context.diagnostic(JSON.stringify(sums));
    assert.ok((sums['records'] ?? 0) > 20 && (sums['kills'] ?? 0) > 0, 'the robots record, and the hub is killed');
  });
});
