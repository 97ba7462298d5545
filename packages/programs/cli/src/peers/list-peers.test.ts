import assert from 'node:assert/strict';
import { test } from 'node:test';
import { peerTable } from './list-peers.ts';

test('gateways are listed with their state; one that never answered is marked as such', () => {
  const lines = peerTable([
    {
      name: 'arm',
      url: 'http://10.0.0.7:8080',
      status: 'online',
      entities: 41,
      last_seen: '2026-03-23T02:15:33.120Z',
      round_trip_ms: 1.8,
      clock: { offset_ms: 12.43, uncertainty_ms: 0.9 },
    },
    { name: 'yard', url: 'http://10.0.0.9:8080', status: 'pending', entities: 0, discovered: true },
    {
      name: 'planning',
      url: 'http://10.0.0.8:8080',
      status: 'offline',
      entities: 0,
      clock: { offset_ms: -3_600_000, uncertainty_ms: 2 },
      problem: 'ECONN\u001b[2JREFUSED',
    },
  ]).split('\n');
  assert.match(lines[0] ?? '', /^GATEWAY +STATUS +ROUND TRIP +CLOCK +ENTITIES +LAST SEEN +ADDRESS +PROBLEM$/);
  assert.match(
    lines[1] ?? '',
    /^arm +online +1\.8 ms +\+12\.4 ms ±0\.9 +41 +2026-03-2\d \d\d:\d\d:33\.120 +http:\/\/10\.0\.0\.7:8080$/,
  );
  assert.match(lines[2] ?? '', /^yard +pending +0 +never +http:\/\/10\.0\.0\.9:8080$/);
  assert.match(lines[3] ?? '', /^planning +offline +-3600\.0 s +0 +never +http:\/\/10\.0\.0\.8:8080 +ECONN.*REFUSED$/);
  assert.ok(!lines.join().includes('\u001b'), 'what a gateway says does not steer the terminal');
});

test('without other gateways, the settings that add them are shown', () => {
  assert.match(peerTable([]), /aggregation\.peer_urls/);
});
