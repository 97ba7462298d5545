import { test } from 'node:test';
import { MEASURED_SETTINGS, startPostgres } from '../harness/postgres.ts';
import { IS_FULL_LENGTH } from '../harness/storm.ts';
import { missingSystemPackages } from '../harness/system-packages.ts';
import { LIVE_TIMEOUT_MS, runLiveScene } from './live/live-scene.ts';

/** Fewer than on SQLite in a short run: most of the test is the same for both. */
const ROBOTS = IS_FULL_LENGTH ? 500 : 20;

test(`${ROBOTS} robots at one hub on PostgreSQL lose nothing and repeat nothing through a storm, a killed hub and cut connections`, {
  skip: missingSystemPackages('postgres'),
  timeout: LIVE_TIMEOUT_MS,
}, async (context) => {
  await using server = await startPostgres(IS_FULL_LENGTH ? MEASURED_SETTINGS : {});
  await runLiveScene(context, { robots: ROBOTS, server });
});
