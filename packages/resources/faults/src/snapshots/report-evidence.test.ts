import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { arrived, MemorySampler } from '../testing/memory-sampler.ts';
import { robotSnapshots } from '../testing/robot-snapshots.ts';
import type { SampleOptions } from '../topic-sampler.ts';

const GOAL = { topic: '/navigate', type: 'nav2_msgs/action/Navigate_Result', samples: [arrived({ error_code: 105 })] };

describe('the evidence in a report', () => {
  it('is captured together with topics, and alone if no topic is configured', async () => {
    const robot = await robotSnapshots({ topics: 'fault_specific: { F1: [/speed] }' });
    robot.sampler.hold('/speed', [{ data: 0 }]);
    await robot.fail({ evidence: [GOAL] });
    await robot.fail({ code: 'F2', evidence: [GOAL] });
    await robot.settled();
    assert.deepEqual(await robot.frames('F1'), ['/navigate {"error_code":105}', '/speed {"data":0}']);
    assert.deepEqual(await robot.frames('F2'), ['/navigate {"error_code":105}']);
    const [{ messageType, captureId }] = await robot.snapshots.of('F1');
    assert.deepEqual([messageType, captureId], [GOAL.type, 1]);
    assert.equal(await robot.outliving('F2'), '{"/navigate":{"error_code":105}}');
  });

  it('is dropped if its report does not confirm the fault', async () => {
    const robot = await robotSnapshots({ configuration: { confirmation_threshold: -2 } });
    await robot.fail({ evidence: [GOAL] });
    await robot.fail();
    await robot.settled();
    assert.deepEqual(await robot.frames(), []);
  });

  it('is limited like any message', async () => {
    const robot = await robotSnapshots({ configuration: { 'snapshots.max_message_size': 1500 } });
    const samples = [arrived({ error_msg: 'x'.repeat(2000) })];
    await robot.fail({ evidence: [{ ...GOAL, samples }] });
    await robot.settled();
    const [{ problem }] = await robot.snapshots.of('F1');
    assert.match(problem, /snapshots\.max_message_size is 1500/);
  });
});

describe('late evidence of a reporter', () => {
  const late = { description: 'aborted: no progress', evidence: [GOAL] };

  it('does not replace the cause if it is about a later report', async () => {
    const robot = await robotSnapshots({ topics: 'fault_specific: { F1: [/speed] }' });
    await robot.fail({ description: 'the path is blocked' });
    await robot.fail({ description: 'aborted' });
    await robot.manager.amend({ code: 'F1', ...late });
    const { description, latestDescription } = robot.manager.get('F1') ?? {};
    assert.deepEqual([description, latestDescription], ['the path is blocked', late.description]);
  });

  it('is added to the capture of that occurrence, with the description, and published once', async () => {
    const robot = await robotSnapshots({ topics: 'fault_specific: { F1: [/speed] }' });
    robot.sampler.hold('/speed', [{ data: 0 }]);
    await robot.fail();
    await robot.settled();
    const before = robot.manager.get('F1');
    const count = robot.events.length;
    assert.equal(await robot.manager.amend({ code: 'F1', ...late }), true);
    assert.deepEqual(robot.manager.get('F1'), { ...before, description: late.description });
    assert.deepEqual(new Set(await robot.frames()), new Set(['/navigate {"error_code":105}', '/speed {"data":0}']));
    const frames = await robot.snapshots.of('F1');
    assert.deepEqual(
      new Set(frames.map(({ captureId, occurrence }) => `${captureId} ${occurrence}`)),
      new Set(['1 1']),
    );
    assert.deepEqual(
      robot.events.slice(count).map(({ type }) => type),
      ['fault_updated'],
    );
  });

  it('is stored separately if nothing was captured, also for a fault that has healed meanwhile', async () => {
    const robot = await robotSnapshots({ configuration: { healing_enabled: true, healing_threshold: 0 } });
    await robot.fail();
    await robot.pass();
    assert.equal(await robot.manager.amend({ code: 'F1', ...late }), true);
    assert.deepEqual(await robot.frames(), ['/navigate {"error_code":105}']);
    assert.equal(robot.manager.get('F1')?.status, 'HEALED');
  });

  it('is dropped if the fault was cleared, or never existed', async () => {
    const robot = await robotSnapshots();
    await robot.fail();
    await robot.manager.clear('F1', { cascade: false });
    assert.equal(await robot.manager.amend({ code: 'F1', ...late }), false);
    assert.equal(await robot.manager.amend({ code: 'NONE', ...late }), false);
    assert.deepEqual(await robot.frames(), []);
  });
});

describe('messages of topics', () => {
  it('are requested from the runtimes of the reporters, and from all if one reporter is known by name alone', async () => {
    const calls: string[] = [];
    class LoggingSampler extends MemorySampler {
      override held(topic: string, runtimes?: readonly string[]) {
        calls.push(`held ${topic} ${runtimes}`);
        return super.held(topic);
      }
      override sample(topic: string, options: SampleOptions) {
        calls.push(`sample ${topic} ${options.runtimes}`);
        return super.sample(topic, options);
      }
      override resolveTopics(name: string, _?: readonly string[], runtimes?: readonly string[]) {
        calls.push(`meant ${name} ${runtimes}`);
        return super.resolveTopics(`/${name}`);
      }
    }
    const sampler = new LoggingSampler();
    sampler.offer('/scan', 1);
    const robot = await robotSnapshots({ sampler, topics: 'fault_specific: { F1: [scan], F2: [scan] }' });
    await robot.fail({ runtime: 'first' });
    await robot.settled();
    assert.deepEqual(calls.splice(0), ['meant scan first', 'held /scan first', 'sample /scan first']);
    await robot.fail({ code: 'F2' });
    await robot.settled();
    assert.deepEqual(calls, ['meant scan undefined', 'held /scan undefined', 'sample /scan undefined']);
  });
});
