import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { eventually } from '../harness/eventually.ts';
import { reserveDomain } from '../harness/free-domain.ts';
import { startProgram } from '../harness/program.ts';
import { missing } from './missing.ts';
import { REQUESTED_PATHS } from './requested-paths.ts';
import { type MotorRobot, startMotor } from './robot.ts';

const ARCHIVE = join(import.meta.dirname, 'data-folder-058650f.tar.gz');

describe('a data folder created before accounts existed', { timeout: 120_000 }, () => {
  const work = mkdtempSync(join(tmpdir(), 'medkit-accounts-later-'));
  const data = join(work, 'data');
  const domain = reserveDomain();
  let robot: MotorRobot;
  let known: ReadonlyMap<string, unknown> = new Map();

  /** Returns the answers of a gateway started on this data to a client with the credential from `logIn`. */
  async function answersWith(
    settings: readonly string[],
    logIn: (api: string) => Promise<Readonly<Record<string, string>>>,
  ): Promise<ReadonlyMap<string, unknown>> {
    const args = ['up', '--port', '0', '--config', join(work, 'medkit.yaml'), '--data-dir', data];
    const env = { ROS_DOMAIN_ID: String(await domain), ROS_AUTOMATIC_DISCOVERY_RANGE: 'LOCALHOST' };
    const gateway = startProgram([...args, ...settings.flatMap((each) => ['--set', each])], { env });
    const [url] = await gateway.printed(/http:\/\/127\.0\.0\.1:\d+/);
    const api = `${url}/api/v1`;
    const headers = await logIn(api);
    await eventually('the motor', async () => (await fetch(`${api}/apps/motor/data/motor%2Fcurrent`, { headers })).ok);
    const answers = new Map<string, unknown>();
    for (const path of REQUESTED_PATHS) {
      const reply = await fetch(`${api}${path}`, { headers });
      assert.equal(reply.status, 200, path);
      answers.set(path, await reply.json());
    }
    assert.equal(await gateway.end('SIGTERM'), 0, gateway.output());
    return answers;
  }

  const accountFiles = () => readdirSync(data).filter((name) => name.startsWith('auth.db') || name === 'setup-code');

  before(async () => {
    assert.equal(spawnSync('tar', ['-C', work, '-xzf', ARCHIVE]).status, 0);
    robot = await startMotor(await domain);
    robot.current(5);
  });
  after(async () => {
    await robot[Symbol.asyncDispose]();
    rmSync(work, { recursive: true });
  });

  it('is opened as before, and no accounts are created in it', async () => {
    known = await answersWith([], async () => ({}));
    assert.deepEqual(accountFiles(), []);
  });

  it('keeps all of its data once there are some', async () => {
    const settings = ['auth.enabled=true', 'auth.require_auth_for=all', 'auth.clients=watch:its-secret:admin'];
    const now = await answersWith(settings, async (api) => {
      const body = JSON.stringify({
        grant_type: 'client_credentials',
        client_id: 'watch',
        client_secret: 'its-secret',
      });
      const headers = { 'content-type': 'application/json' };
      assert.equal((await fetch(`${api}/faults`)).status, 401);
      const reply = await fetch(`${api}/auth/authorize`, { method: 'POST', headers, body });
      const { access_token } = (await reply.json()) as { readonly access_token: string };
      return { authorization: `Bearer ${access_token}` };
    });
    assert.ok(accountFiles().includes('auth.db'));
    for (const [path, was] of known) assert.equal(missing(was, now.get(path), path), undefined);
  });
});
