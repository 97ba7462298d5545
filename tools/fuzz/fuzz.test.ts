import assert from 'node:assert/strict';
import { test } from 'node:test';
import { datagramStorm } from './datagrams/datagram-storm.ts';
import { payloadStorm } from './payloads/payload-storm.ts';
import { requestStorm } from './requests/request-storm.ts';
import type { Stage } from './stage.ts';

/** Each storm at a small size, so that the long runs are known to work. */
const STORMS: readonly (readonly [string, Stage, number])[] = [
  ['datagrams', datagramStorm, 3000],
  ['payloads', payloadStorm, 2000],
  ['requests', requestStorm, 200],
];

for (const [name, stage, count] of STORMS) {
  test(`a short storm of ${name} causes no failure, and reports its counts`, async () => {
    const figures = await stage({ seed: 5, count, deadlineMs: Number.POSITIVE_INFINITY, progress: () => undefined });
    assert.ok(figures[0].startsWith(`${count.toLocaleString('en')} ${name}`), figures[0]);
    assert.ok(figures.some((line) => line.startsWith('memory after collection')));
  });
}
