import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '../harness/eventually.ts';
import { DemoScene } from './demo-scene.ts';

const CODE = 'LIDAR_DRIVER_PROTECTIVE_FIELD';
/** The test loads the machine heavily: stopping and continuing take some seconds. */
const PATIENCE_MS = 60_000;

// biome-ignore lint/suspicious/noExplicitAny: assertions check the received data.
type Json = any;

const framesIn = (fault: Json) => fault.environment_data.snapshots.filter(({ type }: Json) => type === 'freeze_frame');
const occurrenceOf = ({ 'x-medkit': { occurrence } }: Json): number => occurrence;
/** Returns when the data of each topic arrived for one occurrence. */
const arrivals = (fault: Json, occurrence: number): ReadonlyMap<string, number> =>
  new Map(
    framesIn(fault)
      .filter((frame: Json) => occurrenceOf(frame) === occurrence)
      .map(({ 'x-medkit': { topic, captured_at } }: Json) => [topic, Date.parse(captured_at)]),
  );

test('three stops in a row: the third fault shows evidence of the third', { timeout: 5 * PATIENCE_MS }, async () => {
  await using scene = await DemoScene.open();
  await scene.waitForApps(['lidar_driver', 'controller_server', 'collision_monitor']);
  const fault = async () => (await scene.get(`/apps/lidar_driver/faults/${CODE}`)).body;
  let began = 0;
  let ofSecond: ReadonlyMap<string, number> = new Map();
  for (const stop of [1, 2, 3]) {
    await scene.untilDriving();
    began = Date.now();
    await scene.command('inject', 'obstacle');
    const captured = async () => {
      const about = await fault();
      return (
        about['x-medkit']?.occurrence_count === stop && occurrenceOf(framesIn(about)[0] ?? { 'x-medkit': {} }) === stop
      );
    };
    await eventually(`stop ${stop} has its evidence`, captured, PATIENCE_MS);
    if (stop === 3) break;
    if (stop === 2) ofSecond = arrivals(await fault(), 2);
    await scene.command('clear', 'obstacle');
    await eventually(
      `stop ${stop} is over`,
      async () => (await fault())['x-medkit'].status_raw === 'HEALED',
      PATIENCE_MS,
    );
  }

  const third = await fault();
  const frames = framesIn(third);
  const ofThird = frames.filter((frame: Json) => occurrenceOf(frame) === 3);
  assert.deepEqual(frames.slice(0, ofThird.length), ofThird, 'the newest come first');
  assert.ok(ofThird.length >= 5, `all topics of the snapshots file: ${ofThird.length}`);
  const confirmed = third.environment_data.extended_data_records.last_occurrence;
  assert.ok(Date.parse(confirmed) > began, `confirmed at ${confirmed}, began at ${new Date(began).toISOString()}`);
  // The last message of a topic at the time of the stop may be older than the stop: /voltage is published once a
  // second. It must never belong to an earlier stop.
  assert.ok(ofSecond.size >= 5, `all topics of the second: ${[...ofSecond.keys()]}`);
  for (const [topic, arrived] of arrivals(third, 3)) {
    const earlier = ofSecond.get(topic) ?? 0;
    assert.ok(arrived > earlier, `${topic} is of ${arrived}, for the second stop of ${earlier}`);
  }
  for (const { 'x-medkit': about } of ofThird) assert.equal('earlier_occurrence' in about, false);
  // There is room for ten frames: the first capture stays next to the newest, and the one in between is removed.
  const others = frames.slice(ofThird.length).map(({ 'x-medkit': about }: Json) => about);
  assert.ok(others.length > 0);
  for (const about of others) assert.deepEqual([about.occurrence, about.earlier_occurrence], [1, true]);

  const { output } = await scene.sandbox.run(['faults', 'show', CODE], { MEDKIT_URL: scene.url });
  const heads = output.split('\n').filter((line) => /^ {2}min_range_m /.test(line));
  assert.match(heads[0], /min_range_m +\/collision_monitor\/min_range_m +\d\d:\d\d:\d\d\.\d{3}$/);
  assert.match(heads[1], /\d\d:\d\d:\d\d\.\d{3} +of occurrence 1$/);
  assert.match(output, /^ {2}times +3$/m);
});
