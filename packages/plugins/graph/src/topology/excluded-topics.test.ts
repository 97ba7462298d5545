import assert from 'node:assert/strict';
import { it } from 'node:test';
import { isExcluded } from './excluded-topics.ts';

it('3.5 excluded topics: topics that every node has, and topics of NITROS by whole segments', () => {
  for (const topic of [
    '/parameter_events',
    '/rosout',
    '/diagnostics',
    '/camera/nitros',
    '/nitros/image',
    '/camera/nitros/image',
    '/camera/image/_supported_types',
  ]) {
    assert.ok(isExcluded(topic), topic);
  }
  for (const topic of [
    '/nitros_bridge/x',
    '/my_nitros',
    '/robot/rosout',
    '/diagnostics_agg',
    '/a/_supported_types/b',
  ]) {
    assert.ok(!isExcluded(topic), topic);
  }
});
