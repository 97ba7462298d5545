import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { protocolOf, type RobotState } from '@medkit/vda5050';
import { errorOf, STATIONARY } from '../testing/simulated-picture.ts';
import { MAX_ERRORS, shortenState } from './shorten-state.ts';
import { urgentFields } from './state-priority.ts';

const header = { headerId: 1, timestamp: '', version: '3.0.0', manufacturer: 'A', serialNumber: 'B' };
const encode = (state: RobotState) => protocolOf('3.0.0').encodeState(header, state);

function stateWith(errors: number, information = 0): RobotState {
  return {
    ...STATIONARY,
    nodes: [],
    edges: [],
    actions: [],
    instantActions: [],
    errors: Array.from({ length: errors }, (_, at) => errorOf(`FAULT_${at}`)),
    information: Array.from({ length: information }, (_, at) => ({
      type: `NOTE_${at}`,
      level: 'INFO',
      references: [],
    })),
  };
}

describe('a state that is too long', () => {
  it('is complete if it fits', () => {
    const state = stateWith(MAX_ERRORS, 3);
    assert.deepEqual(shortenState(state, 1e6, encode), { state, text: encode(state), leftOut: 0 });
  });

  it('has the first errors, as many as there is room for, and the number of the others', () => {
    for (const maxBytes of [900, 2000, 5000]) {
      const fitted = shortenState(stateWith(300, 3), maxBytes, encode);
      assert.ok(fitted);
      const { state, text, leftOut } = fitted;
      assert.ok(Buffer.byteLength(text) <= maxBytes);
      assert.deepEqual(state.errors, stateWith(300 - leftOut).errors);
      assert.deepEqual(
        state.information.map(({ references }) => references),
        [[{ key: 'leftOut', value: `${leftOut}` }]],
      );
      const one = { ...state, errors: stateWith(300 - leftOut + 1).errors };
      assert.ok(Buffer.byteLength(encode(one)) > maxBytes, 'one more would fit');
    }
  });

  it('has no more errors than the limit', () => {
    const fitted = shortenState(stateWith(1000), 1e6, encode);
    assert.equal(fitted?.state.errors.length, MAX_ERRORS);
    assert.equal(fitted?.leftOut, 1000 - MAX_ERRORS);
  });

  it('loses information before it loses an error', () => {
    const fitted = shortenState(stateWith(5, 60), Buffer.byteLength(encode(stateWith(5))), encode);
    assert.deepEqual([fitted?.leftOut, fitted?.state.information], [0, []]);
  });

  it('is undefined if not even a state without errors fits', () => {
    assert.equal(shortenState(stateWith(1), 100, encode), undefined);
  });
});

describe('urgent parts of a state', () => {
  const state = stateWith(1);
  it('are all changes that a fleet acts upon', () => {
    const changes: readonly Partial<RobotState>[] = [
      { errors: [] },
      { driving: true },
      { operatingMode: 'AUTOMATIC' },
      { paused: true },
      { battery: { chargePercent: 80, charging: true } },
      { safety: { emergencyStop: 'NONE', fieldViolation: true } },
      { instantActions: [{ actionId: 'a', status: 'FAILED' }] },
    ];
    for (const change of changes) assert.notEqual(urgentFields({ ...state, ...change }), urgentFields(state));
  });

  it('do not include the position of the robot, its charge, and information', () => {
    const changes: readonly Partial<RobotState>[] = [
      { position: { mapId: 'warehouse', x: 9, y: 9, theta: 0, localized: true } },
      { velocity: { vx: 1, vy: 0, omega: 0 } },
      { battery: { chargePercent: 79, charging: false } },
      { information: [{ type: 'NOTE', level: 'INFO', references: [] }] },
    ];
    for (const change of changes) assert.equal(urgentFields({ ...state, ...change }), urgentFields(state));
  });
});
