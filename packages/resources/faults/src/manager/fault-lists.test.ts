import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { StoreError } from '@medkit/store';
import type { HierarchicalRule } from '../correlation/correlation-rule.ts';
import type { FaultStorage } from '../storage/fault-storage.ts';
import { robotFaults } from '../testing/robot-faults.ts';

const RULE: HierarchicalRule = {
  mode: 'hierarchical',
  id: 'power',
  name: 'power',
  windowMs: 1000,
  rootCause: ['ROOT'],
  symptoms: ['SYMPTOM'],
  muteSymptoms: true,
  autoClearWithRoot: true,
};

describe('lists of faults', () => {
  it('are the very same object for the same query until a fault changes', async () => {
    const robot = await robotFaults();
    const empty = robot.manager.list({});
    assert.equal(robot.manager.list({}), empty);
    await robot.fail();
    const one = robot.manager.list({});
    assert.deepEqual([empty.faults.length, one.faults.length], [0, 1]);
    assert.equal(robot.manager.list({}), one);
    await robot.manager.clear('F1', { cascade: true });
    assert.deepEqual(robot.manager.list({}).faults, []);
  });

  it('are distinguished by every part of the query', async () => {
    const robot = await robotFaults();
    await robot.fail();
    const questions = [
      {},
      { statuses: ['CLEARED'] },
      { severity: 0 },
      { entity: '/other' },
      { entity: '/source' },
      { includeMuted: true },
    ];
    const lists = questions.map((question) => robot.manager.list(question));
    assert.equal(new Set(lists).size, questions.length);
    assert.deepEqual(
      lists.map(({ faults }) => faults.length),
      [1, 0, 0, 0, 1, 1],
    );
  });

  it('reflect immediately what correlation hides', async () => {
    const robot = await robotFaults({ rules: [RULE] });
    await robot.fail({ code: 'ROOT' });
    robot.manager.list({});
    await robot.fail({ code: 'SYMPTOM' });
    const { faults, muted } = robot.manager.list({});
    assert.deepEqual(
      [faults.map(({ code }) => code), muted.map(({ faultCode }) => faultCode)],
      [['ROOT'], ['SYMPTOM']],
    );
    await robot.manager.clear('ROOT', { cascade: true });
    assert.deepEqual(robot.manager.list({}).muted, []);
  });

  it('drop what was never written to disk', async () => {
    const failing = (storage: FaultStorage): FaultStorage => ({
      ...storage,
      save: async () => {
        throw new StoreError('the disk is full');
      },
    });
    const robot = await robotFaults({ rules: [RULE], through: failing });
    await assert.rejects(robot.fail({ code: 'ROOT' }));
    const before = robot.manager.list({});
    const failed = robot.fail({ code: 'SYMPTOM' });
    assert.equal(robot.manager.list({}), before, 'nothing is on disk yet');
    await assert.rejects(failed);
    assert.deepEqual(robot.manager.list({}).faults, []);
    assert.notEqual(robot.manager.list({}), before);
  });

  it('are few: many different queries clear the cache', async () => {
    const robot = await robotFaults();
    const first = robot.manager.list({});
    for (let index = 0; index < 100; index += 1) robot.manager.list({ entity: `/node_${index}` });
    assert.notEqual(robot.manager.list({}), first);
  });
});
