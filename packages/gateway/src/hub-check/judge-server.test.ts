import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { ServerFacts } from '@medkit/store/postgres';
import { judgeServer } from './judge-server.ts';

const NOW_MS = 1_790_000_000_000;
const GOOD: ServerFacts = {
  ...{ path: 'postgres://medkit@db/medkit', version: '15.18', isStandby: false, standbys: 0, commit: 'on' },
  ...{ waits: false, freeConnections: 90, wallMs: NOW_MS, bytes: 1_500_000, holders: [] },
};
const problems = (changes: Partial<ServerFacts>) =>
  judgeServer({ ...GOOD, ...changes }, NOW_MS)
    .filter(({ state }) => state !== 'ok')
    .map(({ state, text }) => `${state}: ${text}`);

it('a good server has no problem, and its line names the hub that uses it', () => {
  assert.deepEqual(problems({}), []);
  const holder = { pid: 7, owner: 'a', description: 'medkit process 1 on hub-a', silentMs: 5 };
  const holders = ['medkit', 'medkit_gateway'].map((schema) => ({ schema, holder }));
  const [line] = judgeServer({ ...GOOD, holders }, NOW_MS);
  assert.equal(
    line?.text,
    'postgres://medkit@db/medkit: PostgreSQL 15.18, 1.5 MB, in use by medkit process 1 on hub-a',
  );
});

it('each problem of a server is found', () => {
  assert.match(problems({ isStandby: true })[0] ?? '', /^error: .* follows another server/);
  assert.match(problems({ standbys: 1 })[0] ?? '', /^warning: a failover .* commits do not wait/);
  assert.match(problems({ standbys: 1, waits: true })[0] ?? '', /commits do not wait/);
  assert.deepEqual(problems({ standbys: 1, waits: true, commit: 'remote_apply' }), []);
  assert.deepEqual(problems({ standbys: undefined }), []);
  assert.match(problems({ freeConnections: 9 })[0] ?? '', /^warning: the server has 9 free connections/);
  assert.deepEqual(problems({ freeConnections: 10, wallMs: NOW_MS - 60_000 }), []);
  assert.match(problems({ wallMs: NOW_MS - 60_001 })[0] ?? '', /^error: the clocks .* differ by 60 s/);
});
