import assert from 'node:assert/strict';
import { duplexPair } from 'node:stream';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { seededRandom } from '@medkit/edges';
import { SimulatedClock } from '@medkit/edges/testing';
import { type HubUplink, identityFrom, newIdentityKey } from '@medkit/tunnel';
import { heldUplinks } from '@medkit/tunnel/front';
import { frontLinks } from './front-links.ts';
import type { RobotSession } from './robot-sessions.ts';
import { serveFronts } from './serve-fronts.ts';

/** The uplink of a robot, which notes how it ended. */
function uplinkOf(robot: string) {
  const { promise, resolve } = Promise.withResolvers<string>();
  const ends: string[] = [];
  const uplink = {
    ...{ kind: 'open', fingerprint: 'K', wentBack: false, ended: promise, welcome: { robot } },
    end: () => resolve('farewell'),
    destroy: () => {
      ends.push('destroyed');
      resolve('destroyed');
    },
  } as unknown as HubUplink;
  return { uplink, ends };
}

/** A hub that held the uplinks of robots before it took over. `failing` cannot be noted by the record. */
function setUp(robots: readonly string[], { connected = [] as readonly string[], failing = '' } = {}) {
  const clock = new SimulatedClock();
  const lines: string[] = [];
  const held = heldUplinks({ clock, random: seededRandom(1), perSec: 100 });
  const uplinks = robots.map(uplinkOf);
  for (const { uplink } of uplinks) held.add(uplink, '10.0.0.7');
  const [added, seen]: [string[], string[]] = [[], []];
  const links = frontLinks(held);
  const fronts = serveFronts({
    fleet: { identity: identityFrom(newIdentityKey()), record: () => assert.fail('no handshake') },
    sessions: {
      add: async ({ welcome: { robot } }, address) => {
        if (robot === failing) throw new Error('the database is away');
        added.push(`${robot} ${address}`);
      },
      get: (robot) => (connected.includes(robot) ? ({} as RobotSession) : undefined),
      seen: (robot) => void seen.push(robot),
    },
    ...{ links, perSec: 20, max: 10, clock, log: (_level: string, line: string) => void lines.push(line) },
  });
  return { clock, held, uplinks, added, seen, links, fronts, lines };
}

test('a hub that takes over uses the uplinks that it held, at a pace, and receives their pings', async () => {
  const { clock, held, uplinks, added, seen, fronts, lines } = setUp(['r1', 'r2', 'r3', 'r4', 'r5']);
  const done = fronts.takeOver();
  await setImmediate();
  assert.deepEqual(added, ['r1 10.0.0.7', 'r2 10.0.0.7']);
  uplinks[3]?.uplink.destroy();
  for (let turn = 0; turn < 3; turn++) {
    clock.advance(100);
    await setImmediate();
  }
  await done;
  assert.deepEqual(added, ['r1 10.0.0.7', 'r2 10.0.0.7', 'r3 10.0.0.7', 'r5 10.0.0.7']);
  held.seen('r3');
  assert.deepEqual(seen, ['r3']);
  assert.match(lines.join(), /uses the connections of 5 robots that it held as a standby/);
  clock.advance(120_000);
  await setImmediate();
  assert.deepEqual(uplinks[0]?.ends, [], 'it does not end after a minute');
});

test('a robot that has connected meanwhile stays with its newer uplink, and one that cannot be noted comes back', async () => {
  const { clock, uplinks, added, fronts, lines } = setUp(['r1', 'r2'], { connected: ['r1'], failing: 'r2' });
  const done = fronts.takeOver();
  await setImmediate();
  clock.advance(100);
  await done;
  assert.deepEqual(added, []);
  for (const { ends } of uplinks) assert.deepEqual(ends, ['destroyed']);
  assert.match(lines.at(-1) ?? '', /cannot use the uplink of r2, which a standby holds: the database is away/);
});

test('a hub serves a bounded number of links, and none after its stop', async () => {
  const { links, fronts, lines } = setUp([]);
  const ends = Array.from({ length: 9 }, () => {
    const [near] = duplexPair();
    links.accept(
      near.on('error', () => undefined),
      '10.0.0.6',
    );
    return near;
  });
  assert.equal(fronts.figures().length, 8);
  assert.equal(ends[8]?.destroyed, true);
  fronts.close();
  for (let turn = 0; turn < 1000 && fronts.figures().length > 0; turn++) await setImmediate();
  assert.deepEqual(fronts.figures(), []);
  const [late] = duplexPair();
  links.accept(late, '10.0.0.6');
  assert.equal(late.destroyed, true);
  assert.equal(lines.filter((line) => /the link of the standby at 10\.0\.0\.6 ended/.test(line)).length, 8);
});
