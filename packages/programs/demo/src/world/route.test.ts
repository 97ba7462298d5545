import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '@medkit/edges';
import type { Point } from './plane.ts';
import { distanceBetween, GOAL_CLEARANCE_M, isFree, lengthOf, routeBetween } from './route.ts';
import { DOCK, ROUND, WAREHOUSE } from './warehouse.ts';

const ROBOT_RADIUS_M = 0.3;
const STEP_M = 0.05;

function touchesSomething({ x, y }: Point): boolean {
  return WAREHOUSE.boxes.some(
    ({ minX, minY, maxX, maxY }) =>
      x > minX - ROBOT_RADIUS_M && x < maxX + ROBOT_RADIUS_M && y > minY - ROBOT_RADIUS_M && y < maxY + ROBOT_RADIUS_M,
  );
}

function* pointsAlong(from: Point, way: readonly Point[]): Generator<Point> {
  for (const [index, to] of way.entries()) {
    const start = index === 0 ? from : way[index - 1];
    const count = Math.ceil(distanceBetween(start, to) / STEP_M);
    for (let part = 0; part <= count; part += 1) {
      const share = count === 0 ? 0 : part / count;
      yield { x: start.x + (to.x - start.x) * share, y: start.y + (to.y - start.y) * share };
    }
  }
}

test('no route between any two free places touches a shelf or a wall, and each is as short as possible', () => {
  const random = seededRandom(11);
  const somewhere = (clearanceM: number): Point => {
    const point = { x: random.float() * WAREHOUSE.widthM, y: random.float() * WAREHOUSE.heightM };
    return isFree(point, clearanceM) ? point : somewhere(clearanceM);
  };
  for (let round = 0; round < 500; round += 1) {
    const [from, to] = [somewhere(ROBOT_RADIUS_M), somewhere(GOAL_CLEARANCE_M)];
    const way = routeBetween(from, to);
    assert.equal(way.at(-1), to);
    for (const point of pointsAlong(from, way)) {
      assert.ok(!touchesSomething(point), `${JSON.stringify({ from, to, point })}`);
    }
    const back = lengthOf(to, routeBetween(to, from));
    assert.ok(Math.abs(lengthOf(from, way) - back) < 1e-9, 'it is the same way back');
    assert.ok(lengthOf(from, way) >= distanceBetween(from, to) - 1e-9);
  }
});

test('the robot drives straight to a visible place, and around a shelf at its nearer end', () => {
  for (const [index, to] of ROUND.entries()) assert.deepEqual(routeBetween(ROUND.at(index - 1) ?? DOCK, to), [to]);
  const to = { x: 5, y: 7.5 };
  assert.deepEqual(routeBetween({ x: 5, y: 4.5 }, to), [{ x: 2.2, y: 4.5 }, { x: 2.2, y: 7.5 }, to]);
  const right = { x: 15, y: 7.5 };
  assert.deepEqual(routeBetween({ x: 15, y: 4.5 }, right), [{ x: 17.8, y: 4.5 }, { x: 17.8, y: 7.5 }, right]);
});

test('no place in a shelf, at a wall, outside the hall or nowhere is free', () => {
  assert.ok([DOCK, ...ROUND].every((point) => isFree(point)));
  const shelf = { x: 10, y: 3 };
  const besideShelf = { x: 10, y: 3.5 + GOAL_CLEARANCE_M / 2 };
  for (const point of [shelf, besideShelf, { x: 0.3, y: 6 }, { x: -5, y: 4.5 }, { x: 10, y: 99 }]) {
    assert.ok(!isFree(point), JSON.stringify(point));
  }
  for (const wild of [Number.NaN, Number.POSITIVE_INFINITY, -1e300]) assert.ok(!isFree({ x: wild, y: 4.5 }));
});
