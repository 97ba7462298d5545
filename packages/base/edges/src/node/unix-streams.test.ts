import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { AddressInUse } from '../datagrams.ts';
import type { StreamEvents } from '../stream-sockets.ts';
import { unixStreams } from './unix-streams.ts';

const deaf: StreamEvents = { onOctets: () => undefined, onClose: () => undefined };
const until = async (holds: () => boolean) => {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
};

function socketFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'medkit-streams-'));
  return {
    path: (name: string) => join(folder, name),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

test('bytes arrive in order, and each side is notified when the other closes', { timeout: 5000 }, async () => {
  using folder = socketFolder();
  const path = folder.path('a.sock');
  let received = '';
  let ends = 0;
  const listener = await unixStreams.listen({
    path,
    mode: 0o660,
    onConnection: () => ({ onOctets: (octets) => (received += Buffer.from(octets)), onClose: () => (ends += 1) }),
  });
  const first = await unixStreams.connect(path, deaf);
  first.write(Buffer.from('one '));
  first.write(Buffer.from('two'));
  await until(() => received === 'one two');
  first.close();
  await until(() => ends === 1);
  const closed = Promise.withResolvers<void>();
  await unixStreams.connect(path, { ...deaf, onClose: closed.resolve });
  await listener.close();
  await closed.promise;
  assert.equal(ends, 1, 'who closes a connection is not told that it is closed');
});

test('the socket has the requested permissions, and is removed with the listener', async () => {
  using folder = socketFolder();
  const path = folder.path('a.sock');
  const listener = await unixStreams.listen({ path, mode: 0o660, onConnection: () => deaf });
  assert.equal(statSync(path).mode & 0o777, 0o660);
  await listener.close();
  assert.equal(statSync(path, { throwIfNoEntry: false }), undefined);
});

test('a socket of a dead program is replaced; one of a live program and a file are left alone', async () => {
  using folder = socketFolder();
  const path = folder.path('a.sock');
  const program = `require('node:net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`;
  spawnSync(process.execPath, ['-e', program]);
  assert.ok(statSync(path).isSocket(), 'a killed program leaves its socket behind');
  const options = { path, mode: 0o660, onConnection: () => deaf };
  const listener = await unixStreams.listen(options);
  await assert.rejects(unixStreams.listen(options), (error: Error) => {
    assert.ok(error instanceof AddressInUse);
    assert.equal(error.message, `${path} is in use by another program`);
    return true;
  });
  (await unixStreams.connect(path, deaf)).close();
  await listener.close();

  const file = folder.path('notes');
  writeFileSync(file, 'mine');
  await assert.rejects(unixStreams.listen({ ...options, path: file }), /notes exists and is not a socket/);
  assert.equal(readFileSync(file, 'utf8'), 'mine');
});

test('bytes that the reader does not take are buffered, counted and delivered whole later', {
  timeout: 10_000,
}, async () => {
  using folder = socketFolder();
  const path = folder.path('a.sock');
  let receivedBytes = 0;
  const listener = await unixStreams.listen({
    path,
    mode: 0o660,
    onConnection: () => ({ ...deaf, onOctets: (octets) => (receivedBytes += octets.length) }),
  });
  const connection = await unixStreams.connect(path, deaf);
  const block = new Uint8Array(1 << 20);
  connection.write(block);
  assert.ok(connection.waitingBytes > 0, 'more than the system takes at once');
  await until(() => receivedBytes === block.length && connection.waitingBytes === 0);
  connection.close();
  await listener.close();
});

test('a refused connection is closed, and connecting without a listener fails', { timeout: 5000 }, async () => {
  using folder = socketFolder();
  const path = folder.path('a.sock');
  await assert.rejects(unixStreams.connect(path, deaf), /ENOENT/);
  const listener = await unixStreams.listen({ path, mode: 0o660, onConnection: () => undefined });
  const closed = Promise.withResolvers<void>();
  const connection = await unixStreams.connect(path, { ...deaf, onClose: closed.resolve });
  await closed.promise;
  connection.write(Uint8Array.of(1));
  connection.close();
  await listener.close();
});
