import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, it } from 'node:test';
import { eventually } from '../harness/eventually.ts';
import { reserveDomain } from '../harness/free-domain.ts';
import { type Program, startProgram } from '../harness/program.ts';
import { missing } from './missing.ts';
import { eventsAfter, REQUESTED_PATHS } from './requested-paths.ts';
import { type MotorRobot, startMotor } from './robot.ts';

/** Made by make-data-folder.ts with commit 058650f; a capture was in progress when the process was killed. */
const ARCHIVE = join(import.meta.dirname, 'data-folder-058650f.tar.gz');
const SHA256 = '4b0e87d80eed0d317129a2b60a52a932b5d99034b15bf244c7670ac6a8453d88';

interface Recorded {
  readonly answers: Readonly<Record<(typeof REQUESTED_PATHS)[number], unknown>>;
  readonly events: readonly (readonly [id: number, data: unknown])[];
}

describe('a data folder of 058650f', { timeout: 120_000 }, () => {
  const work = mkdtempSync(join(tmpdir(), 'medkit-upgrade-'));
  let recorded: Recorded;
  let robot: MotorRobot;
  let gateway: Program;
  let api = '';

  before(async () => {
    assert.equal(createHash('sha256').update(readFileSync(ARCHIVE)).digest('hex'), SHA256);
    assert.equal(spawnSync('tar', ['-C', work, '-xzf', ARCHIVE]).status, 0);
    recorded = JSON.parse(readFileSync(join(work, 'answers.json'), 'utf8'));
    const domain = await reserveDomain();
    robot = await startMotor(domain);
    robot.current(5);
    const args = ['up', '--port', '0', '--config', join(work, 'medkit.yaml'), '--data-dir', join(work, 'data')];
    const env = { ROS_DOMAIN_ID: String(domain), ROS_AUTOMATIC_DISCOVERY_RANGE: 'LOCALHOST' };
    gateway = startProgram(args, { env });
    const [url] = await gateway.printed(/http:\/\/127\.0\.0\.1:\d+/);
    api = `${url}/api/v1`;
    await eventually('the motor', async () => (await fetch(`${api}/apps/motor/data/motor%2Fcurrent`)).ok);
  });

  after(async () => {
    assert.equal(await gateway.end('SIGTERM'), 0, gateway.output());
    await robot[Symbol.asyncDispose]();
    rmSync(work, { recursive: true });
  });

  for (const path of REQUESTED_PATHS) {
    it(`answers GET ${path} with all earlier entries`, async () => {
      const now = await (await fetch(`${api}${path}`)).json();
      assert.equal(missing(recorded.answers[path], now, path), undefined);
    });
  }

  it('resumes the events where a client stopped', async () => {
    assert.ok(recorded.events.length > 10);
    const now = await eventsAfter(api, 1);
    const same = now.slice(0, recorded.events.length);
    assert.deepEqual(
      same.map(([id]) => id),
      recorded.events.map(([id]) => id),
    );
    assert.equal(missing(recorded.events, same, 'events'), undefined);
  });

  it('has the bytes of every recording', async () => {
    const folder = join(work, 'data', 'recordings');
    const names = readdirSync(folder);
    assert.ok(names.length >= 3);
    for (const name of names) {
      const reply = await fetch(`${api}/apps/motor/bulk-data/rosbags/${name}`);
      assert.equal(reply.status, 200, name);
      const file = readdirSync(join(folder, name)).find((each) => each.endsWith('.mcap')) ?? 'none';
      assert.deepEqual(Buffer.from(await reply.arrayBuffer()), readFileSync(join(folder, name, file)), name);
    }
  });

  it('has the fault whose evidence was being captured when the process was killed', async () => {
    const { environment_data: evidence } = (await (await fetch(`${api}/apps/motor/faults/CUT`)).json()) as {
      environment_data: { snapshots: readonly unknown[] };
    };
    assert.ok(evidence.snapshots.length > 0);
  });

  it('has its fault triggers moved out of their old file, whose version keeps an older medkit from using it', () => {
    const file = new DatabaseSync(join(work, 'data', 'fault_triggers.db'), { readOnly: true });
    const version = "SELECT max(version) AS known FROM schema_migrations WHERE owner = 'fault_triggers'";
    assert.equal(file.prepare(version).get()?.known, 2);
    file.close();
  });

  it('keeps the lock for its holder', async () => {
    const change = { method: 'DELETE', headers: { 'X-Client-Id': 'bob' } };
    assert.equal((await fetch(`${api}/apps/motor/configurations`, change)).status, 409);
  });
});
