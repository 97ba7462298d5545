import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { LiveHub } from './live-hub.ts';

export interface RandomRequests {
  readonly hub: LiveHub;
  /** Number of robots, `r0` and up. */
  readonly robots: number;
  readonly random: () => number;
  readonly everyMs: number;
  readonly durationMs: number;
}

/**
 * Reads random robots through the hub. Returns how many requests were sent and how many answered: a robot without
 * processor time may answer too late.
 */
export async function requestsOf(options: RandomRequests): Promise<readonly [asked: number, answered: number]> {
  const { hub, robots, random, everyMs, durationMs } = options;
  const endMs = performance.now() + durationMs;
  let [asked, answered] = [0, 0];
  for (; performance.now() < endMs; asked += 1) {
    const path = `/fleet/r${Math.floor(random() * robots)}/api/v1/apps/app_${Math.floor(random() * 50)}`;
    const { status, text } = await hub.ask('GET', path);
    assert.ok([200, 504].includes(status), text);
    if (status === 200) answered += 1;
    await delay(everyMs);
  }
  assert.ok(answered > 0);
  return [asked, answered];
}
