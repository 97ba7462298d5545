import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { seededRandom } from '@medkit/edges';
import { eventually } from '../../harness/eventually.ts';
import type { Postgres } from '../../harness/postgres.ts';
import { IS_FULL_LENGTH, printSeed, STORM_SEED } from '../../harness/storm.ts';
import { type LiveFleet, startLiveFleet } from './live-fleet.ts';
import { type LiveHub, startLiveHub } from './live-hub.ts';
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
  await using fleet = await startLiveFleet(robots, await hub.invite(robots));

  const connectMs = await timeOf(async () => {
    await fleet.connect();
    await allOnline(hub, robots);
  });
  say(`all connected after ${seconds(connectMs)}, hub ${memory(hub)}`);

  await costOf(hub, say, `${USUAL} event per robot and second`, async () => {
    await fleet.write(USUAL, 'usual');
    say(await requestsOf(hub, robots, random));
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
    await allOnline(hub, robots);
  });
  say(`hub killed: all connected again after ${seconds(backMs)}`);

  const cut = await fleet.cut(Math.round(robots * CUT_SHARE));
  await fleet.write(USUAL, 'robots cut');
  await eventually('the end of the sessions', async () => (await hub.online()) <= robots - cut, LIMIT_MS);
  await delay(CUT_SEC * 1000);
  await fleet.mend();
  const mendedMs = await timeOf(() => allOnline(hub, robots));
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
  for (const [phase, lags] of hub.lags()) {
    say(
      `lag, ${phase}: p50 ${quantile(lags, 0.5)}, p99 ${quantile(lags, 0.99)}, largest ${quantile(lags, 1)}, ${lags.length} events`,
    );
  }
  hub.verify(reports);
}

const isAcknowledged = ({ acknowledged, newest }: RobotReport): boolean => acknowledged === newest;
const storedBy = (hub: LiveHub): number => [...hub.stored().values()].reduce((sum, records) => sum + records, 0);
const allOnline = (hub: LiveHub, robots: number): Promise<unknown> =>
  eventually('all robots', async () => (await hub.online()) === robots, LIMIT_MS);

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

/** Reads random robots through the hub for `STEADY_SEC`. A robot without processor time may answer too late. */
async function requestsOf(hub: LiveHub, robots: number, random: () => number): Promise<string> {
  const endMs = performance.now() + STEADY_SEC * 1000;
  let [asked, answered] = [0, 0];
  for (; performance.now() < endMs; asked += 1) {
    const path = `/fleet/r${Math.floor(random() * robots)}/api/v1/apps/app_${Math.floor(random() * 50)}`;
    const { status, text } = await hub.ask('GET', path);
    assert.ok([200, 504].includes(status), text);
    if (status === 200) answered += 1;
    await delay(REQUEST_MS);
  }
  assert.ok(answered > 0);
  return `${answered} of ${asked} requests to robots answered`;
}

/** Runs a part of the scene, and prints what a record cost the hub. */
async function costOf(
  hub: LiveHub,
  say: (text: string) => void,
  name: string,
  part: () => Promise<void>,
): Promise<void> {
  const [before, records] = [hub.use(), storedBy(hub)];
  const elapsedMs = await timeOf(part);
  const [after, stored] = [hub.use(), storedBy(hub) - records];
  const usedMs = after.cpuMs - before.cpuMs;
  const percent = (ms: number): string => `${((100 * ms) / elapsedMs).toFixed(0)} %`;
  say(`${name}: ${stored} records, CPU of the hub ${((1000 * usedMs) / stored).toFixed(0)} µs a record`);
  // Lags on a busy machine are those of its scheduler.
  const waited = percent(after.waitedMs - before.waitedMs);
  const databaseMs = after.databaseCpuMs - before.databaseCpuMs;
  if (databaseMs > 0) say(`CPU of the database ${((1000 * databaseMs) / stored).toFixed(0)} µs a record`);
  say(`the hub used ${percent(usedMs)} of a core and waited for one ${waited} of the time, ${memory(hub)}`);
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await work();
  return performance.now() - startMs;
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
const memory = (hub: LiveHub): string => `${hub.use().residentMb.toFixed(0)} MB`;
const quantile = (sorted: readonly number[], share: number): string =>
  `${(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0).toFixed(0)} ms`;
