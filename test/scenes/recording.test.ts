import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { decodeCapture } from '@medkit/rtps';
import { eventually } from '../harness/eventually.ts';
import { Sandbox } from './medkit-process.ts';

/** First bytes of every RTPS datagram. */
const RTPS = 'RTPS';

for (const isThreaded of [true, false]) {
  test(`what is on the wire is recorded ${isThreaded ? 'in the thread of DDS' : 'in the thread of the gateway'}`, async () => {
    await using sandbox = new Sandbox();
    const file = join(sandbox.folder, 'robot.pcap');
    const domain = await sandbox.domain();
    const args = ['demo', '--lite', '--port', '0', '--domain', String(domain), '--record', file];
    const medkit = sandbox.start([...args, '--set', `ros.own_thread=${isThreaded}`]);
    const url = await medkit.printed(/API\s+(\S+)/);
    await eventually('the scanner', async () => {
      const { items } = (await (await fetch(url)).json()) as { items: readonly { id: string }[] };
      return items.some(({ id }) => id === 'lidar_driver');
    });
    medkit.interrupt();
    assert.equal(await medkit.exitCode(), 0, medkit.errors);

    const { datagrams, skipped, cutShort } = decodeCapture(readFileSync(file));
    assert.deepEqual({ skipped, cutShort, errors: medkit.errors }, { skipped: {}, cutShort: false, errors: '' });
    assert.ok(datagrams.length > 50);
    assert.ok(datagrams.every(({ payload }) => Buffer.from(payload.subarray(0, 4)).toString() === RTPS));
    assert.ok(datagrams.every(({ from }) => from.address === '127.0.0.1'));
    const spoken = datagrams.map(({ payload }) => Buffer.from(payload).toString('latin1')).join('');
    assert.ok(spoken.includes('lidar_driver'), 'the names of nodes');
  });
}

test('a recording that cannot be made stops the start, and one that cannot go on does not stop the gateway', async () => {
  await using sandbox = new Sandbox();
  const args = ['demo', '--lite', '--port', '0', '--domain', String(await sandbox.domain())];
  const refused = await sandbox.run([...args, '--record', join(sandbox.folder, 'none', 'robot.pcap')]);
  assert.equal(refused.code, 1);
  assert.match(refused.errors, /^medkit: cannot record to .*robot\.pcap: ENOENT.*\n$/);

  const medkit = sandbox.start([
    ...args,
    '--record',
    join(sandbox.folder, 'r.pcap'),
    '--set',
    'record.max_bytes=65536',
  ]);
  const url = await medkit.printed(/API\s+(\S+)/);
  await eventually('a full recording', async () => {
    await fetch(`${url}/lidar_driver/data/scan`);
    return medkit.errors.endsWith('\n');
  });
  assert.match(medkit.errors, /^medkit: warning: the recording .*r\.pcap has reached its limit of 65536 bytes: .*\n$/);
  assert.equal((await fetch(`${url}/lidar_driver`)).status, 200);
});
