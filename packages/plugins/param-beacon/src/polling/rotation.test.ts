import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { afterFailure, NO_BACK_OFF } from './back-off.ts';
import { nextStart, roundFrom } from './rotation.ts';

/** Returns a temporary node that sorts before, between or after the others. */
function visitor(draw: number): string {
  return `/${draw < 0.3 ? 'a' : draw < 0.6 ? 'staying' : 'z'}_visitor_${Math.floor(draw * 1000)}`;
}

describe('3.3 rotation', () => {
  it('seed 003: a round starts at the first node that the last one did not reach, or one further', () => {
    const nodes = ['/c', '/a', '/b'];
    assert.deepEqual(roundFrom('', nodes), ['/a', '/b', '/c']);
    assert.deepEqual(roundFrom('/b', nodes), ['/b', '/c', '/a']);
    assert.deepEqual(roundFrom('/z', nodes), ['/a', '/b', '/c']);
    assert.equal(nextStart(['/a', '/b', '/c'], 2), '/c');
    assert.equal(nextStart(['/a', '/b', '/c'], 3), '/b');
    assert.equal(nextStart(['/a'], 1), '');
    assert.equal(nextStart([], 0), '');
  });

  it('seed 003: every permanent node has its turn in time, however few a round reaches and however many others appear and disappear', () => {
    const random = seededRandom(5);
    for (let round = 0; round < 100; round++) {
      const staying = Array.from({ length: 1 + Math.floor(random.float() * 30) }, (_, at) => `/staying_${at}`);
      const budget = 1 + Math.floor(random.float() * 5);
      const polled = new Set<string>();
      let start = '';
      // One and a half laps; temporary nodes take some turns of the permanent ones.
      const rounds = Math.ceil((1.5 * (staying.length + 15)) / budget);
      for (let turn = 0; turn < rounds; turn++) {
        const visiting = new Set(Array.from({ length: Math.floor(random.float() * 6) }, () => visitor(random.float())));
        const order = roundFrom(start, [...staying, ...visiting]);
        for (const node of order.slice(0, budget)) polled.add(node);
        start = nextStart(order, Math.min(budget, order.length));
      }
      assert.deepEqual(
        staying.filter((node) => !polled.has(node)),
        [],
        `round ${round}`,
      );
    }
  });
});

describe('3.3 back-off', () => {
  it('3.3 [edge]: after failure n a node is left alone for 2^(n-1) rounds, 8 at most', () => {
    let backOff = NO_BACK_OFF;
    const skips = Array.from({ length: 6 }, () => {
      backOff = afterFailure(backOff);
      return backOff.skip;
    });
    assert.deepEqual(skips, [1, 2, 4, 8, 8, 8]);
  });
});
