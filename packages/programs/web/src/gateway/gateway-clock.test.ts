import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { lockRemainingMs } from '../access/blocking-lock.ts';
import { clockSkewMs, GatewayClock, gatewayNowMs, syncToReplyDate, syncToStreamTime } from './gateway-clock.ts';

it('uses the latest time of a minute, because a delayed message has a time that is too early', () => {
  const clock = new GatewayClock();
  assert.equal(clock.nowMs(0), undefined);
  clock.sync(1_000_000, 100);
  clock.sync(1_000_400, 1_000);
  assert.equal(clock.nowMs(1_000), 1_000_900);
  clock.sync(1_001_950, 2_000);
  assert.equal(clock.nowMs(2_000), 1_001_950);
  clock.sync(1_061_000, 62_001);
  assert.equal(clock.nowMs(62_001), 1_061_000, 'the clock of the gateway was set back');
});

it('takes the date of a reply until a live value has a time', () => {
  syncToReplyDate(null);
  syncToReplyDate('yesterday');
  assert.equal(clockSkewMs(), 0);
  syncToReplyDate(new Date(Date.now() - 10 * 60_000).toUTCString());
  assert.ok(Math.abs(clockSkewMs() + 10 * 60_000) <= 1_000, `${clockSkewMs()}`);
  syncToStreamTime(Date.now());
  syncToReplyDate(new Date(Date.now() + 60_000).toUTCString());
  assert.equal(clockSkewMs(), 0);
});

it('returns the difference of the clocks if it is more than 2 s', () => {
  syncToStreamTime(Date.now() + 1_500);
  assert.equal(clockSkewMs(), 0);
  syncToStreamTime(Date.now() + 90_000);
  assert.equal(clockSkewMs(), 90_000);
  assert.ok(Math.abs(gatewayNowMs() - Date.now() - 90_000) < 100);
  syncToStreamTime(Number.NaN);
  assert.equal(clockSkewMs(), 90_000);
});

it('counts the rest of a lock, however wrong the clock of the browser is', () => {
  const gatewayMs = Date.now() + 3_600_000;
  syncToStreamTime(gatewayMs);
  const lock = { lock_expiration: new Date(gatewayMs + 60_000).toISOString() };
  assert.ok(Math.abs(lockRemainingMs(lock) - 60_000) < 30_000, `${lockRemainingMs(lock)}`);
});

it('is the only clock of the pages: only the listed files use the clock of the browser', () => {
  const sources = join(import.meta.dirname, '..');
  const files = readdirSync(sources, { recursive: true, encoding: 'utf8' });
  const clockUsers = files
    .filter((file) => /(?<!\.test)\.tsx?$/.test(file))
    .filter((file) => {
      const text = readFileSync(join(sources, file), 'utf8');
      return /\bDate\.now\b|new Date\(\)/.test(text);
    });
  assert.deepEqual(clockUsers.sort(), [
    'gateway/gateway-clock.ts',
    'gateway/new-pages.ts',
    'live/live-stream.ts',
    'live/shared-stream.ts',
    'live/stream-sessions.ts',
  ]);
});
