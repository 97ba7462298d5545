import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { systemSignals } from './processes.ts';

test('a process gets the signal; of one that is gone it is told', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)']);
  const ended = once(child, 'exit');
  assert.equal(systemSignals.send(child.pid!, 'SIGKILL'), 'sent');
  assert.deepEqual(await ended, [null, 'SIGKILL']);
  assert.equal(systemSignals.send(child.pid!, 'SIGKILL'), 'gone');
});

test('a number that would mean a group of processes reaches nobody', () => {
  for (const id of [0, -1, 1.5, Number.NaN]) assert.equal(systemSignals.send(id, 'SIGTERM'), 'gone');
});
