import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, suite, test } from 'node:test';
import { identityFrom } from '@medkit/tunnel';
import { freePort } from '../federation/free-port.ts';
import { type Program, startProgram } from '../harness/program.ts';
import { HUB_KILL_POINTS, ROBOT_KILL_POINTS } from './kill-points.ts';

const root = mkdtempSync(join(tmpdir(), 'medkit-enrol-kills-'));
const main = join(import.meta.dirname, '..', '..', 'packages', 'programs', 'cli', 'src', 'main.ts');
const preloaded = [process.execPath, '--import', join(import.meta.dirname, 'kill-points.ts'), main];
let hub: Program;
let url = '';

/** Starts `medkit`, which is killed at a point of an enrolment. */
function start(args: readonly string[], point?: string): Program {
  const env = {
    NODE_COMPILE_CACHE: join(root, 'compiled'),
    ...(point !== undefined && { MEDKIT_TEST_KILL_POINT: point }),
  };
  return startProgram(args, { env, ...(point !== undefined && { command: preloaded }) });
}

async function startHub(point?: string): Promise<void> {
  const port = url === '' ? String(await freePort()) : new URL(url).port;
  hub = start(['hub', '--port', port, '--data-dir', join(root, 'hub')], point);
  url = (await hub.printed(/(http:\/\/\S+?)\/?\s/))[1] ?? '';
}

async function enrol(robot: string, link: string, point?: string) {
  const program = start(['enrol', link, '--yes', '--data-dir', join(root, robot)], point);
  return { ended: await program.ended, text: program.output() };
}

async function invite(robot: string): Promise<string> {
  const response = await fetch(`${url}/api/v1/x-medkit-fleet/invites`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ robot, auto_approve: true }),
  });
  const { link } = (await response.json()) as { link: string };
  return link;
}

/** Returns the names of the robots with the fingerprints of all their keys, as the database of the hub has them. */
function recorded(): Readonly<Record<string, readonly string[]>> {
  using database = new DatabaseSync(join(root, 'hub', 'fleet.db'), { readOnly: true });
  const sql =
    'SELECT r.name, json_group_array(k.fingerprint) AS keys FROM fleet_robots r JOIN fleet_keys k ON k.robot = r.id GROUP BY r.id';
  return Object.fromEntries(
    database
      .prepare(sql)
      .all()
      .map(({ name, keys }) => [String(name), JSON.parse(String(keys))]),
  );
}

const keyOf = (robot: string): string =>
  identityFrom(readFileSync(join(root, robot, 'uplink', 'key.pem'), 'utf8')).fingerprint;

before(() => startHub());
after(async () => {
  await hub.end();
  rmSync(root, { recursive: true });
});

suite('medkit enrol after kill -9', { timeout: 120_000 }, () => {
  for (const [index, point] of ROBOT_KILL_POINTS.entries()) {
    test(`of the robot ${point}: the same command goes on, with one robot and one key`, async () => {
      const robot = `amr-${index}`;
      const link = await invite(robot);
      const killed = await enrol(robot, link, point);
      assert.equal(killed.ended, 'SIGKILL', killed.text);
      const again = await enrol(robot, link);
      assert.equal(again.ended, 0, again.text);
      assert.match(again.text, new RegExp(`${robot} is enrolled at`));
      assert.deepEqual(recorded()[robot], [keyOf(robot)]);
    });
  }

  for (const [index, point] of HUB_KILL_POINTS.entries()) {
    test(`of the hub ${point}: the same command goes on, with one robot and one key`, async () => {
      const robot = `cobot-${index}`;
      await hub.end();
      await startHub(point);
      const link = await invite(robot);
      const cut = await enrol(robot, link);
      assert.equal(await hub.ended, 'SIGKILL');
      assert.equal(cut.ended, 7, cut.text);
      await startHub();
      const again = await enrol(robot, link);
      assert.equal(again.ended, 0, again.text);
      assert.deepEqual(recorded()[robot], [keyOf(robot)]);
      assert.equal(Object.keys(recorded()).length, ROBOT_KILL_POINTS.length + index + 1);
    });
  }
});
