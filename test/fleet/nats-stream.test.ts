import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { FleetChangeMessage } from '@medkit/contract';
import { systemFiles } from '@medkit/edges/node';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection, nanos } from '@nats-io/transport-node';
import { changeSubjects } from '../../packages/gateway/src/fleet/changes/change-subjects.ts';
import { openNatsStream } from '../../packages/gateway/src/fleet/changes/nats-stream.ts';
import { type NatsOptions, type NatsServer, startNats } from '../harness/nats.ts';
import { missingSystemPackages } from '../harness/system-packages.ts';

const MESSAGE: FleetChangeMessage = {
  ...{ id: 'a-1', at: '2026-01-01T00:00:00.000Z', topic: 'presence', change: 'came', robot: 'amr-1', reason: 'x' },
};

describe('the stream of changes on a real server of NATS', { skip: missingSystemPackages('nats') }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'medkit-nats-test-'));
  let server: NatsServer;
  let client: NatsConnection;
  before(async () => {
    server = await startNats();
    client = await connect({ servers: server.url.slice(7) });
  });
  after(async () => {
    await client?.close();
    await server?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true });
  });
  const open = (hub: string, settings: object = {}, stream = '') =>
    openNatsStream({
      settings: { servers: [server.url], credentials_file: '', ...settings },
      subjects: changeSubjects(hub, undefined, stream),
      files: systemFiles,
    });

  it('is created for a hub with a name in any script, and stores a message with one id once', async () => {
    const stream = await open('Süd 北.1');
    await stream.publish(MESSAGE, JSON.stringify(MESSAGE));
    await stream.publish(MESSAGE, JSON.stringify(MESSAGE));
    await stream.close();
    await (await open('Süd 北.1')).close();
    const manager = await jetstreamManager(client);
    const { config, state } = await manager.streams.info('CHANGES_S=C3=BCd=20=E5=8C=97=2E1');
    assert.equal(state.messages, 1);
    assert.deepEqual(config.subjects, ['medkit.S=C3=BCd=20=E5=8C=97=2E1.change.>']);
    assert.deepEqual(
      [config.storage, config.max_age, config.duplicate_window],
      ['file', nanos(86_400_000), nanos(600_000)],
    );
  });

  it('is used with the limits that it has, and refused if it does not have the subjects', async () => {
    const manager = await jetstreamManager(client);
    await manager.streams.add({ name: 'MINE', subjects: ['medkit.mine.change.*.*'], max_msgs: 5 });
    const stream = await open('mine', {}, 'MINE');
    await stream.publish(MESSAGE, '{}');
    await stream.close();
    assert.equal((await manager.streams.info('MINE')).config.max_msgs, 5);
    await assert.rejects(
      open('other', {}, 'MINE'),
      /MINE does not have the subject .*: add the subject medkit\.other\.change\.>/,
    );
    await assert.rejects(open('mine'), /cannot create the stream CHANGES_mine: .*overlap.*: enable JetStream/);
  });

  it('fails with the remedy without a server, without JetStream, with wrong credentials and without encryption', async () => {
    const other = async (options: NatsOptions, settings: object, expected: RegExp | undefined) => {
      await using wrong = await startNats(options);
      const opening = open('hub', { servers: [wrong.url], ...settings });
      if (expected) await assert.rejects(opening, expected);
      else await (await opening).close();
    };
    await assert.rejects(
      open('hub', { servers: ['nats://127.0.0.1:1'] }),
      /cannot connect to nats:\/\/127\.0\.0\.1:1: .*start NATS/,
    );
    await other({ hasJetStream: false }, {}, /cannot examine the stream CHANGES_hub: .*enable JetStream/);
    const file = (text: string): string => {
      const path = join(folder, 'credentials');
      writeFileSync(path, text);
      return path;
    };
    const lines = ['authorization { user: medkit, password: "a:b c" }'];
    await other({ lines }, { credentials_file: file('medkit:a:b c\n') }, undefined);
    await other({ lines }, { credentials_file: file('medkit:wrong') }, /Authorization Violation|authorization/i);
    await other({ lines: ['authorization { token: secret-1 }'] }, { credentials_file: file('secret-1\n') }, undefined);
    await other({ lines }, { credentials_file: file('\n') }, /has no credentials: write one line user:password/);
    await other({ lines }, { credentials_file: join(folder, 'none') }, /none does not exist/);
    const encrypted = server.url.replace('nats', 'tls');
    await assert.rejects(open('hub', { servers: [encrypted] }), /does not support 'tls'/);
  });

  it('reports the end of its connection', async () => {
    await using short = await startNats();
    const stream = await open('hub', { servers: [short.url] });
    await short.kill();
    assert.match(await stream.closed, /closed|reset|disconnect/i);
    await assert.rejects(stream.publish(MESSAGE, '{}'));
  });
});
