import assert from 'node:assert/strict';
import { test } from 'node:test';
import { frontRangeOf, frontReader, type LaserScan } from './front-range.ts';
import { frontSectorOf } from './front-sector.ts';
import { GATE_SETTINGS } from './gate-settings.ts';

const DEGREE = Math.PI / 180;
const { NaN: NO_RAY, NEGATIVE_INFINITY: TOO_NEAR, POSITIVE_INFINITY: NOTHING } = Number;

/** A full turn that starts behind the robot with one ray per degree; rays 152 to 208 point to the front. */
function scanOf(rangeAt: (ray: number) => number, rest: Partial<LaserScan> = {}): LaserScan {
  const ranges = Float32Array.from({ length: 360 }, (_, ray) => rangeAt(ray));
  return { angle_min: -Math.PI, angle_increment: DEGREE, range_min: 0.05, range_max: 12, ranges, ...rest };
}

const nearestIn = (scan: LaserScan): number | 'unusable' => {
  const { usable, nearestM } = frontRangeOf(scan, frontSectorOf(scan, GATE_SETTINGS.frontRad), GATE_SETTINGS);
  assert.equal(usable, !Number.isNaN(nearestM));
  return usable ? Math.round(nearestM * 1000) / 1000 : 'unusable';
};

const FREE = () => 3;
const inFront = (range: number, otherRange = 3) => scanOf((ray) => (ray >= 152 && ray <= 208 ? range : otherRange));
const ahead = (range: number, others: number) => scanOf((ray) => (ray === 180 ? range : others));

const SCANS: readonly (readonly [string, LaserScan, number | 'unusable'])[] = [
  ['a free way', scanOf(FREE), 3],
  ['one ray that meets something', ahead(0.4, 3), 0.4],
  ['something at the side and behind', inFront(3, 0.1), 3],
  ['a ray that says nothing', ahead(NO_RAY, 3), 3],
  ['no ray in front that says anything', inFront(NO_RAY), 'unusable'],
  ['nothing in range', scanOf(() => NOTHING), 12],
  ['something too near to be measured', ahead(TOO_NEAR, 3), 0],
  ['something too near to be measured, and nothing else said', ahead(TOO_NEAR, NO_RAY), 0],
  ['noise below the least range', ahead(0.01, 3), 3],
  ['only noise below the least range', inFront(0.01), 'unusable'],
  ['zeros of a scanner that has a least range', ahead(0, 3), 3],
  ['zeros of a scanner that has none', scanOf((ray) => (ray === 180 ? 0 : 3), { range_min: 0 }), 0],
  ['negative ranges of a scanner that has none', scanOf(() => -1, { range_min: -2 }), 'unusable'],
  ['what lies beyond the greatest range', scanOf(() => 40), 12],
  ['the least range in front of several', scanOf((ray) => 1 + Math.abs(ray - 185) / 100), 1],
  ['no ranges', scanOf(FREE, { ranges: new Float32Array() }), 'unusable'],
  ['rays that do not turn', scanOf(FREE, { angle_increment: 0 }), 'unusable'],
  ['rays that do not turn, all ahead', scanOf(FREE, { angle_min: 0, angle_increment: 0 }), 'unusable'],
  ['rays in no direction', scanOf(FREE, { angle_increment: NO_RAY }), 'unusable'],
  ['rays from no direction', scanOf(FREE, { angle_min: NO_RAY }), 'unusable'],
  ['rays that turn for ever', scanOf(FREE, { angle_increment: NOTHING }), 'unusable'],
  ['rays too far apart to meet a leg', scanOf(FREE, { angle_increment: Math.PI / 8 }), 'unusable'],
  ['a scanner that sees the left half alone', scanOf(FREE, { angle_min: 0, angle_increment: DEGREE / 2 }), 'unusable'],
  ['a scanner that sees only what is behind', scanOf(FREE, { angle_min: 1, angle_increment: DEGREE / 4 }), 'unusable'],
  ['a scanner that sees less far than the gate opens', scanOf(FREE, { range_max: 0.8 }), 'unusable'],
  ['a greatest range that was left out', scanOf(FREE, { range_max: 0 }), 'unusable'],
  ['no greatest range', scanOf(FREE, { range_max: NO_RAY }), 'unusable'],
  ['an endless range', scanOf(FREE, { range_max: NOTHING }), 'unusable'],
  ['a scanner that is blind up to the threshold', scanOf(FREE, { range_min: 0.8 }), 'unusable'],
  ['no least range', scanOf(FREE, { range_min: NO_RAY }), 'unusable'],
  ['more rays than any scanner has', scanOf(FREE, { ranges: new Float32Array(20_000).fill(3) }), 'unusable'],
];

for (const [what, scan, nearest] of SCANS) {
  test(`a scan with ${what} gives ${nearest}`, () => assert.equal(nearestIn(scan), nearest));
}

/** The same surroundings for scanners with other start angles and directions; the only obstacle is straight ahead. */
const TURNS: readonly (readonly [string, Partial<LaserScan>, number])[] = [
  ['from behind', { angle_min: -Math.PI }, 180],
  ['from ahead, 0 to 2π', { angle_min: 0 }, 0],
  ['from ahead, -2π to 0', { angle_min: -2 * Math.PI }, 0],
  ['from the right', { angle_min: -Math.PI / 2 }, 90],
  ['clockwise from behind', { angle_min: Math.PI, angle_increment: -DEGREE }, 180],
  ['clockwise from ahead', { angle_min: 0, angle_increment: -DEGREE }, 0],
];

for (const [what, turn, ray] of TURNS) {
  test(`a scanner that turns ${what} sees a person in front, 28 degrees to either side and no farther`, () => {
    for (const side of [-28, 0, 28]) {
      assert.equal(nearestIn(scanOf((at) => (at === (ray + side + 360) % 360 ? 0.5 : 3), turn)), 0.5, `${side}`);
    }
    for (const side of [-30, 30, 180]) {
      assert.equal(nearestIn(scanOf((at) => (at === (ray + side + 360) % 360 ? 0.5 : 3), turn)), 3, `${side}`);
    }
  });
}

test('a reader follows scans of one geometry, and one that changes', () => {
  const read = frontReader(GATE_SETTINGS);
  const from = (angle_min: number) => scanOf((ray) => (ray === 180 ? 0.5 : 3), { angle_min });
  assert.deepEqual(
    [-Math.PI, -Math.PI, 0, -Math.PI].map((angle) => read(from(angle)).nearestM),
    [0.5, 0.5, 3, 0.5],
  );
});
