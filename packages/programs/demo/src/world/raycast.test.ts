import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { castRay } from './raycast.ts';
import { WAREHOUSE } from './warehouse.ts';

const near = (actual: number, expected: number) => assert.ok(Math.abs(actual - expected) < 1e-9, `${actual}`);

test('a ray ends at the first box in its path, whichever side it comes from', () => {
  const boxes = [
    { minX: 2, minY: -1, maxX: 3, maxY: 1 },
    { minX: 5, minY: -1, maxX: 6, maxY: 1 },
  ];
  near(castRay({ x: 0, y: 0 }, 0, { boxes, discs: [] }), 2);
  near(castRay({ x: 8, y: 0 }, Math.PI, { boxes, discs: [] }), 2);
  near(castRay({ x: 2.5, y: 4 }, -Math.PI / 2, { boxes, discs: [] }), 3);
  assert.equal(castRay({ x: 0, y: 0 }, Math.PI, { boxes, discs: [] }), Number.POSITIVE_INFINITY);
  near(castRay({ x: 0, y: -2 }, Math.PI / 4, { boxes: [boxes[0]], discs: [] }), 2 * Math.SQRT2);
});

test('a ray ends at the near side of a disc and passes one behind it', () => {
  const discs = [{ x: 3, y: 0, radiusM: 0.5 }];
  near(castRay({ x: 0, y: 0 }, 0, { boxes: [], discs }), 2.5);
  assert.equal(castRay({ x: 0, y: 0 }, Math.PI, { boxes: [], discs }), Number.POSITIVE_INFINITY);
  assert.equal(castRay({ x: 0, y: 0.51 }, 0, { boxes: [], discs }), Number.POSITIVE_INFINITY);
});

test('no ray leaves the warehouse, and what it hits is on the edge of a box', () => {
  const random = seededRandom(7);
  const obstacles = { boxes: WAREHOUSE.boxes, discs: [] };
  for (let round = 0; round < 2000; round += 1) {
    const from = { x: 0.5 + random.float() * 19, y: 0.5 + random.float() * 11 };
    const inside = ({ x, y }: { x: number; y: number }, margin: number) =>
      WAREHOUSE.boxes.some(
        (box) => x > box.minX - margin && x < box.maxX + margin && y > box.minY - margin && y < box.maxY + margin,
      );
    if (inside(from, 0)) continue;
    const angle = random.float() * 2 * Math.PI;
    const distance = castRay(from, angle, obstacles);
    const at = (along: number) => ({ x: from.x + along * Math.cos(angle), y: from.y + along * Math.sin(angle) });
    assert.ok(distance > 0 && distance < 24, `${distance}`);
    assert.ok(inside(at(distance), 1e-6), 'it ends at a box');
    assert.ok(!inside(at(distance * 0.999), -1e-6), 'and not behind its edge');
  }
});
