import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { arrived } from '../testing/memory-sampler.ts';
import { robotSnapshots } from '../testing/robot-snapshots.ts';

const GOAL = { topic: '/navigate', type: 'nav2_msgs/action/Navigate_Result', samples: [arrived({ error_code: 105 })] };

describe('what a reporter knows of the moment', () => {
  it('is captured with what topics say, and alone where no topic is wanted', async () => {
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

  it('is left out where its report does not confirm the fault', async () => {
    const robot = await robotSnapshots({ configuration: { confirmation_threshold: -2 } });
    await robot.fail({ evidence: [GOAL] });
    await robot.fail();
    await robot.settled();
    assert.deepEqual(await robot.frames(), []);
  });

  it('is bounded as any message is', async () => {
    const robot = await robotSnapshots({ configuration: { 'snapshots.max_message_size': 1500 } });
    const samples = [arrived({ error_msg: 'x'.repeat(2000) })];
    await robot.fail({ evidence: [{ ...GOAL, samples }] });
    await robot.settled();
    const [{ problem }] = await robot.snapshots.of('F1');
    assert.match(problem, /snapshots\.max_message_size is 1500/);
  });
});
