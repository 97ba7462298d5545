import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openParameterClient } from '@medkit/ros2';
import { eventually } from '../harness/eventually.ts';
import { reserveDomain } from '../harness/free-domain.ts';
import { type Json, startGateway } from './gateway-process.ts';
import { openAdapter } from './open-adapter.ts';
import { startPeer } from './peer.ts';
import { vendors } from './peer-programs.ts';
import { peerSuite } from './peer-suite.ts';

const DOMAIN = await reserveDomain();
const NODE = '/robot/base';
const GAIN = '/apps/base/configurations/gain';

peerSuite('parameters of real DDS processes that others change', {}, () => {
  for (const vendor of vendors) {
    test(`${vendor}: are in the audit log if any client other than this gateway changed them`, {
      timeout: 60_000,
    }, async () => {
      await using gateway = await startGateway({ domainId: DOMAIN });
      const commands = [`node ${NODE}`, 'parameters quiet'];
      await using peer = await startPeer({ vendor, domainId: DOMAIN, commands });
      await using adapter = await openAdapter({ domainId: DOMAIN });
      const tool = openParameterClient(await adapter.node({ name: '_ros2cli_7' }), NODE);
      const seen = async () => {
        const { body } = await gateway.ask('GET', '/x-medkit-audit?kind=observed&entity=base');
        return body['items'].map(({ observed: { item, from, to, count } }: Json) => [item, from, to, count]);
      };
      await eventually('the node is an app', async () => (await gateway.ask('GET', GAIN)).status === 200);
      assert.equal((await gateway.ask('PUT', GAIN, { data: 0.2 })).status, 200);
      // Events sent before both sides are matched are lost: another parameter shows when they are matched.
      await eventually('changes are heard', async () => {
        peer.command(`set max_speed ${1 + Math.random()}`);
        return (await seen()).some(([item]: readonly string[]) => item === 'max_speed');
      });
      const setting = { name: 'gain', value: { type: 'double', value: 0.5 } } as const;
      assert.equal((await tool.set([setting], { timeoutMs: 10_000 }))[0]?.successful, true);
      const ofGain = async () => (await seen()).filter(([item]: readonly string[]) => item === 'gain');
      await eventually('the tool was seen', async () => (await ofGain()).length === 1);
      assert.deepEqual(await ofGain(), [['gain', '0.2', '0.5', 1]]);
      assert.equal((await gateway.ask('PUT', GAIN, { data: 0.3 })).status, 200);
      assert.equal((await gateway.ask('DELETE', GAIN)).status, 204);
      peer.command('set gain 0.75');
      const last = await eventually('the node was seen', async () => {
        const changes = await ofGain();
        return changes.length > 1 && changes;
      });
      assert.deepEqual(last[0], ['gain', '0.1', '0.75', 1]);
      assert.equal(last.length, 2);
    });
  }
});
