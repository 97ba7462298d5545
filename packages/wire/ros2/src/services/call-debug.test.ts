import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { setDebugLogs } from '@medkit/edges';
import { stageOn } from '../testing/contract-scene.ts';
import { simulatedGraph } from '../testing/simulated-graph.ts';

const ADD = 'example_interfaces/srv/AddTwoInts';

after(() => setDebugLogs([], assert.fail));

it('writes the outcome of each service call, and what the participant discovers, to the debug logs', async () => {
  const lines: string[] = [];
  setDebugLogs(['ros2', 'rtps'], (component, message) => lines.push(`${component}: ${message}`));
  const graph = simulatedGraph({ seed: 1 });
  const { passing } = stageOn(graph);
  try {
    const robot = await graph.join();
    const medkit = await graph.join();
    await (await robot.node({ name: 'robot' })).service('/add', ADD, ({ a }) => ({ sum: a }));
    const node = await medkit.node({ name: 'medkit' });
    const client = await node.client('/add', ADD);
    await passing(client.call({ a: 1n }, { timeoutMs: 15_000 }));
    const absent = await node.client('/nobody', ADD);
    await assert.rejects(passing(absent.call({ a: 1n }, { timeoutMs: 100 })));
  } finally {
    await graph.close();
  }
  const written = (pattern: RegExp): boolean => lines.some((line) => pattern.test(line));
  assert.ok(written(/^ros2: call of \/add: \d+ bytes after \d+ ms$/), lines.join('\n'));
  assert.ok(written(/^ros2: call of \/nobody: .+ after \d+ ms$/), lines.join('\n'));
  assert.ok(written(/^rtps: participant [\da-f]{24} appeared: vendor [\da-f]{4}, address [\d.]+, lease \d+ ms$/));
  assert.ok(written(/^rtps: writer of rq\/addRequest matched reader [\da-f]{32}$/), lines.join('\n'));
});
