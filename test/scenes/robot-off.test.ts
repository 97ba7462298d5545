import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../harness/eventually.ts';
import { DemoScene } from './demo-scene.ts';

// biome-ignore lint/suspicious/noExplicitAny: assertions check the received data.
type Json = any;

const START_MS = 60_000;
/**
 * Latest time after its confirmation at which a fault is copied; the copy then contains everything that ended before.
 */
const LAST_COPY_MS = 31_000;
const COPY_MS = 90_000;

test('frames, log lines and recordings of a robot switched off after its fault are read at the aggregating gateway', async () => {
  await using robot = await DemoScene.open();
  const { sandbox } = robot;
  const peers = [`aggregation.peer_urls=${robot.url}`, 'aggregation.peer_names=robot', 'aggregation.enabled=true'];
  const settings = ['ros.enabled=false', ...peers].flatMap((setting) => ['--set', setting]);
  const head = sandbox.start(['up', '--port', '0', '--data-dir', join(sandbox.folder, 'head'), ...settings]);
  const url = await head.printed(/^ +Page +(\S+)\/$/m, START_MS);
  const read = async (base: string, path: string): Promise<Json> => (await fetch(`${base}/api/v1${path}`)).json();
  const detailsAt = async (base: string): Promise<readonly Json[]> => {
    const { items } = await read(base, '/faults');
    const pathOf = ({ fault_code, entity_type, entity_id }: Json) =>
      `/${entity_type}s/${entity_id}/faults/${fault_code}`;
    return Promise.all(items.map((fault: Json) => read(base, pathOf(fault))));
  };
  const stopAmong = (details: readonly Json[]) =>
    details.find(({ item }) => item?.code === 'LIDAR_DRIVER_PROTECTIVE_FIELD');
  const framesOf = ({ environment_data: { snapshots = [] } }: Json): readonly Json[] =>
    snapshots.filter(({ type }: Json) => type === 'freeze_frame');
  const bagsOf = ({ environment_data: { snapshots = [] } }: Json): readonly string[] =>
    snapshots.flatMap(({ type, bulk_data_uri }: Json) => (type === 'rosbag' ? [bulk_data_uri] : []));
  const octetsAt = async (base: string, path: string): Promise<Buffer> => {
    const reply = await fetch(`${base}/api/v1${path}`);
    assert.equal(reply.status, 200, path);
    return Buffer.from(await reply.arrayBuffer());
  };
  const linesOf = ({ environment_data: { logs } }: Json): readonly string[] =>
    logs.flatMap(({ items }: Json) => items.map(({ timestamp, message }: Json) => `${timestamp} ${message}`));

  await robot.untilDriving();
  await robot.command('inject', 'obstacle');
  const original = await eventually(
    'the evidence at the robot',
    async () => {
      const details = await detailsAt(robot.url);
      const stop = stopAmong(details);
      const isThere =
        stop && [framesOf(stop), stop.environment_data.logs ?? [], bagsOf(stop)].every(({ length }) => length > 0);
      return isThere && details;
    },
    START_MS,
  );
  const octets = original.reduce((sum: number, detail: Json) => sum + JSON.stringify(detail).length, 0);
  const recording = stopAmong(original) && bagsOf(stopAmong(original))[0];
  const recorded = await octetsAt(robot.url, recording);
  const confirmedMs = Date.parse(stopAmong(original).environment_data.extended_data_records.last_occurrence);
  await delay(Math.max(0, confirmedMs + LAST_COPY_MS - Date.now()));
  const areCopied = async () => {
    const health = await read(url, '/health');
    const { recordings, waiting } = health['x-medkit-recording-copies'];
    return health['x-medkit-fault-copies'].bytes >= octets && recordings > 0 && waiting === 0;
  };
  await eventually('the copies of all that', areCopied, COPY_MS);

  robot.medkit.killGroup();
  await robot.medkit.gone();
  const isOff = async () =>
    (await read(url, '/faults')).items.some((fault: Json) => fault['x-medkit'].as_of !== undefined);
  await eventually('the copies in the list', isOff, START_MS);
  const [before, stop] = [stopAmong(original), stopAmong(await detailsAt(url))];
  assert.ok(stop['x-medkit'].as_of !== undefined);
  const names = framesOf(stop).map(({ name }) => name);
  assert.deepEqual(
    framesOf(before).filter(({ name }) => !names.includes(name)),
    [],
  );
  assert.ok(bagsOf(stop).includes(recording));
  assert.ok((await octetsAt(url, recording)).equals(recorded), 'the recording is another one');
  const said = linesOf(stop);
  assert.deepEqual(
    linesOf(before).filter((line) => !said.includes(line)),
    [],
  );
});
