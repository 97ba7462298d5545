import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkLines } from './check.ts';
import { explanationLines } from './explain.ts';

describe('medkit vda5050 explain', () => {
  it('prints the verdict first, then the reason, then the message', () => {
    const explanation = {
      fault: 'STOP',
      entity: 'apps/gate',
      origin: 'island',
      status: 'CONFIRMED',
      sends: 'error',
      why: ['it is confirmed'],
      message: { errorType: 'STOP' },
    } as const;
    assert.deepEqual(explanationLines(explanation), [
      'STOP apps/gate of island: sent as an error',
      '  it is confirmed',
      '{\n  "errorType": "STOP"\n}',
    ]);
    const unsent = { ...explanation, origin: 'local', sends: 'nothing' } as const;
    assert.deepEqual(explanationLines(unsent).slice(0, -1), [
      'STOP apps/gate: nothing is sent',
      '  it is confirmed',
      'Without these reasons, the message would be:',
    ]);
  });
});

describe('medkit vda5050 check', () => {
  it('prints every finding with its line, or that there is none', () => {
    assert.deepEqual(checkLines([{ at: 'f:3', message: 'there is no apps/a' }]), ['f:3: there is no apps/a']);
    assert.deepEqual(checkLines([]), ['No problems: the gateway has all entities, data items and values of the file.']);
  });
});
