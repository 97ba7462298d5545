import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pageOfSource, receiverOfOrigin, sourceText, targetLabel } from './target-label.ts';

describe('the label of a target', () => {
  it('is the name of a receiver, or the address of a webhook', () => {
    assert.equal(targetLabel('receiver:oncall'), 'oncall');
    assert.equal(targetLabel('https://receiver.example'), 'https://receiver.example');
    assert.equal(receiverOfOrigin('https://receiver.example'), undefined);
  });
});

describe('the source of a delivery', () => {
  it('is shown without the base of the API, and links to its page', () => {
    assert.equal(sourceText('/api/v1/apps/battery/triggers/trig_1'), '/apps/battery/triggers/trig_1');
    assert.equal(pageOfSource('/api/v1/x-medkit-incidents/inc_1'), '/incidents/inc_1');
    assert.equal(pageOfSource('/api/v1/apps/lidar/faults/F1'), '/apps/lidar/faults/F1');
    for (const source of ['//evil.example/x', 'javascript:alert(1)', '/api/v1/x-medkit-incidents/a/b']) {
      assert.equal(pageOfSource(source), undefined, source);
    }
  });
});
