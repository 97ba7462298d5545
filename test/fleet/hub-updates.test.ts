import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { folderBlobs } from '@medkit/blobs';
import type { FleetCampaignRobot } from '@medkit/contract';
import { systemClock, systemFiles, systemWritableFiles } from '@medkit/edges/node';
import { artifactKey } from '@medkit/fleet';
import { type RunningGateway, startGateway } from '@medkit/gateway';
import { enrolRobot, readInvitation } from '@medkit/gateway/enrol';
import { artifactTar, packArtifact } from '@medkit/updates/artifact';
import { testConfig } from '../../packages/gateway/src/testing/test-gateway.ts';
import { type TestHub, testHub } from '../../packages/gateway/src/testing/test-hub.ts';
import { eventually } from '../harness/eventually.ts';

const files = { ...systemFiles, ...systemWritableFiles };

suite('updates by a campaign on the gateway of a robot', { timeout: 240_000 }, () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'medkit-hub-updates-')));
  const at = (...names: readonly string[]): string => join(folder, ...names);
  let hub: TestHub;
  let robot: RunningGateway;

  before(async () => {
    hub = await testHub();
    const { updates, hub: settings } = await testConfig();
    const config = {
      ...(await testConfig({
        server: { port: 0 },
        ros: { enabled: false },
        hub: { ...settings, role: 'admin' },
        updates: { ...updates, dir: at('incoming'), install_dir: at('installed'), allow_unsigned: true, gate_sec: 1 },
      })),
      data_dir: at('robot'),
    };
    const { link } = (await hub.fleet('POST', '/invites', { robot: 'amr-17', auto_approve: true })).json();
    const machine = { name: 'robot', system: 'test' };
    await enrolRobot({ config, files, clock: systemClock, invitation: readInvitation(link), machine });
    robot = await startGateway({ config, environment: {}, log: () => undefined });
    await eventually('the robot', async () => (await presence()) === 'online', 15_000);
  });
  after(async () => {
    await robot?.close();
    await hub?.close();
    rmSync(folder, { recursive: true });
  });

  const presence = async () => (await hub.fleet('GET', '/robots/amr-17')).json().presence;
  /** Stores the artifact of an update at the hub. */
  const store = async (id: string, content: string): Promise<void> => {
    mkdirSync(at(id));
    writeFileSync(at(id, 'map.txt'), content);
    const packed = await packArtifact({ folder: at(id), id, version: '1.0', target: 'robot', files });
    const tar = await artifactTar(at(id), systemFiles);
    const evidence = join(resolve((await testConfig()).data_dir), 'evidence');
    await folderBlobs({ folder: evidence, files: hub.storage }).put(artifactKey(tar.sha256), tar.read(0));
    await hub.store.write([
      {
        sql: `INSERT INTO fleet_artifacts (name, sha256, bytes, manifest_sha256, created_ms, created_by)
              VALUES (?, ?, ?, ?, 1, 'ada')`,
        parameters: [id, tar.sha256, tar.size, packed.sha256],
      },
    ]);
  };
  const create = async (id: string, artifact: string, gate: object): Promise<void> => {
    const plan = { kind: 'update', artifact, targets: { robots: ['amr-17'] }, waves: [{ percent: 100 }], gate };
    const { status, text } = await hub.fleet('POST', '/campaigns', { id, ...plan });
    assert.equal(status, 201, text);
  };
  const inState = (campaign: string, state: FleetCampaignRobot['state']) =>
    eventually(
      `${campaign} ${state}`,
      async () => {
        const [item] = (await hub.fleet('GET', `/campaigns/${campaign}/robots`)).json().items;
        return item.state === state && item;
      },
      90_000,
    );
  const installed = () => [
    readlinkSync(at('installed', 'current')),
    readFileSync(at('installed', 'current', 'map.txt'), 'utf8').length,
  ];

  test('transfers, installs and confirms an update, then another one, and returns to the first', async () => {
    await store('map-1', 'x'.repeat(3_000_000));
    await store('map-2', 'y'.repeat(1000));
    await create('first', 'map-1', { soak_sec: 0 });
    await inState('first', 'done');
    assert.deepEqual(installed(), ['releases/map-1', 3_000_000]);
    assert.equal(existsSync(at('installed', 'transfers', 'map-1')), false);
    await create('second', 'map-2', { soak_sec: 3600 });
    await inState('second', 'soaking');
    assert.deepEqual(installed(), ['releases/map-2', 1000]);
    await hub.fleet('POST', '/campaigns/second/stop', { roll_back: 'roll_back_all' });
    const { reason } = await inState('second', 'rolled_back');
    assert.equal(reason, 'the campaign was rolled back');
    assert.deepEqual(installed(), ['releases/map-1', 3_000_000]);
  });
});
