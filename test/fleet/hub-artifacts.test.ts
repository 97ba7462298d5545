import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { createClient } from '@medkit/client';
import { systemFiles, systemWritableFiles } from '@medkit/edges/node';
import { artifactTar, packArtifact } from '@medkit/updates/artifact';
import { testConfig } from '../../packages/gateway/src/testing/test-gateway.ts';
import { sendArtifact } from '../../packages/programs/cli/src/update/send-artifact.ts';
import { robotOfHub } from './robot-of-hub.ts';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'medkit-hub-artifacts-')));
let robot: Awaited<ReturnType<typeof robotOfHub>>;

before(async () => {
  mkdirSync(join(folder, 'release'));
  writeFileSync(join(folder, 'release', 'map.txt'), 'x'.repeat(3_000_000));
  const packed = { folder: join(folder, 'release'), id: 'map-1', version: '1.0', target: 'robot' };
  await packArtifact({ ...packed, files: { ...systemFiles, ...systemWritableFiles } });
  const { updates } = await testConfig();
  const dir = join(folder, 'incoming');
  robot = await robotOfHub({ settings: { updates: { ...updates, dir, install_dir: join(folder, 'installed') } } });
});
after(async () => {
  await robot.close();
  rmSync(folder, { recursive: true });
});

describe('an artifact that a client sends through the hub', () => {
  it('arrives at the robot, also after its uplink was cut', async () => {
    const tar = await artifactTar(join(folder, 'release'), systemFiles);
    const client = createClient({ url: robot.through });
    const failures: unknown[] = [];
    let requests = 0;
    const sent = await sendArtifact(tar, {
      send: async (range, body) => {
        requests += 1;
        if (requests === 3) await robot.leave();
        return client.call('uploadUpdateArtifact', {
          path: { update_id: tar.id },
          query: { sha256: tar.sha256 },
          headers: { 'Content-Range': range },
          ...(body && { body }),
        });
      },
      nowMs: () => performance.now(),
      wait: async () => {
        if (failures.length === 1) await robot.connect();
        return true;
      },
      onProgress: () => undefined,
      onFailure: (error) => void failures.push(error),
    });
    assert.deepEqual(sent, { id: 'map-1', size: tar.size, received: tar.size, complete: true });
    assert.equal(failures.length, 1, String(failures));
    assert.ok(requests > 4, `${requests} requests`);
    assert.equal(readFileSync(join(folder, 'incoming', 'map-1', 'map.txt'), 'utf8').length, 3_000_000);
  });
});
