import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { seededRandom } from '@medkit/edges';
import { eventually } from '../../harness/eventually.ts';
import type { Postgres } from '../../harness/postgres.ts';
import { IS_FULL_LENGTH, printSeed, STORM_SEED } from '../../harness/storm.ts';
import { type LiveFleet, startLiveFleet } from './live-fleet.ts';
import { type LiveHub, startLiveHub } from './live-hub.ts';
import { requestsOf } from './random-requests.ts';
import { costOf, memory, sayLags, seconds, storedBy, timeOf } from './scene-figures.ts';
import type { RobotReport } from './simulated-robot.ts';

/** Share of the robots whose connections are cut. */
const CUT_SHARE = 0.4;
/** Seconds of each part of the scene. */
const [STEADY_SEC, STORM_SEC, BURST_SEC, CUT_SEC] = IS_FULL_LENGTH ? [600, 60, 20, 20] : [4, 3, 2, 2];
/** Events of each robot per second: usually, and in a storm. */
const [USUAL, STORM] = [1, 10];
/** Interval between two requests of a person to a robot. */
const REQUEST_MS = 200;
/** Interval in which the state of all robots is read. */
const POLL_MS = 250;
/** Bounds that only prevent a hang: the figures are printed. */
const LIMIT_MS = IS_FULL_LENGTH ? 900_000 : 90_000;

/** Time limit of the test, milliseconds. */
export const LIVE_TIMEOUT_MS = IS_FULL_LENGTH ? 3_600_000 : 240_000;

export interface LiveSceneOptions {
  /** Number of robots. */
  readonly robots: number;
  /** The server of the hub's database; absent for SQLite. */
  readonly server?: Postgres;
}

/** Runs robots at one hub through a storm, a killed hub and cut connections, and compares its record with them. */
export async function runLiveScene(context: TestContext, { robots, server }: LiveSceneOptions): Promise<void> {
  printSeed(context);
  const random = seededRandom(STORM_SEED).float;
  const say = (text: string): void => context.diagnostic(text);
  await using hub = await startLiveHub(server);
  await using fleet = await startLiveFleet({ robots, invite: hub.invite });

  const connectMs = await timeOf(async () => {
    await fleet.connect();
    await hub.allOnline(robots, LIMIT_MS);
  });
  say(`all connected after ${seconds(connectMs)}, hub ${memory(hub)}`);

  await costOf(hub, say, `${USUAL} event per robot and second`, async () => {
    await fleet.write(USUAL, 'usual');
    const [asked, answered] = await requestsOf({
      hub,
      robots,
      random,
      everyMs: REQUEST_MS,
      durationMs: STEADY_SEC * 1000,
    });
    say(`${answered} of ${asked} requests to robots answered`);
  });

  await costOf(hub, say, `storm of ${STORM * robots} events per second`, async () => {
    await fleet.write(STORM, 'storm');
    await delay(STORM_SEC * 1000);
    await fleet.write(USUAL, 'after the storm');
    const storm = await unread(hub, fleet);
    say(`${storm.records} records are unread at the end of the storm`);
    const caughtUpMs = await timeOf(() => eventually('the records of the storm', storm.isRead, LIMIT_MS));
    say(`caught up ${seconds(caughtUpMs)} after the storm`);
  });

  await fleet.write(STORM, 'hub killed');
  await delay(random() * BURST_SEC * 1000);
  const backMs = await timeOf(async () => {
    await hub.killAndStart();
    await fleet.write(USUAL, 'hub killed');
    await hub.allOnline(robots, LIMIT_MS);
  });
  say(`hub killed: all connected again after ${seconds(backMs)}`);

  const cut = await fleet.cut(Math.round(robots * CUT_SHARE));
  await fleet.write(USUAL, 'robots cut');
  await eventually('the end of the sessions', async () => (await hub.online()) <= robots - cut, LIMIT_MS);
  await delay(CUT_SEC * 1000);
  await fleet.mend();
  const mendedMs = await timeOf(() => hub.allOnline(robots, LIMIT_MS));
  say(`${cut} robots cut: all connected again after ${seconds(mendedMs)}`);

  await fleet.write(0, '');
  const areAcknowledged = async (): Promise<boolean> => {
    await delay(POLL_MS);
    return (await fleet.reports()).every(isAcknowledged);
  };
  await eventually('the last acknowledgements', areAcknowledged, LIMIT_MS);
  const reports = await fleet.reports();
  say(`largest memory of the hub ${memory(hub)}, ${storedBy(hub)} records`);
  await hub.stop();
  sayLags(hub, say);
  hub.verify(reports);
}

const isAcknowledged = ({ acknowledged, newest }: RobotReport): boolean => acknowledged === newest;

/** Returns how many records the hub has not stored yet, and whether it has them by now. */
async function unread(hub: LiveHub, fleet: LiveFleet) {
  const reports = await fleet.reports();
  const missing = (): number => {
    const stored = hub.stored();
    return reports.reduce((sum, { name, newest }) => sum + Math.max(0, newest - stored.get(name)!), 0);
  };
  const isRead = async (): Promise<boolean> => {
    await delay(POLL_MS);
    return missing() === 0;
  };
  return { records: missing(), isRead };
}
