import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { subjectToken } from '../../packages/gateway/src/fleet/changes/change-subjects.ts';
import { freePort } from '../federation/free-port.ts';
import { eventually } from '../harness/eventually.ts';
import { startNats } from '../harness/nats.ts';
import { startPostgres } from '../harness/postgres.ts';
import { startProgram } from '../harness/program.ts';
import { missingSystemPackages } from '../harness/system-packages.ts';
import { publishedMessages } from './published-messages.ts';

const STREAM = `CHANGES_${subjectToken(hostname())}`;

test('of two hubs only the serving one publishes, and the other one continues with what waits', {
  skip: missingSystemPackages('nats') ?? missingSystemPackages('postgres'),
  timeout: 180_000,
}, async () => {
  await using stack = new AsyncDisposableStack();
  const root = mkdtempSync(join(tmpdir(), 'medkit-nats-standby-'));
  stack.defer(() => rmSync(root, { recursive: true }));
  const server = stack.use(await startPostgres());
  const nats = stack.use(await startNats());
  const [urlFile, secretFile] = [join(root, 'url'), join(root, 'fleet.secret')];
  writeFileSync(urlFile, server.url);
  writeFileSync(secretFile, randomBytes(32).toString('hex'), { mode: 0o600 });
  const start = async (folder: string) => {
    const port = await freePort();
    const program = startProgram(['hub', '--port', String(port), '--data-dir', join(root, folder)], {
      env: {
        MEDKIT_FLEET_DATABASE: urlFile,
        MEDKIT_FLEET_SECRET_FILE: secretFile,
        MEDKIT_FLEET_STANDBY: 'true',
        MEDKIT_FLEET_EVIDENCE: join(root, 'evidence'),
        MEDKIT_FLEET_NATS_SERVERS: nats.url,
      },
    });
    stack.defer(async () => void (await program.end('SIGKILL')));
    const status = (): Promise<number> =>
      fetch(`http://127.0.0.1:${port}/api/v1/health`).then(
        (reply) => reply.status,
        () => 0,
      );
    return {
      program,
      answers: (code: number) => eventually(`${folder}: ${code}`, async () => (await status()) === code),
    };
  };
  let added = 0;
  const add = (count: number): void => {
    for (let each = 0; each < count; each += 1) {
      added += 1;
      server.psql(`INSERT INTO medkit.fleet_presence (robot, at_ms, online, reason)
        VALUES (1, (extract(epoch FROM now()) * 1000)::bigint, 1, 'number ${added}')`);
    }
  };
  /** Reasons of presence in the stream; the hub adds incidents of the robot that connects so often. */
  const reasons = async (): Promise<readonly string[]> =>
    (await publishedMessages(nats.url, STREAM)).flatMap(({ body }) => (body.topic === 'presence' ? [body.reason] : []));
  const expected = () => Array.from({ length: added }, (_, at) => `number ${at + 1}`);
  const hasAll = () => eventually('all changes in the stream', async () => (await reasons()).length >= added, 60_000);

  const first = await start('a');
  await first.answers(200);
  const second = await start('b');
  await second.answers(503);
  server.psql(
    "INSERT INTO medkit.fleet_robots (name, state, machine, enrolled_ms) VALUES ('amr-1', 'approved', '{}', 0)",
  );
  add(3);
  await hasAll();
  await eventually('no connection of the standby', async () => (await nats.connections()) === 1);
  nats.pause();
  add(3);
  await first.program.end('SIGKILL');
  nats.resume();
  await second.answers(200);
  add(3);
  await hasAll();
  assert.deepEqual(await reasons(), expected());
});
