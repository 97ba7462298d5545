import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { eventually } from '../harness/eventually.ts';
import { reserveDomain } from '../harness/free-domain.ts';
import { type GatewayProcess, type Json, startGateway } from './gateway-process.ts';
import { type Peer, startPeer } from './peer.ts';
import { vendors } from './peer-programs.ts';
import { peerSuite } from './peer-suite.ts';
import { readBag } from './read-bag.ts';

const DOMAIN = await reserveDomain();
const SERVICE = '/fault_manager/report_fault';
/** First and last bytes of every MCAP file. */
const MAGIC = Buffer.from('\x89MCAP0\r\n', 'latin1');

/** Seconds that a recording continues after the fault. */
const AFTER_SEC = 0.5;

const parameters = (format: string, afterSec: number): string => `
fault_manager:
  ros__parameters:
    snapshots.rosbag.enabled: true
    snapshots.rosbag.format: ${format}
    snapshots.rosbag.duration_sec: 3.0
    snapshots.rosbag.duration_after_sec: ${afterSec}
`;

/** Creates a folder with the fault manager's parameters and the data that a gateway stores across restarts. */
function robotFolder(format: string, afterSec = AFTER_SEC) {
  const path = mkdtempSync(join(tmpdir(), 'medkit-recordings-'));
  const file = join(path, 'faults.yaml');
  writeFileSync(file, parameters(format, afterSec));
  return {
    recordings: join(path, 'data', 'recordings'),
    gateway: () =>
      startGateway({
        domainId: DOMAIN,
        settings: ['fault_manager.mode=own', `fault_manager.config_file=${file}`, `data_dir=${join(path, 'data')}`],
      }),
    [Symbol.dispose]: () => rmSync(path, { recursive: true }),
  };
}

const RECORDINGS = '/apps/motor/bulk-data/rosbags';

/** Polls until the answer is as expected; returns the last one. */
async function pollUntil(gateway: GatewayProcess, path: string, isRight: (body: Json) => boolean): Promise<Json> {
  let last: Json | undefined;
  const ask = async () => {
    last = (await gateway.ask('GET', path)).body;
    return isRight(last) && { body: last };
  };
  try {
    return (await eventually(path, ask)).body;
  } catch (error) {
    assert.fail(`${error}: ${JSON.stringify(last)}\n${gateway.program.output()}`);
  }
}

async function report(peer: Peer, code: string): Promise<void> {
  peer.command(`call ${SERVICE} ros2_medkit_msgs/srv/ReportFault ${code} 0 2 /motor too hot`);
  assert.deepEqual((await peer.event('answer', SERVICE)).value, { accepted: true });
}

const recordingOf = async (gateway: GatewayProcess): Promise<Json> =>
  (await pollUntil(gateway, RECORDINGS, ({ items }) => items?.length === 1))['items'][0];

async function download(gateway: GatewayProcess, id: string): Promise<Buffer> {
  const reply = await fetch(`${gateway.api}${RECORDINGS}/${id}`);
  assert.equal(reply.status, 200);
  return Buffer.from(await reply.arrayBuffer());
}

peerSuite('recordings of faults that real DDS processes report', {}, () => {
  for (const vendor of vendors) {
    test(`H20, H21: ${vendor}: are downloaded, survive a restart of the gateway, and are removed with the fault`, {
      timeout: 120_000,
    }, async () => {
      using folder = robotFolder('mcap');
      const commands = [
        'node /motor',
        'pub /motor/state std_msgs/msg/String rate=20',
        'node /other',
        'pub /other/state std_msgs/msg/String rate=20',
      ];
      await using peer = await startPeer({ vendor, domainId: DOMAIN, commands });
      let id: string;
      let content: Buffer;
      {
        await using gateway = await folder.gateway();
        await pollUntil(gateway, '/health', (body) => body['x-medkit-faults']?.recordings?.buffer_samples > 20);
        await report(peer, 'MOTOR_HOT');
        const item = await recordingOf(gateway);
        id = item['id'];
        assert.match(id, /^fault_MOTOR_HOT_\d{13}$/);
        assert.equal(item['mimetype'], 'application/x-mcap');
        assert.deepEqual(item['x-medkit'].fault_codes, ['MOTOR_HOT']);
        content = await download(gateway, id);
        assert.deepEqual([content.subarray(0, 8), content.subarray(-8)], [MAGIC, MAGIC]);
        assert.deepEqual(content, readFileSync(join(folder.recordings, id, `${id}_0.mcap`)));
        assert.deepEqual(await download(gateway, 'MOTOR_HOT'), content);
        assert.equal(item['size'], content.length);

        const head = await fetch(`${gateway.api}${RECORDINGS}/MOTOR_HOT`, { method: 'HEAD' });
        assert.equal(head.headers.get('content-length'), String(content.length));
        assert.equal(head.headers.get('content-disposition'), `attachment; filename="${id}.mcap"`);
        const range = { range: `bytes=${content.length - 8}-` };
        const part = await fetch(`${gateway.api}${RECORDINGS}/${id}`, { headers: range });
        assert.deepEqual([part.status, Buffer.from(await part.arrayBuffer())], [206, MAGIC]);

        const { body } = await gateway.ask('GET', '/apps/motor/faults/MOTOR_HOT');
        const bags = body['environment_data'].snapshots.filter(({ type }: Json) => type === 'rosbag');
        assert.deepEqual(
          bags.map(({ bulk_data_uri, size_bytes }: Json) => [bulk_data_uri, size_bytes]),
          [[`${RECORDINGS}/${id}`, content.length]],
        );
        const { topics, messages } = await readBag(join(folder.recordings, id));
        assert.equal(topics.get('/motor/state')?.type, 'std_msgs/msg/String');
        assert.equal(topics.has('/other/state'), false, 'what others do is none of its business');
        assert.ok(messages.filter(({ topic }) => topic === '/motor/state').length > 10, `${messages.length} messages`);
      }
      {
        await using gateway = await folder.gateway();
        assert.equal((await recordingOf(gateway))['id'], id);
        assert.deepEqual(await download(gateway, id), content);
        assert.equal((await gateway.ask('DELETE', '/apps/motor/faults/MOTOR_HOT')).status, 204);
        await pollUntil(gateway, RECORDINGS, ({ items }) => items?.length === 0);
        for (const gone of [id, 'MOTOR_HOT']) {
          assert.equal((await gateway.ask('GET', `${RECORDINGS}/${gone}`)).status, 404);
        }
        // Rows are deleted first, then files.
        const files = () => readdirSync(folder.recordings).filter((name) => !name.startsWith('.'));
        await eventually('the files are gone', async () => files().length === 0);
      }
    });
  }

  test('B14: are complete if the gateway is stopped during a recording', { timeout: 60_000 }, async () => {
    using folder = robotFolder('sqlite3');
    const commands = ['node /motor', 'pub /motor/state std_msgs/msg/String rate=20'];
    await using peer = await startPeer({ vendor: vendors[0]!, domainId: DOMAIN, commands });
    {
      await using gateway = await folder.gateway();
      await pollUntil(gateway, '/health', (body) => body['x-medkit-faults']?.recordings?.buffer_samples > 10);
      await report(peer, 'MOTOR_HOT');
    }
    await using gateway = await folder.gateway();
    const { id, mimetype } = await recordingOf(gateway);
    assert.equal(mimetype, 'application/x-sqlite3');
    assert.equal((await download(gateway, id)).subarray(0, 15).toString(), 'SQLite format 3');
    assert.ok((await readBag(join(folder.recordings, id))).messages.length > 5);
  });

  test('22.22: leave no torn file if the gateway is killed during a recording', { timeout: 60_000 }, async () => {
    // The recording lasts longer than this test.
    using folder = robotFolder('mcap', 60);
    const commands = ['node /motor', 'pub /motor/state std_msgs/msg/String rate=20'];
    await using peer = await startPeer({ vendor: vendors[0]!, domainId: DOMAIN, commands });
    const unfinished = join(folder.recordings, '.unfinished');
    const killed = await folder.gateway();
    try {
      await pollUntil(killed, '/health', (body) => body['x-medkit-faults']?.recordings?.buffer_samples > 10);
      await report(peer, 'MOTOR_HOT');
      await eventually('a recording is under way', async () => readdirSync(unfinished).length === 1);
    } finally {
      await killed.program.end('SIGKILL');
    }
    await using gateway = await folder.gateway();
    const { items } = await pollUntil(gateway, RECORDINGS, (body) => body['items'] !== undefined);
    assert.deepEqual(items, []);
    assert.deepEqual(readdirSync(folder.recordings), []);
    assert.equal((await gateway.ask('GET', `${RECORDINGS}/MOTOR_HOT`)).status, 404);
  });
});
