import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { endOfOutput, plainOutput } from './run-output.ts';

describe('the output of a run', () => {
  it('is shown without colours, titles and control characters', () => {
    assert.equal(plainOutput('\u001b[1;31mred\u001b[0m \u001b]0;title\u0007end\u0000\n'), 'red end\n');
    assert.equal(plainOutput('<b>\u202Egnp'), '<b>\u202Egnp');
  });

  it('shows the last state of a line that is drawn repeatedly', () => {
    assert.equal(plainOutput('10 %\r50 %\r100 %\ndone\r\n'), '100 %\ndone\n');
  });

  it('is shown from its last lines, with the number of those before', () => {
    assert.deepEqual(endOfOutput('a\nb\nc\n', 2), { text: 'b\nc\n', omittedLines: 1 });
    assert.deepEqual(endOfOutput('a\nb\nc', 2), { text: 'b\nc', omittedLines: 1 });
    assert.deepEqual(endOfOutput('a\nb\n', 2), { text: 'a\nb\n', omittedLines: 0 });
    assert.deepEqual(endOfOutput('', 2), { text: '', omittedLines: 0 });
    assert.deepEqual(endOfOutput('\n\n\n', 2), { text: '\n\n', omittedLines: 1 });
  });

  it('is cut within a line that is too long', () => {
    assert.equal(endOfOutput('x'.repeat(100), 10, 30).text.length, 30);
    assert.equal(endOfOutput(`a\n${'x'.repeat(100)}`, 10, 30).text.length, 30);
  });
});
