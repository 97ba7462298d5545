import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { topicOf } from '../protocol/topics.ts';
import { protocolOf } from '../select-protocol.ts';
import { exampleHeader, IDLE_ROBOT } from '../testing/idle-robot.ts';

const protocol = protocolOf('2.0.0');
const header = exampleHeader('2.0.0');

describe('VDA 5050 2.0.0', () => {
  it('has the topics of 2.1.0, and version 2.0.0 in the header', () => {
    const robot = { version: '2.0.0', manufacturer: 'ACME', serialNumber: 'AMR-1' } as const;
    assert.equal(topicOf(robot, 'state'), 'uagv/v2/ACME/AMR-1/state');
    assert.equal(JSON.parse(protocol.encodeConnection(header, 'ONLINE')).version, '2.0.0');
  });

  it('has no hint: its text is appended to the description', () => {
    const errors = [
      { type: 'A', level: 'FATAL', references: [], description: 'Stopped.', hint: 'Clear the aisle.' },
      { type: 'B', level: 'WARNING', references: [], hint: 'Clear the aisle.' },
      { type: 'C', level: 'WARNING', references: [] },
    ] as const;
    const state = JSON.parse(protocol.encodeState(header, { ...IDLE_ROBOT, errors }));
    assert.deepEqual(state.errors, [
      { errorType: 'A', errorReferences: [], errorDescription: 'Stopped. Clear the aisle.', errorLevel: 'FATAL' },
      { errorType: 'B', errorReferences: [], errorDescription: 'Clear the aisle.', errorLevel: 'WARNING' },
      { errorType: 'C', errorReferences: [], errorLevel: 'WARNING' },
    ]);
  });

  it('reads an instant action by either of its names, that of the standard and that of the schema', () => {
    for (const name of ['actionName', 'actionType']) {
      const actions = [{ actionId: 'a', [name]: 'stateRequest', blockingType: 'NONE' }];
      const { content } = protocol.decodeInstantActions(Buffer.from(JSON.stringify({ ...header, actions })));
      assert.deepEqual(content, [{ actionId: 'a', actionType: 'stateRequest', parameters: {} }]);
    }
    assert.throws(() => protocol.decodeInstantActions(Buffer.from('{"actions":[null,1]}')), /instantActions/);
    assert.throws(() => protocol.decodeInstantActions(Buffer.from('null')), /instantActions/);
  });
});
