import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { UplinkHub, UplinkStatus } from '@medkit/contract';
import { uplinkLines } from './show-uplink.ts';

const hub = (name: string, changes: Partial<UplinkHub> = {}): UplinkHub => ({
  state: 'connected',
  hub: { name, url: `https://${name}/`, fingerprint: '5JX2V9QK3M7TB0WRHD4A' },
  robot: 'amr-17',
  fingerprint: '8ZC1N6PFYG2S5EKX7Q0T',
  role: 'operator',
  permissions: ['read'],
  required: true,
  waiting: 0,
  ...changes,
});
const log = {
  id: 'log-1',
  newest: 9,
  waiting: 9,
  hubs: [
    { hub: 'a.example', seq: 9 },
    { hub: 'backup', seq: 0 },
  ],
};
const linesOf = (status: UplinkStatus): readonly string[] =>
  uplinkLines(status)
    .split('\n')
    .map((line) => line.trim());

it('prints each hub with what waits for it, then the log with the cursors of programs', () => {
  const first = hub('a.example');
  const second = hub('b.example', {
    state: 'waiting',
    required: false,
    waiting: 9,
    last_end: { code: 'revoked', text: 'the hub revoked it', remedy: 'enrol again', at: '2026-11-27T10:00:00.000Z' },
  });
  const lines = linesOf({ ...first, log, hubs: [first, second] });
  const blocks = lines.join('\n').split('\n\n');
  assert.equal(blocks.length, 3, lines.join('\n'));
  assert.match(blocks[0]!, /state +connected\nhub +a\.example at [\s\S]*waiting +0 records$/);
  assert.match(
    blocks[1]!,
    /state +not connected[\s\S]*remedy +enrol again[\s\S]*waiting +9 records; the log does not wait/,
  );
  assert.match(blocks[2]!, /log +record 9, 9 not committed by every reader\ncursor of backup +0$/);
});

it('prints a robot of an earlier version, which lists no hubs, and one without a hub', () => {
  const { required: _required, waiting: _waiting, ...status } = hub('a.example');
  assert.match(
    linesOf({ ...status, log }).join('\n'),
    /hub +a\.example[\s\S]*\n\nlog +record 9[\s\S]*cursor of a\.example +9/,
  );
  assert.match(uplinkLines({ state: 'not-enrolled' }), /run `medkit enrol <link>` on the robot/);
});
