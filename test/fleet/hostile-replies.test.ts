import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  connectTestRobot,
  enrolTestRobot,
  type TestHub,
  testHub,
} from '../../packages/gateway/src/testing/test-hub.ts';
import { answerHostile, BODIES, DISPLAYED, HOSTILE_HEADERS } from './hostile-replies.ts';

/** Headers that the hub sets itself; a robot may name a file that the browser only displays. */
const OF_HUB = new Set(['content-disposition', 'content-security-policy', 'x-content-type-options']);
const MAY_NAME = 'content-disposition';
const REQUESTS = [
  ...[200, 206, 302, 404].map((status) => ['GET', status] as const),
  ...[['HEAD', 200] as const, ['POST', 500] as const],
];

let hub: TestHub;
let uplink: Awaited<ReturnType<typeof connectTestRobot>>;

before(async () => {
  hub = await testHub();
  uplink = await connectTestRobot(await enrolTestRobot(hub, 'amr-5'), answerHostile);
});
after(async () => {
  uplink.close();
  await hub.close();
});

describe('a hostile robot cannot run its replies as pages of the hub', () => {
  for (const [name, [, body]] of Object.entries(BODIES)) {
    it(`with the body "${name}"`, async () => {
      for (const [method, status] of REQUESTS) {
        const url = `${hub.url}/fleet/amr-5/api/v1/apps/evil/data/${name}?status=${status}`;
        const reply = await fetch(url, { method, redirect: 'manual' });
        const { headers } = reply;
        const request = `${method} ${status}`;
        const text = await reply.text();
        const isSent = reply.status === status;
        assert.equal(headers.get('x-content-type-options'), 'nosniff', request);
        for (const [header, value] of Object.entries(HOSTILE_HEADERS)) {
          if (header === MAY_NAME && DISPLAYED.has(name)) continue;
          if (OF_HUB.has(header)) assert.notEqual(headers.get(header), value, `${request}: ${header}`);
          else assert.equal(headers.get(header), null, `${request}: ${header}`);
        }
        if (!isSent) {
          // No route of the robot: the hub refused it.
          assert.match(String(headers.get('content-type')), /^application\/json/, request);
          continue;
        }
        if (method !== 'HEAD') assert.equal(text, body, request);
        if (DISPLAYED.has(name)) continue;
        assert.doesNotMatch(String(headers.get('content-type')), /script|css/, request);
        assert.match(String(headers.get('content-disposition')), /^attachment/, request);
        assert.equal(headers.get('content-security-policy'), "default-src 'none'; sandbox", request);
      }
    });
  }
});
