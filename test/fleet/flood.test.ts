import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../harness/eventually.ts';
import { IS_FULL_LENGTH } from '../harness/storm.ts';
import { floodingRobot } from './live/flooding-robot.ts';
import { startLiveFleet } from './live/live-fleet.ts';
import { startLiveHub } from './live/live-hub.ts';

const OTHERS = IS_FULL_LENGTH ? 99 : 9;
/** Records of the robot that floods: the hub reads 2,000 a second, if it has the processor time. */
const FLOOD = IS_FULL_LENGTH ? 100_000 : 6000;
const EVENTS_PER_SEC = 10;
const [QUIET_SEC, POLL_MS, LIMIT_MS] = [IS_FULL_LENGTH ? 50 : 4, 250, IS_FULL_LENGTH ? 600_000 : 60_000];
const NAME = 'flood';

test(`nothing is lost or repeated while one robot beside ${OTHERS} others sends 50,000 records a second`, {
  timeout: IS_FULL_LENGTH ? 900_000 : 120_000,
}, async (context) => {
  const say = (text: string): void => context.diagnostic(text);
  await using hub = await startLiveHub();
  await using fleet = await startLiveFleet({ robots: OTHERS, invite: hub.invite });
  const invited = await hub.ask('POST', '/api/v1/x-medkit-fleet/invites', { robot: NAME, auto_approve: true });
  const robot = await floodingRobot(NAME, JSON.parse(invited.text).link, FLOOD);
  context.after(() => robot.close());
  const isStored = async (): Promise<boolean> => {
    await delay(POLL_MS);
    return hub.stored().get(NAME) === FLOOD;
  };
  const health = async () => JSON.parse((await hub.ask('GET', '/api/v1/health')).text)['x-medkit-fleet'];

  await fleet.connect();
  await eventually('the others', async () => (await hub.online()) === OTHERS, LIMIT_MS);
  await fleet.write(EVENTS_PER_SEC, 'alone');
  await delay(QUIET_SEC * 1000);

  await fleet.write(EVENTS_PER_SEC, 'beside the flood');
  const startMs = performance.now();
  await robot.connect();
  await eventually('all records of the robot', isStored, LIMIT_MS);
  const waited = (await health()).throttled === 1 ? 'and waited' : 'and did not wait';
  say(`the hub read ${FLOOD} records of it in ${((performance.now() - startMs) / 1000).toFixed(1)} s, ${waited}`);
  await fleet.write(0, '');
  const isAcknowledged = async (): Promise<boolean> => {
    await delay(POLL_MS);
    return [...(await fleet.reports()), robot.report()].every(({ acknowledged, newest }) => acknowledged === newest);
  };
  await eventually('the last acknowledgements', isAcknowledged, LIMIT_MS);

  const reports = [...(await fleet.reports()), robot.report()];
  await hub.stop();
  const [alone, beside] = ['alone', 'beside the flood'].map((phase) => hub.lags().get(phase) ?? []);
  assert.ok(alone && beside && alone.length > 0 && beside.length > 0);
  const lag = (lags: readonly number[]): string =>
    [0.5, 0.99, 1].map((share) => `${lags[Math.min(lags.length - 1, Math.floor(share * lags.length))]}`).join(', ');
  say(`lag of the others, p50, p99 and largest in ms: ${lag(alone)} alone; ${lag(beside)} beside the flood`);
  hub.verify(reports);
});
