import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { NORMAL_CONDITIONS } from '../../robot/conditions.ts';
import { ROBOT_AT_START, type Robot } from '../../robot/robot.ts';
import { stepRobot } from '../../robot/step.ts';
import type { Point } from '../../world/plane.ts';
import { isFree } from '../../world/route.ts';
import { ROUND } from '../../world/warehouse.ts';
import { LANES, lanesAt } from '../lanes/lanes.ts';
import { type RoundSegment, roundTripRoute, STATIONS } from './round.ts';

const MAX_STEPS = 10_000;

/** All positions of the first robot on a complete round, until it is docked again. */
function placesOfRound(): readonly Point[] {
  const places: Point[] = [];
  let robot: Robot = ROBOT_AT_START;
  while (robot.goalCount < ROUND.length || robot.phase !== 'docked') {
    robot = stepRobot(robot, NORMAL_CONDITIONS);
    places.push(robot.pose);
    assert.ok(places.length < MAX_STEPS, 'it comes round');
  }
  return places;
}

const lanesOf = (way: readonly RoundSegment[]) => way.map(({ lane }) => lane);

describe('the round of the second robot', () => {
  const usual = STATIONS.map((station, index) => roundTripRoute(station, (index + 1) % STATIONS.length, new Set()));

  it('leads through one lane after the other, by every station and back', () => {
    for (const [start, way] of usual.entries()) {
      for (const [index, { lane, to }] of way.entries()) {
        const before = way[index - 1]?.to ?? STATIONS[start];
        const ends = LANES.filter(({ id }) => id === lane).flatMap(({ from, to }) => [from.id, to.id]);
        assert.deepEqual(ends.toSorted(), [before.id, to.id].toSorted());
      }
      assert.equal(way.filter(({ station }) => station !== undefined).length, STATIONS.length + 1);
    }
    assert.deepEqual(lanesOf(usual[0]).slice(0, 3), ['west-1', 'aisle-2', 'east-1'], 'along no wall');
  });

  it('passes through free places only', () => {
    for (const { from, to } of LANES) {
      for (let share = 0; share <= 1; share += 0.05) {
        const place = { x: from.x + share * (to.x - from.x), y: from.y + share * (to.y - from.y) };
        assert.ok(isFree(place), JSON.stringify(place));
      }
    }
  });

  it('has another route to every station wherever the first robot stops', () => {
    for (const place of placesOfRound()) {
      const closed = new Set(lanesAt(place).map(({ id }) => id));
      for (const [index, station] of STATIONS.entries()) {
        const way = roundTripRoute(station, (index + 1) % STATIONS.length, closed);
        const about = JSON.stringify({ place, closed: [...closed], from: station.id, way: lanesOf(way) });
        assert.notDeepEqual(lanesOf(way), lanesOf(usual[index]), about);
        assert.ok(!lanesOf(way).some((lane) => closed.has(lane)), about);
        assert.equal(way.filter((stretch) => stretch.station !== undefined).length, STATIONS.length + 1, about);
      }
    }
  });

  it('skips a station without a route to it', () => {
    const closed = new Set(['aisle-1', 'east-1']);
    const called = roundTripRoute(STATIONS[0], 1, closed).flatMap(({ station }) => station ?? []);
    assert.deepEqual(called, [2, 0]);
    assert.deepEqual(roundTripRoute(STATIONS[0], 1, new Set(LANES.map(({ id }) => id))), []);
  });
});
