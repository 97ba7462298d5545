import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { stageOn } from '../testing/contract-scene.ts';
import { simulatedGraph } from '../testing/simulated-graph.ts';

const ADD = 'example_interfaces/srv/AddTwoInts';
const BAD = { loss: 0.3, duplication: 0.1, reordering: 0.2, reorderMs: 30, latencyMs: 1 };

describe('a newly opened client', () => {
  for (let seed = 20; seed < 26; seed++) {
    it(`reaches its server, whatever part of their discovery is lost (seed ${seed})`, async () => {
      const graph = simulatedGraph({ seed, conditions: BAD });
      const { passing } = stageOn(graph);
      try {
        const robot = await graph.join();
        const medkit = await graph.join();
        await (await robot.node({ name: 'robot' })).service('/add', ADD, ({ a }) => ({ sum: a }));
        const node = await medkit.node({ name: 'medkit' });
        for (let round = 0; round < 4; round++) {
          const client = await node.client('/add', ADD);
          const calls = Array.from({ length: 20 }, (_, index) =>
            client.call({ a: BigInt(index) }, { timeoutMs: 15_000 }),
          );
          const sums = (await passing(Promise.all(calls))).map(({ sum }) => sum);
          assert.deepEqual(
            sums,
            Array.from({ length: 20 }, (_, index) => BigInt(index)),
          );
          await client.close();
        }
      } finally {
        await graph.close();
      }
    });
  }
});
