import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MAX_SOURCES_PER_FAULT } from '../../fault/fault-sources.ts';
import { CaptureCooldown } from '../../manager/capture-cooldown.ts';
import { type RobotSnapshotOptions, robotSnapshots } from '../../testing/robot-snapshots.ts';

/** Two nodes that report one code, each with a separate topic and one that both publish. */
async function twoReporters(configuration: RobotSnapshotOptions['configuration'] = {}) {
  const robot = await robotSnapshots({
    configuration: { healing_enabled: true, healing_threshold: 0, ...configuration },
  });
  robot.sampler.sources.set('/left', ['/left/current', '/tf']);
  robot.sampler.sources.set('/right', ['/right/current', '/tf']);
  let moment = 0;
  const fail = async (source: string) => {
    moment += 1;
    for (const topic of ['/left/current', '/right/current', '/tf']) robot.sampler.hold(topic, [moment]);
    await robot.fail({ source });
    await robot.settled();
  };
  return { ...robot, fail };
}

describe('a further source of a fault that is confirmed', () => {
  it('has its evidence captured, and replaces none of the first source', async () => {
    const { fail, frames, outliving, captures } = await twoReporters();
    await fail('/left');
    const first = await outliving();
    await fail('/right');
    assert.deepEqual([...(await frames())].sort(), ['/left/current 1', '/right/current 2', '/tf 1']);
    assert.equal(await outliving(), first);
    assert.deepEqual(
      captures.map(({ occurrence, sources, capturedSources }) => [occurrence, sources, capturedSources]),
      [
        [1, ['/left'], undefined],
        [1, ['/right'], ['/left']],
      ],
    );
  });

  it('is captured once in an occurrence, however often it reports', async () => {
    const { fail, frames, captures } = await twoReporters({ 'snapshots.recapture_cooldown_sec': 0 });
    for (const source of ['/left', '/right', '/left', '/right']) await fail(source);
    assert.equal(captures.length, 2);
    assert.deepEqual([...(await frames())].sort(), ['/left/current 1', '/right/current 2', '/tf 1']);
  });

  it('gets no more frames than fit, which the occurrence states', async () => {
    const { fail, frames, manager } = await twoReporters({ 'snapshots.max_per_fault': 2 });
    await fail('/left');
    await fail('/right');
    assert.deepEqual([...(await frames())].sort(), ['/left/current 1', '/tf 1']);
    const [{ missing }] = await manager.occurrences('F1');
    assert.equal(missing, '1 of /right: the maximum number of snapshots is reached (snapshots.max_per_fault)');
  });

  it('adds to the missing frames of the occurrence, and replaces none', async () => {
    const robot = await robotSnapshots();
    robot.sampler.sources.set('/left', ['/left/mute']);
    robot.sampler.sources.set('/right', ['/right/mute']);
    for (const source of ['/left', '/right']) {
      await robot.fail({ source });
      await robot.clock.advanceAsync(3000, 250);
      await robot.settled();
    }
    const [{ missing }] = await robot.manager.occurrences('F1');
    assert.equal(
      missing,
      '/left/mute: no message was received within 1 s; /right/mute: no message was received within 1 s',
    );
  });

  it('is captured when it confirms the fault again within the cooldown of the first', async () => {
    const { fail, pass, frames, manager } = await twoReporters();
    await fail('/left');
    await pass({ source: '/left' });
    await fail('/right');
    assert.equal((await frames()).includes('/right/current 2'), true);
    assert.equal((await manager.occurrences('F1'))[1].missing, '');
  });
});

describe('the cooldown of captures', () => {
  it('applies to one code and one source, and stores a limited number of sources', () => {
    const cooldown = new CaptureCooldown(1000);
    assert.deepEqual(
      [cooldown.begin('A', ['/x'], 0), cooldown.begin('A', ['/x'], 999), cooldown.begin('A', ['/y'], 999)],
      [true, false, true],
    );
    assert.deepEqual([cooldown.begin('A', ['/x'], 1000), cooldown.begin('A', ['/y'], 1000)], [true, false]);
    const begun = Array.from({ length: 2 * MAX_SOURCES_PER_FAULT }, (_, at) => cooldown.begin('B', [`/n${at}`], 0));
    assert.equal(begun.filter(Boolean).length, MAX_SOURCES_PER_FAULT);
    cooldown.forget('B');
    assert.equal(cooldown.begin('B', ['/n0'], 1), true);
  });
});
