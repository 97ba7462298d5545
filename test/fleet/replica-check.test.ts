import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { freePort } from '../federation/free-port.ts';
import { startPostgres } from '../harness/postgres.ts';
import { startProgram } from '../harness/program.ts';
import { missingSystemPackages } from '../harness/system-packages.ts';

test('medkit hub check examines the replica addresses of two hubs', {
  skip: missingSystemPackages('postgres'),
  timeout: 120_000,
}, async () => {
  await using stack = new AsyncDisposableStack();
  const root = mkdtempSync(join(tmpdir(), 'medkit-replica-check-'));
  stack.defer(() => rmSync(root, { recursive: true }));
  const database = stack.use(await startPostgres());
  writeFileSync(join(root, 'url'), database.url);
  for (const name of ['secret', 'other']) {
    writeFileSync(join(root, name), randomBytes(32).toString('hex'), { mode: 0o600 });
  }
  const settings = (replicaAddress: string, secret = 'secret') => ({
    MEDKIT_FLEET_DATABASE: join(root, 'url'),
    MEDKIT_FLEET_SECRET_FILE: join(root, secret),
    MEDKIT_FLEET_STANDBY: 'true',
    MEDKIT_FLEET_REPLICA_ADDRESS: replicaAddress,
    MEDKIT_FLEET_EVIDENCE: join(root, 'evidence'),
  });
  const check = async (env: Readonly<Record<string, string>>) => {
    const program = startProgram(['hub', 'check', '--data-dir', join(root, 'b'), '--json'], { env });
    await program.ended;
    // Warnings of the configuration come first: the evidence is in a folder.
    const list = program.output().slice(program.output().indexOf('[\n'));
    const found = JSON.parse(list) as { subject: string; state: string; text: string }[];
    return found.filter(({ subject }) => subject === 'replica').map(({ state, text }) => `${state} ${text}`);
  };
  const [address, other] = [`127.0.0.1:${await freePort()}`, `127.0.0.1:${await freePort()}`];
  assert.deepEqual(await check(settings(other)), [
    `ok ${other} is an address of this machine`,
    'warning no hub uses the database',
  ]);
  assert.match((await check(settings(''))).join(), /^warning this hub answers 503 while it is the standby/);

  const hub = startProgram(['hub', '--port', `${await freePort()}`, '--data-dir', join(root, 'a')], {
    env: settings(address),
  });
  stack.defer(async () => void (await hub.end('SIGKILL')));
  await hub.printed(/http:\/\/127\.0\.0\.1:\d+/);
  assert.deepEqual(await check(settings(other)), [
    `ok ${other} is an address of this machine`,
    `ok the hub that serves answers at ${address}, and has the same secret`,
  ]);
  const [foreign, refused] = await check(settings('192.0.2.1:8081', 'other'));
  assert.match(foreign!, /^error this hub cannot listen at 192\.0\.2\.1:8081: .*EADDRNOTAVAIL/);
  assert.equal(
    refused,
    `error the hub that serves cannot be used at ${address}: the program there is not a hub with the same fleet.secret_file`,
  );
});
