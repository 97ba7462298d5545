import assert from 'node:assert/strict';
import { it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { seededRandom } from '@medkit/edges';
import { systemClock } from '@medkit/edges/node';
import { httpStreamsOver } from '@medkit/edges/node/http-streams';
import { uplinkPair, uplinkScene } from '@medkit/tunnel/testing';
import { printSeed, STORM_SEED, scaledStorm } from '../harness/storm.ts';

const CUTS = scaledStorm(1000, 80);
const BODY = Buffer.alloc(1 << 20, 1);
/** Longest time before a cut, milliseconds: the requests take about this long. */
const LONGEST_MS = 15;

// Node.js ends the process if HTTP/2 writes to a stream that is shutting down.
it('an uplink may be cut at any moment while bodies travel in both directions', async (context) => {
  printSeed(context);
  const random = seededRandom(STORM_SEED);
  const kinds: Record<string, number> = {};
  for (let at = 0; at < CUTS; at += 1) {
    const scene = uplinkScene(systemClock, (request, response) => request.pipe(response));
    const { near, far, carriers } = await uplinkPair(systemClock, scene);
    const { open } = httpStreamsOver(far.dial(at % 2 === 0 ? 'gateway' : 'files'));
    const requests = [1, 2, 3].map(async () => {
      const reply = await open({ method: 'PUT', url: 'http://robot/', headers: {}, body: BODY, timeoutMs: 5000 });
      for await (const _ of reply.body);
    });
    await delay(random.float() * LONGEST_MS);
    [near.close, far.destroy, () => far.end({ retry_ms: 1 }), () => carriers.robot.stream.destroy()][at % 4]?.();
    const [{ end }] = await Promise.all([near.ended, far.ended, Promise.allSettled(requests)]);
    kinds[end.kind] = (kinds[end.kind] ?? 0) + 1;
  }
  assert.equal(kinds['closed'], CUTS / 4);
  assert.equal(kinds['stopped'], CUTS / 4);
});
