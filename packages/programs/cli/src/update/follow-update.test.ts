import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClient } from '@medkit/client';
import { followUpdate, formatStatus } from './follow-update.ts';

test('the state of an update is shown in a short line', () => {
  const status = { 'x-medkit': { phase: 'executing' } } as const;
  assert.equal(formatStatus({ ...status, status: 'inProgress', progress: 40 }), 'executing, 40 %');
  assert.equal(formatStatus({ ...status, status: 'pending' }), 'waiting, executing');
  assert.equal(formatStatus({ status: 'completed', 'x-medkit': { phase: 'executed' } }), 'executed');
  assert.equal(
    formatStatus({ status: 'failed', error: 'rolled back', 'x-medkit': { phase: 'failed' } }),
    'rolled back',
  );
});

test('an update is followed to its end by polling', async () => {
  const answers = [
    () => Response.json({ status: 'inProgress', 'x-medkit': { phase: 'preparing' } }),
    () => Response.json({ status: 'completed', 'x-medkit': { phase: 'prepared' } }),
  ];
  const paths: string[] = [];
  const client = createClient({
    url: 'robot',
    send: async (url) => {
      paths.push(new URL(url).pathname);
      return (answers.shift() ?? assert.fail('it was asked after the end'))();
    },
  });
  const { status } = await followUpdate(client, 'nav-2', async () => true);
  assert.equal(status, 'completed');
  assert.deepEqual(new Set(paths), new Set(['/api/v1/updates/nav-2/status']));
});
