import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { GatewaySetting, GatewaySettings } from '@medkit/contract';
import { MemoryFiles } from '@medkit/edges/testing';
import { readFaultDocuments } from '../config/fault-documents.ts';
import { readSources } from '../config/read-sources.ts';
import { testGateway } from '../testing/test-gateway.ts';

const FILE = '/etc/medkit.yaml';

interface Written {
  readonly yaml?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly set?: readonly string[];
  readonly faults?: string;
}

/** A gateway that was started with these settings, and the files of its machine. */
async function gatewayOf({ yaml, environment = {}, set = [], faults }: Written) {
  const storage = new MemoryFiles({
    ...(yaml !== undefined && { [FILE]: yaml }),
    ...(faults !== undefined && { '/srv/faults.yaml': faults }),
  });
  const folders = { environment, home: '/home/ada', working: '/srv' };
  const reading = await readSources({ files: storage, folders, flags: { set: [...set] }, defaultFile: FILE });
  const faultDocuments = await readFaultDocuments(storage, reading.values['fault_manager.config_file']);
  const { app } = await testGateway({}, undefined, {}, { reading, faultDocuments, storage });
  const read = async (): Promise<GatewaySettings> => {
    const reply = await app.inject({ url: '/api/v1/x-medkit-settings', headers: { host: 'localhost' } });
    assert.equal(reply.statusCode, 200, reply.payload);
    return reply.json();
  };
  return { app, storage, read };
}

const itemOf = ({ items }: GatewaySettings, key: string): GatewaySetting | undefined =>
  items.find((item) => item.key === key);

describe('the settings of a gateway', () => {
  it('have their value and their source: default, file with line, variable or flag', async () => {
    const { app, read } = await gatewayOf({
      yaml: 'server:\n  port: 9000\n',
      environment: { MEDKIT_LOGS_BUFFER_SIZE: '500' },
      set: ['audit.requests=off'],
    });
    const settings = await read();
    assert.equal(settings.file, FILE);
    assert.equal(settings.file_changed, undefined);
    assert.deepEqual(
      ['server.port', 'logs.buffer_size', 'audit.requests', 'sse.max_clients', 'cors.allowed_origins'].map((key) => {
        const { value, origin } = itemOf(settings, key) ?? {};
        return [value, origin];
      }),
      [
        [9000, `${FILE}:2`],
        [500, 'MEDKIT_LOGS_BUFFER_SIZE'],
        ['off', '--set audit.requests'],
        [1000, undefined],
        [[], undefined],
      ],
    );
    assert.ok(settings.items.every(({ about }) => about.length > 10));
    await app.close();
  });

  it('are those of the start, and name a file that was changed or removed since', async () => {
    const { app, read, storage } = await gatewayOf({ yaml: 'server.port: 9000' });
    storage.put(FILE, 'server.port: 10000');
    const changed = await read();
    assert.deepEqual([itemOf(changed, 'server.port')?.value, changed.file_changed], [9000, true]);
    await storage.remove(FILE);
    const removed = await read();
    assert.deepEqual([itemOf(removed, 'server.port')?.value, removed.file_changed], [9000, true]);
    await app.close();
  });

  it('include the parameters of the fault manager and their effect', async () => {
    const { app, read } = await gatewayOf({
      yaml: 'fault_manager.config_file: faults.yaml',
      faults: 'fault_manager:\n  ros__parameters:\n    confirmation_threshold: -2\n    bogus: 1\n',
    });
    const { fault_manager, remarks } = await read();
    assert.equal(fault_manager.file, '/srv/faults.yaml');
    const parameter = fault_manager.parameters.find(({ key }) => key === 'confirmation_threshold');
    assert.deepEqual([parameter?.value, parameter?.origin], [-2, '/srv/faults.yaml:3']);
    assert.match(fault_manager.effect.join(' '), /confirmed at counter -2/);
    assert.match(remarks.map(({ text }) => text).join(), /bogus is not a parameter/);
    await app.close();
  });

  it('include remarks on ignored keys, replaced values and risks', async () => {
    const { app, read } = await gatewayOf({ yaml: 'server: {prot: 1, port: 99, host: 0.0.0.0, insecure: true}' });
    const { remarks } = await read();
    assert.deepEqual(
      remarks.map(({ level, text }) => [level, text.slice(0, 24)]),
      [
        ['warning', 'server.prot: no such sett'.slice(0, 24)],
        ['error', 'server.port: 99 refused, '.slice(0, 24)],
        ['note', 'listening on 0.0.0.0 with'.slice(0, 24)],
      ],
    );
    await app.close();
  });

  it('are sent unchanged if they contain markup or control characters, and truncated if they are long', async () => {
    const hostile = '</script><img src=x onerror="x">\u0007\u202e';
    const long = 'x'.repeat(5000);
    const unknown = Array.from({ length: 300 }, (_, n) => `unknown_${n}: 1`);
    const { app, read } = await gatewayOf({
      yaml: [
        `incidents.robot: ${JSON.stringify(hostile)}`,
        `webhooks.source: ${long}`,
        `incidents.parts: [${Array.from({ length: 130 }, (_, n) => `p${n}`).join(', ')}]`,
        ...unknown,
      ].join('\n'),
    });
    const settings = await read();
    assert.equal(itemOf(settings, 'incidents.robot')?.value, hostile);
    assert.equal(String(itemOf(settings, 'webhooks.source')?.value).length, 1000);
    const parts = itemOf(settings, 'incidents.parts');
    assert.deepEqual([[parts?.value].flat().length, parts?.omitted], [100, 30]);
    assert.deepEqual([settings.remarks.length, settings.remarks_omitted], [200, 100]);
    await app.close();
  });

  it('are not implemented in a gateway whose program passed values without their sources', async () => {
    const { app } = await testGateway();
    const reply = await app.inject({ url: '/api/v1/x-medkit-settings', headers: { host: 'localhost' } });
    assert.deepEqual([reply.statusCode, reply.json().error_code], [501, 'not-implemented']);
    await app.close();
  });
});
