import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FleetView, RobotView } from '@medkit/demo';
import { changeLines, fleetText } from './fleet-lines.ts';

const FIRST: RobotView = {
  robot: 'AMR-01',
  version: '3.0.0',
  connection: 'ONLINE',
  mode: 'MANUAL',
  driving: true,
  batteryPercent: 96,
  place: { x: 10.24, y: 4.5 },
  lanes: ['aisle-2'],
  errors: [],
};
const SECOND: RobotView = { robot: 'AMR-02', version: '2.1.0', connection: 'unknown', lanes: [], errors: [] };
const WELL: FleetView = {
  broker: 'mqtt://127.0.0.1:1883',
  robots: [FIRST, SECOND],
  closed: [],
  way: {
    robot: 'AMR-02',
    orderId: 'a',
    orderUpdateId: 1,
    lanes: ['west-1', 'aisle-2', 'east-1'],
    waits: false,
    around: [],
  },
};
const STOP = { type: 'PROTECTIVE_STOP', level: 'CRITICAL', description: 'a person', link: 'http://gateway/x' } as const;
const STOPPED: FleetView = {
  ...WELL,
  robots: [{ ...FIRST, errors: [STOP] }, SECOND],
  closed: [{ lane: 'aisle-2', robot: 'AMR-01', why: 'PROTECTIVE_STOP (CRITICAL)' }],
  way: {
    robot: 'AMR-02',
    orderId: 'a',
    orderUpdateId: 2,
    lanes: ['west-1', 'west-2', 'aisle-3'],
    waits: false,
    around: ['aisle-2'],
  },
};

describe('the fleet as text', () => {
  it('shows the robots, their problems, the closed lanes, and the routes', () => {
    assert.deepEqual(fleetText(WELL).split('\n'), [
      'ROBOT    VERSION   CONNECTION   MODE     WHERE                 BATTERY   ERRORS',
      'AMR-01   3.0.0     ONLINE       MANUAL   aisle-2 (10.2, 4.5)   96 %      none',
      'AMR-02   2.1.0     unknown                                               none',
      '',
      'Every lane is open.',
      'AMR-02 drives west-1 → aisle-2 → east-1',
    ]);
    assert.deepEqual(fleetText(STOPPED).split('\n').slice(3), [
      '',
      'AMR-01 CRITICAL PROTECTIVE_STOP: a person',
      '  http://gateway/x',
      '',
      'aisle-2 is closed: AMR-01 blocks it: PROTECTIVE_STOP (CRITICAL)',
      'AMR-02 drives west-1 → west-2 → aisle-3, around aisle-2',
    ]);
    const long = { ...WELL.way, lanes: ['a', 'b', 'c', 'd', 'e', 'f', 'g'], waits: true } as FleetView['way'];
    assert.match(
      fleetText({ ...WELL, way: long }),
      /AMR-02 drives a → b → c → d → e → f → …; waits for another robot in a$/,
    );
    assert.match(fleetText({ ...WELL, way: undefined }), /No robot has a route\.$/);
  });

  it('has new lines after a change, but not if a robot only moved', () => {
    assert.deepEqual(changeLines(WELL, STOPPED), [
      'AMR-01 CRITICAL PROTECTIVE_STOP: a person\n  http://gateway/x',
      'aisle-2 is closed: AMR-01 blocks it: PROTECTIVE_STOP (CRITICAL)',
      'AMR-02 drives west-1 → west-2 → aisle-3, around aisle-2',
    ]);
    assert.deepEqual(changeLines(STOPPED, { ...WELL, way: { ...WELL.way, orderUpdateId: 3 } as FleetView['way'] }), [
      'AMR-01 PROTECTIVE_STOP resolved',
      'aisle-2 is open',
      'AMR-02 drives west-1 → aisle-2 → east-1',
    ]);
    const moved = { ...FIRST, place: { x: 11, y: 4.5 }, batteryPercent: 95 };
    const further = { ...WELL.way, orderUpdateId: 4, lanes: ['aisle-2', 'east-1', 'east-2'] } as FleetView['way'];
    assert.deepEqual(changeLines(WELL, { ...WELL, robots: [moved, SECOND], way: further }), []);
    const reworded = { ...FIRST, errors: [{ ...STOP, description: 'two people' }] };
    const because = [{ lane: 'aisle-2', robot: 'AMR-01', why: 'another reason' }];
    assert.deepEqual(changeLines(STOPPED, { ...STOPPED, robots: [reworded, SECOND], closed: because }), []);
    const graver = { ...FIRST, errors: [{ ...STOP, level: 'FATAL' as const }] };
    assert.deepEqual(changeLines(STOPPED, { ...STOPPED, robots: [graver, SECOND] }), [
      'AMR-01 FATAL PROTECTIVE_STOP: a person\n  http://gateway/x',
    ]);
    const gone = { ...FIRST, connection: 'CONNECTION_BROKEN' };
    assert.deepEqual(changeLines(WELL, { ...WELL, robots: [gone, SECOND] }), ['AMR-01 is CONNECTION_BROKEN, MANUAL']);
  });
});
