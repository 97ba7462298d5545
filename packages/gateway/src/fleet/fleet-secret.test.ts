import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { MemoryFiles } from '@medkit/edges/testing';
import { StartRefused } from '../listen.ts';
import { testConfig } from '../testing/test-gateway.ts';
import { fleetSecret } from './fleet-secret.ts';

async function setUp(secret_file = '') {
  const config = await testConfig({ fleet: { enabled: true, secret_file } });
  const files = new MemoryFiles();
  const lines: string[] = [];
  const read = () =>
    fleetSecret({ config, files, random: seededRandom(1), log: (_level, line) => void lines.push(line) });
  return { files, lines, read, path: `${config.data_dir}/fleet.secret` };
}

describe('the secret of a fleet hub', () => {
  it('is created once, readable by its owner alone', async () => {
    const { files, lines, read, path } = await setUp();
    const secret = await read();
    assert.equal(secret.length, 32);
    assert.deepEqual(await read(), secret);
    assert.equal((await files.stateOf(path))?.mode, 0o600);
    assert.deepEqual(lines, []);
  });

  it('is not created at a configured path, and names a file that is not one', async () => {
    const { files, read } = await setUp('/etc/medkit/fleet.secret');
    await assert.rejects(read(), (error) => error instanceof StartRefused && /does not exist/.test(error.message));
    await files.replaceText('/etc/medkit/fleet.secret', 'password\n');
    await assert.rejects(read(), /\/etc\/medkit\/fleet\.secret does not contain the secret of a fleet hub/);
  });

  it('warns if other users can read it', async () => {
    const { files, lines, read, path } = await setUp();
    await files.replaceText(path, `${'5a'.repeat(32)}\n`);
    files.modes.set(path, 0o644);
    assert.deepEqual(await read(), new Uint8Array(32).fill(0x5a));
    assert.match(lines.join(), /chmod 600/);
  });
});
