import assert from 'node:assert/strict';
import { it } from 'node:test';
import { withStaleNotice } from './stale-notice.ts';

const stale = { warning: '110 - "Response is Stale"', 'last-modified': 'Mon, 23 Mar 2026 02:13:31 GMT' };

it('the first reply with the last known state of a robot is reported', async () => {
  const lines: string[] = [];
  let headers: Record<string, string> = {};
  const send = withStaleNotice(
    async () => new Response('{}', { headers }),
    'amr-17',
    (line) => void lines.push(line),
  );
  await send('http://hub/', {});
  assert.deepEqual(lines, []);
  headers = stale;
  for (let time = 0; time < 2; time += 1) await send('http://hub/', {});
  assert.equal(lines.length, 1);
  assert.match(lines[0]!, /^amr-17 is not connected to its hub: this is its last known state as of 2026-03-2/);
});

it('a reply without a time is reported without it', async () => {
  const lines: string[] = [];
  const send = withStaleNotice(
    async () => new Response('{}', { headers: { warning: '110 x' } }),
    'amr-17',
    (line) => void lines.push(line),
  );
  await send('http://hub/', {});
  assert.match(lines[0]!, /last known state$/);
});
