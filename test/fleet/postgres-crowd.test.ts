import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { eventually } from '../harness/eventually.ts';
import { MEASURED_SETTINGS, startPostgres } from '../harness/postgres.ts';
import { IS_FULL_LENGTH, printSeed, STORM_SEED, scaledStorm } from '../harness/storm.ts';
import { missingSystemPackages } from '../harness/system-packages.ts';
import { startLiveFleet } from './live/live-fleet.ts';
import { startLiveHub } from './live/live-hub.ts';
import { requestsOf } from './live/random-requests.ts';
import { costOf, memory, sayLags, seconds, timeOf } from './live/scene-figures.ts';

const ROBOTS = scaledStorm(10_000, 200);
/** Robots of one process, at most the uses of one invitation. */
const TOGETHER = 500;
/** How long all robots stay connected. */
const DURATION_MS = IS_FULL_LENGTH ? 600_000 : 5000;
/** Events of a robot per second: with 10,000 robots, the storm for which a hub is sized (a hundred usual days in one). */
const EVENTS = 1 / 25;
const REQUEST_MS = 50;
/** Bound that only prevents a hang: the figures are printed. */
const LIMIT_MS = IS_FULL_LENGTH ? 600_000 : 90_000;

test(`${ROBOTS} robots stay connected to one hub, answer requests, and lose nothing`, {
  skip: missingSystemPackages('postgres'),
  timeout: 3 * LIMIT_MS + DURATION_MS,
}, async (context) => {
  printSeed(context);
  const random = seededRandom(STORM_SEED).float;
  const say = (text: string): void => context.diagnostic(text);
  await using server = await startPostgres(IS_FULL_LENGTH ? MEASURED_SETTINGS : {});
  await using hub = await startLiveHub(server);
  await using fleet = await startLiveFleet({ robots: ROBOTS, together: TOGETHER, invite: hub.invite });

  const before = hub.use();
  const connectMs = await timeOf(async () => {
    await fleet.connect();
    await hub.allOnline(ROBOTS, LIMIT_MS);
  });
  const after = hub.use();
  say(
    `all connected after ${seconds(connectMs)}: CPU of the hub ${((after.cpuMs - before.cpuMs) / ROBOTS).toFixed(2)} ms`,
  );
  say(
    `memory of the hub ${memory(hub)}: ${((1024 * (after.residentMb - before.residentMb)) / ROBOTS).toFixed(0)} kB a robot`,
  );

  const sessions = hub.sessions();
  await costOf(hub, say, `${EVENTS} events per robot and second`, async () => {
    await fleet.write(EVENTS, 'usual');
    const [asked, answered] = await requestsOf({
      hub,
      robots: ROBOTS,
      random,
      everyMs: REQUEST_MS,
      durationMs: DURATION_MS,
    });
    say(`${answered} of ${asked} requests to robots answered`);
  });
  assert.equal(await hub.online(), ROBOTS);
  assert.equal(hub.sessions(), sessions, 'no robot has connected again');

  await fleet.write(0, '');
  await eventually(
    'the last acknowledgements',
    async () => (await fleet.reports()).every(({ acknowledged, newest }) => acknowledged === newest),
    LIMIT_MS,
  );
  const reports = await fleet.reports();
  await hub.stop();
  sayLags(hub, say);
  hub.verify(reports);
});
