import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RobotState } from '../robot/robot-state.ts';
import { exampleHeader, IDLE_ROBOT } from '../testing/idle-robot.ts';
import { decodeState, encodeState } from './state.ts';

const header = exampleHeader('3.0.0');
const sent = (changes: Partial<RobotState> = {}) => JSON.parse(encodeState(header, { ...IDLE_ROBOT, ...changes }));

describe('a state of 3.0.0', () => {
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
      instantActionStates: [],
      powerSupply: { stateOfCharge: 80, charging: false },
      operatingMode: 'AUTOMATIC',
      errors: [],
      information: [],
      safetyState: { activeEmergencyStop: 'NONE', fieldViolation: false },
    });
  });

  it('has errors and information with translations, hints and references', () => {
    const references = [{ key: 'entityId', value: 'safety_gate' }];
    const message = sent({
      errors: [
        {
          type: 'PROTECTIVE_STOP',
          level: 'CRITICAL',
          references,
          description: 'Stopped',
          descriptionTranslations: { de: 'Halt' },
          hint: 'Clear the aisle',
          hintTranslations: { de: 'Gang räumen' },
        },
      ],
      information: [{ type: 'STATISTICS', level: 'INFO', references, description: 'All is well' }],
    });
    const referenced = [{ referenceKey: 'entityId', referenceValue: 'safety_gate' }];
    assert.deepEqual(message.errors, [
      {
        errorType: 'PROTECTIVE_STOP',
        errorReferences: referenced,
        errorDescription: 'Stopped',
        errorHint: 'Clear the aisle',
        errorLevel: 'CRITICAL',
        errorDescriptionTranslations: [{ translationKey: 'de', translationValue: 'Halt' }],
        errorHintTranslations: [{ translationKey: 'de', translationValue: 'Gang räumen' }],
      },
    ]);
    assert.deepEqual(message.information, [
      { infoType: 'STATISTICS', infoLevel: 'INFO', infoReferences: referenced, infoDescriptor: 'All is well' },
    ]);
  });

  it('has MANUAL for an emergency stop that releases itself', () => {
    const safety = { emergencyStop: 'AUTOACK', fieldViolation: true } as const;
    assert.deepEqual(sent({ safety }).safetyState, { activeEmergencyStop: 'MANUAL', fieldViolation: true });
  });

  it('shows that a robot does not know its position', () => {
    const position = { mapId: 'hall', x: 1, y: 2, theta: Math.PI, localized: false };
    assert.deepEqual(sent({ position }).mobileRobotPosition, position);
  });

  it('is malformed if a word, a number or a member is wrong, and the message names it', () => {
    const read = (message: object) => () => decodeState(Buffer.from(JSON.stringify(message)));
    const error = { errorType: 'A', errorLevel: 'BAD' };
    assert.throws(read({ ...sent(), errors: [error] }), {
      name: 'MalformedMessage',
      message: 'state: errors[0].errorLevel is not one of WARNING, URGENT, CRITICAL, FATAL',
    });
    const powerSupply = { stateOfCharge: 101, charging: false };
    assert.throws(read({ ...sent(), powerSupply }), { message: 'state: powerSupply.stateOfCharge must be <= 100' });
    assert.throws(read({ ...sent(), safetyState: {} }), {
      message: 'state: safetyState.activeEmergencyStop is missing',
    });
    const errors = Array.from({ length: 1001 }, () => ({ errorType: 'A', errorLevel: 'FATAL' }));
    assert.throws(read({ ...sent(), errors }), { message: 'state: errors must not have more than 1000 items' });
  });
});
