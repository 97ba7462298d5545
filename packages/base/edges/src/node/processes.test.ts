import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { systemSignals } from './processes.ts';

test('a running process receives the signal; an exited one is reported as gone', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)']);
  const ended = once(child, 'exit');
  assert.equal(systemSignals.send(child.pid!, 'SIGKILL'), 'sent');
  assert.deepEqual(await ended, [null, 'SIGKILL']);
  assert.equal(systemSignals.send(child.pid!, 'SIGKILL'), 'gone');
});

test('an id that would address a process group is never signalled', () => {
  for (const id of [0, -1, 1.5, Number.NaN]) assert.equal(systemSignals.send(id, 'SIGTERM'), 'gone');
});
