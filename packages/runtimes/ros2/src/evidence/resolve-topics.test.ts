import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { evidenceScene } from '../testing/evidence-scene.ts';
import { publisherOf } from '../testing/running-runtime.ts';

describe('the topics that a name refers to for sources of faults', () => {
  it('are resolved by full names, relative ones and endings', async () => {
    const scene = await evidenceScene(
      publisherOf('/scan'),
      publisherOf('/driver/state', { node: '/driver' }),
      publisherOf('/listener/state', { node: '/listener' }),
      publisherOf('/arm/joint_states'),
    );
    const cases: readonly (readonly [string, readonly string[], readonly string[]])[] = [
      ['/scan', [], ['/scan']],
      ['scan', [], ['/scan']],
      ['driver/state', [], ['/driver/state']],
      ['~/state', ['/listener'], ['/listener/state']],
      ['~/state', [], []],
      ['state', [], ['/driver/state', '/listener/state']],
      ['state', ['/listener'], ['/listener/state']],
      ['joint_states', ['/driver'], ['/arm/joint_states']],
      ['/joint_states', ['/driver'], []],
    ];
    for (const [name, sources, topics] of cases) {
      assert.deepEqual(scene.sampler.resolveTopics(name, sources)?.topics, topics, `${name} of ${sources}`);
    }
    assert.equal(scene.sampler.resolveTopics('joint_state', [])?.nearest, '/arm/joint_states');
    assert.equal(scene.sampler.resolveTopics('zzz', [])?.nearest, undefined);
    await scene.close();
  });

  it('are not known while the graph has no topic', async () => {
    const scene = await evidenceScene();
    assert.equal(scene.sampler.resolveTopics('scan', []), undefined);
    await scene.close();
  });
});
