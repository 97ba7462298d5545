import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RobotState } from '../robot/robot-state.ts';
import { exampleHeader, IDLE_ROBOT } from '../testing/idle-robot.ts';
import { decodeState, encodeState } from './state.ts';

const header = exampleHeader('2.1.0');
const sent = (changes: Partial<RobotState> = {}) => JSON.parse(encodeState(header, { ...IDLE_ROBOT, ...changes }));

describe('a state of 2.1.0', () => {
  it('has the required members for a robot without an order, and none with an unknown value', () => {
    assert.deepEqual(sent(), {
      ...header,
      orderId: '',
      orderUpdateId: 0,
      lastNodeId: '',
      lastNodeSequenceId: 0,
      nodeStates: [],
      edgeStates: [],
      driving: false,
      actionStates: [],
      batteryState: { batteryCharge: 80, charging: false },
      operatingMode: 'AUTOMATIC',
      errors: [],
      information: [],
      safetyState: { eStop: 'NONE', fieldViolation: false },
    });
  });

  it('has two levels of errors: whether the robot can continue or not', () => {
    const levels = (['WARNING', 'URGENT', 'CRITICAL', 'FATAL'] as const).map((level) => ({
      type: level,
      level,
      references: [],
    }));
    assert.deepEqual(
      sent({ errors: levels }).errors.map((error: { readonly errorLevel: string }) => error.errorLevel),
      ['WARNING', 'WARNING', 'FATAL', 'FATAL'],
    );
  });

  it('has hints and no translations', () => {
    const error = {
      type: 'PROTECTIVE_STOP',
      level: 'CRITICAL',
      references: [{ key: 'entityId', value: 'safety_gate' }],
      description: 'Stopped',
      descriptionTranslations: { de: 'Halt' },
      hint: 'Clear the aisle',
      hintTranslations: { de: 'Gang räumen' },
    } as const;
    assert.deepEqual(sent({ errors: [error] }).errors, [
      {
        errorType: 'PROTECTIVE_STOP',
        errorReferences: [{ referenceKey: 'entityId', referenceValue: 'safety_gate' }],
        errorDescription: 'Stopped',
        errorHint: 'Clear the aisle',
        errorLevel: 'FATAL',
      },
    ]);
  });

  it('has instant actions after those of the order, none of them with a status that its schema lacks', () => {
    const actions = [{ actionId: 'a', status: 'PAUSED' }] as const;
    const instantActions = [{ actionId: 'b', status: 'RETRIABLE', result: 'no load' }] as const;
    assert.deepEqual(sent({ actions, instantActions }).actionStates, [
      { actionId: 'a', actionStatus: 'RUNNING' },
      { actionId: 'b', actionStatus: 'FAILED', resultDescription: 'no load' },
    ]);
  });

  it('has MANUAL for modes that only 3.0.0 has', () => {
    assert.equal(sent({ operatingMode: 'STARTUP' }).operatingMode, 'MANUAL');
    assert.equal(sent({ operatingMode: 'INTERVENED' }).operatingMode, 'MANUAL');
    assert.equal(sent({ operatingMode: 'TEACH_IN' }).operatingMode, 'TEACHIN');
  });

  it('has a position whose angle is within half a turn, in both directions', () => {
    const position = { mapId: 'hall', x: 1, y: 2, theta: 3.5 * Math.PI, localized: false };
    const { agvPosition } = sent({ position });
    assert.ok(Math.abs(agvPosition.theta + Math.PI / 2) < 1e-9, String(agvPosition.theta));
    assert.deepEqual({ ...agvPosition, theta: 0 }, { x: 1, y: 2, theta: 0, mapId: 'hall', positionInitialized: false });
    const turned = { ...sent({ position }), agvPosition: { ...agvPosition, theta: 1.5 * Math.PI } };
    const { content } = decodeState(Buffer.from(JSON.stringify(turned)));
    assert.ok(Math.abs(content.position!.theta + Math.PI / 2) < 1e-9);
  });

  it('has a charge from 0 to 100', () => {
    const charge = (chargePercent: number) => sent({ battery: { chargePercent, charging: true } }).batteryState;
    assert.deepEqual(charge(-0.5), { batteryCharge: 0, charging: true });
    assert.deepEqual(charge(100.5), { batteryCharge: 100, charging: true });
  });

  it('leaves out invalid numbers if they are optional, and is refused otherwise', () => {
    const position = { mapId: 'hall', x: Number.NaN, y: 2, theta: 0, localized: true };
    const velocity = { vx: 0, vy: 0, omega: Number.POSITIVE_INFINITY };
    const message = sent({ position, velocity, battery: { chargePercent: 1, charging: false, voltageV: Number.NaN } });
    assert.equal('agvPosition' in message, false);
    assert.equal('velocity' in message, false);
    assert.deepEqual(message.batteryState, { batteryCharge: 1, charging: false });
    assert.throws(() => sent({ battery: { chargePercent: Number.NaN, charging: false } }), {
      name: 'RangeError',
      message: 'the charge is NaN, which a message cannot contain',
    });
  });
});
