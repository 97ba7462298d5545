import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import type { ParameterEvent } from '../parameters/parameter.ts';
import { openParameterClient } from '../parameters/parameter-client.ts';
import { onParameterEvent } from '../parameters/parameter-events.ts';
import { openParameterServer } from '../parameters/parameter-server.ts';
import { type ContractNetwork, contractScene } from './contract-scene.ts';

const IN_TIME = { timeoutMs: 5000 };

/** Tests of parameters for any `RosAdapter`: one adapter offers them, another one uses them. */
export function describeParameters(implementation: string, openNetwork: () => Promise<ContractNetwork>): void {
  const scene = contractScene(openNetwork);

  describe(`parameters on RosAdapter: ${implementation}`, () => {
    scene('are read, set and reported', async ({ passing }, robot, medkit) => {
      const server = await openParameterServer(await robot.node({ name: 'arm' }), {
        clock: new SimulatedClock(),
        declarations: [
          { name: 'speed', value: { type: 'double', value: 0.5 }, floatRange: { from: 0, to: 1, step: 0 } },
          { name: 'joints', value: { type: 'int_array', value: [1n, 2n ** 62n] }, readOnly: true },
        ],
      });
      const node = await medkit.node({ name: 'medkit' });
      const events: ParameterEvent[] = [];
      await onParameterEvent(node, (event) => void events.push(event));
      const client = openParameterClient(node, '/arm');
      const all = await passing(client.all(IN_TIME));
      assert.deepEqual(
        all.map(({ name, value, descriptor }) => [name, value, descriptor.readOnly]),
        [
          ['joints', { type: 'int_array', value: [1n, 2n ** 62n] }, true],
          ['speed', { type: 'double', value: 0.5 }, false],
        ],
      );
      assert.deepEqual(await passing(client.get(['speed', 'nobody'], IN_TIME)), undefined);
      const parameter = (speed: number) => ({ name: 'speed', value: { type: 'double', value: speed } }) as const;
      assert.deepEqual(await passing(client.setAtomically([parameter(2)], IN_TIME)), {
        successful: false,
        reason: 'speed must be from 0 to 1',
      });
      const changed = () => events.flatMap((event) => event.changed);
      // Only a matched subscription receives the event.
      for (let round = 0; round < 1000 && changed().length === 0; round++) {
        await passing(client.set([parameter(1)], IN_TIME));
      }
      assert.deepEqual(changed()[0], parameter(1));
      assert.deepEqual(server.get('speed'), { type: 'double', value: 1 });
      await Promise.all([client.close(), server.close()]);
    });
  });
}
