import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FaultProvider, FileSource, RecordingSource } from '@medkit/core';
import { app, fault, memoryFaults } from '@medkit/core/testing';
import { MemoryFiles } from '@medkit/edges/testing';
import { recordingFiles } from '@medkit/faults';
import type { PlacedRecording, PluginFaultProvider, PluginParts, PluginRecording } from '@medkit/plugin';
import { module, pluginGateway } from '../testing/plugin-gateway.ts';

const ID = 'fault_DRY_1770201012500';
const DRY = fault('DRY', { sources: ['pump'], reporters: [{ runtime: 'p', source: 'pump' }] });

/** As in the first version of the plugin API: a path, without a function that opens it. */
const bag = (path: string) => ({
  kind: 'rosbag',
  id: ID,
  faultCodes: ['DRY'],
  path,
  format: 'mcap',
  octets: 5,
  durationMs: 2000,
  createdAtNs: 1_770_201_012_500_000_000n,
});

/** A plugin of that version whose app `pump` has a fault with a recording at `path`. */
function formerPlugin(path: string) {
  const frame = { kind: 'freeze_frame', name: 'level', topic: '/level', messageType: '', data: 3, capturedAtNs: 1n };
  const former = {
    recordings: async () => [bag(path)],
    recording: async (_: string, id: string) => (id === ID || id === 'DRY' ? bag(path) : undefined),
    get: async () => ({ fault: DRY, thresholds: [], snapshots: [frame, bag(path)] }),
  } as unknown as Partial<FaultProvider>;
  const faults: FaultProvider = { ...memoryFaults({ faults: [DRY] }), ...former };
  return module(async () => ({
    contribution: async () => ({ entities: { apps: [app('pump', { source: '' })] } }),
    providers: { faults },
  }));
}

/** A plugin whose app `pump` has a fault with this recording, in the current types. */
function plugin(recording: PluginRecording) {
  const faults: PluginFaultProvider = {
    ...memoryFaults({ faults: [DRY] }),
    recordings: async () => [recording],
    recording: async (_, id) => (id === ID || id === 'DRY' ? recording : undefined),
  };
  const parts: PluginParts = {
    contribution: async () => ({ entities: { apps: [app('pump', { source: '' })] } }),
    providers: { faults },
  };
  return module(async () => parts);
}

const RECORDING: Omit<PlacedRecording, 'path'> = { ...bag(''), kind: 'recording' };

describe('a recording of a plugin', () => {
  const served = async (recording: PluginRecording, isolated: boolean) => {
    const files = new MemoryFiles();
    files.contents.set('/bags/a.mcap', Buffer.from('of the disk'));
    return pluginGateway({ p: plugin(recording) }, { isolated, filesAt: (at) => recordingFiles(at, files) });
  };
  const downloaded = async ({ ask, close }: Awaited<ReturnType<typeof served>>) => {
    const { status, text } = await ask('GET', `/apps/pump/bulk-data/rosbags/${ID}`);
    await close();
    return [status, text];
  };

  it('is given by its path, within the gateway and in a separate process', async () => {
    for (const isolated of [false, true]) {
      const recording: PlacedRecording = { ...RECORDING, path: '/bags/a.mcap' };
      assert.deepEqual(await downloaded(await served(recording, isolated)), [200, 'of the disk'], String(isolated));
    }
  });

  it('is opened by the plugin itself, within the gateway', async () => {
    const octets = Buffer.from('of the plugin');
    const file: FileSource = {
      ...{ name: 'a.mcap', size: octets.length, tag: '1' },
      async *read() {
        yield octets;
      },
    };
    const recording: RecordingSource = { ...RECORDING, files: async () => [file] };
    assert.deepEqual(await downloaded(await served(recording, false)), [200, 'of the plugin']);
  });
});

for (const isolated of [false, true]) {
  describe(`a recording whose path comes from a plugin ${isolated ? 'in a separate process' : 'within the gateway'}`, () => {
    const rosbags = '/apps/pump/bulk-data/rosbags';
    const served = async (path: string) => {
      const files = new MemoryFiles();
      files.contents.set(`/bags/${ID}/${ID}_0.mcap`, Buffer.from('first'));
      files.contents.set(`/bags/${ID}/${ID}_1.mcap`, Buffer.from('second'));
      files.contents.set(`/bags/${ID}/metadata.yaml`, Buffer.from('secret'));
      files.contents.set('/etc/shadow', Buffer.from('secret'));
      const filesAt = (at: string) => recordingFiles(at, files);
      return pluginGateway({ p: formerPlugin(path) }, { isolated, filesAt });
    };

    it('is listed and downloaded', async () => {
      const { ask, close } = await served(`/bags/${ID}`);
      const { items } = (await ask('GET', rosbags)).body;
      assert.deepEqual(
        items.map(({ id, size, 'x-medkit': about }: Readonly<Record<string, never>>) => [id, size, about]),
        [
          [
            ID,
            5,
            {
              fault_codes: ['DRY'],
              duration_sec: 2,
              format: 'mcap',
              recording_id: ID,
              files: [
                { id: `${ID}_0.mcap`, size: 5 },
                { id: `${ID}_1.mcap`, size: 6 },
              ],
            },
          ],
        ],
      );
      assert.equal((await ask('GET', `${rosbags}/${ID}`)).text, 'first');
      assert.equal((await ask('GET', `${rosbags}/${ID}_1.mcap`)).text, 'second');
      const { environment_data } = (await ask('GET', '/apps/pump/faults/DRY')).body;
      assert.deepEqual(
        environment_data.snapshots.map(({ type, name }: Readonly<Record<string, string>>) => `${type} ${name}`),
        ['freeze_frame level', `rosbag rosbag_${ID}`],
      );
      await close();
    });

    it('gives no access to any other file', async () => {
      for (const path of ['/etc/shadow', `/bags/${ID}/metadata.yaml`, '', '/nowhere']) {
        const { ask, close } = await served(path);
        assert.equal((await ask('GET', `${rosbags}/${ID}`)).status, 404, path);
        await close();
      }
    });
  });
}
