import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { createClient } from '@medkit/client';
import { systemClock, systemFiles } from '@medkit/edges/node';
import { loadAgentConfig, openPictureSource, type RobotPicture } from '@medkit/fleet-agent';
import { eventually } from '../harness/eventually.ts';
import { DemoScene } from '../scenes/demo-scene.ts';

const FILE = join(import.meta.dirname, '../../examples/vda5050/vda5050.yaml');
/** The demo starts, stops and continues, on a busy machine. */
const SCENE_MS = 120_000;
const DRIVE_MS = 60_000;

/** Brief faults on a busy machine: a scan or a message of the gate was late. */
const LATE = ['SCAN_STALE', 'INGEST_SILENT', 'STALE_VALUE'];

const typesOf = ({ errors }: RobotPicture) => errors.map(({ type }) => type).filter((type) => !LATE.includes(type));

test('a person in the way is one error of the robot and a violated field; consequences are never reported, and all ends with it', {
  timeout: SCENE_MS,
}, async () => {
  await using scene = await DemoScene.open([], { whole: true });
  const config = await loadAgentConfig(systemFiles, FILE);
  const client = createClient({ url: scene.url, timeoutMs: 10_000 });
  const source = openPictureSource({ client, clock: systemClock, config });
  await using _stopped = { [Symbol.asyncDispose]: () => source.stop() };
  const seen = new Set<string>();
  source.onChange(() => {
    for (const type of source.picture ? typesOf(source.picture) : []) seen.add(type);
  });
  const picture = (): RobotPicture => {
    assert.ok(source.picture);
    return source.picture;
  };
  await eventually(
    'it drives, with every member that a state has to have',
    async () => picture().members?.driving === true,
  );
  const { position, battery, safety } = picture().members!;
  assert.deepEqual([position?.mapId, position?.localized], ['warehouse', true]);
  assert.ok(battery.chargePercent > 20 && battery.chargePercent <= 100, `${battery.chargePercent} %`);
  assert.deepEqual(safety, { emergencyStop: 'NONE', fieldViolation: false });
  assert.deepEqual(picture().missing, []);

  await scene.command('inject', 'obstacle');
  await eventually('it stands', async () => typesOf(picture()).length > 0 && picture().members?.driving === false);
  const [error] = picture().errors.filter(({ type }) => !LATE.includes(type));
  assert.deepEqual([error?.type, error?.level], ['PROTECTIVE_STOP', 'CRITICAL']);
  const references = Object.fromEntries(error?.references.map(({ key, value }) => [key, value]) ?? []);
  assert.equal(references.entityId, 'safety_gate');
  assert.equal(references.origin, 'safety_island');
  assert.equal(picture().members?.safety.fieldViolation, true);
  const record = await fetch(references.sovdUri ?? '');
  assert.equal(((await record.json()) as { readonly item: { readonly code: string } }).item.code, 'PROTECTIVE_STOP');

  await scene.command('clear', 'obstacle');
  await eventually(
    'it drives on',
    async () => typesOf(picture()).length === 0 && picture().members?.driving === true,
    DRIVE_MS,
  );
  assert.equal(picture().members?.safety.fieldViolation, false);
  assert.deepEqual([...seen], ['PROTECTIVE_STOP'], 'what follows from it was told of as if nothing explained it');
});
