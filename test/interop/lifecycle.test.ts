import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type LifecycleStateLabel, openLifecycleClient } from '@medkit/ros2';
import { eventually } from '../harness/eventually.ts';
import { reserveDomain } from '../harness/free-domain.ts';
import { openInbox } from './inbox.ts';
import { openAdapter } from './open-adapter.ts';
import { startPeer } from './peer.ts';
import { vendors } from './peer-programs.ts';
import { peerSuite } from './peer-suite.ts';

const DOMAIN = await reserveDomain();
const IN_TIME = { timeoutMs: 10_000 };
const NODE = '/robot/lidar';

async function openClient(domainId: number) {
  const stack = new AsyncDisposableStack();
  const adapter = stack.use(await openAdapter({ domainId }));
  const node = await adapter.node({ name: 'client' });
  const states = openInbox<LifecycleStateLabel>((state) => state);
  const client = stack.adopt(await openLifecycleClient(node, { target: NODE, onState: states.push }), (opened) =>
    opened.close(),
  );
  return { client, states, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

peerSuite('managed nodes in real DDS processes', {}, () => {
  for (const vendor of vendors) {
    const startRobot = (options = '') =>
      startPeer({ vendor, domainId: DOMAIN, commands: [`node ${NODE}`, `lifecycle ${options}`] });

    test(`${vendor}: a managed node is taken through all of its states`, { timeout: 60_000 }, async () => {
      await using _peer = await startRobot();
      await using robot = await openClient(DOMAIN);
      const { client } = robot;
      const way = [
        ['configure', 'unconfigured', 'inactive'],
        ['activate', 'inactive', 'active'],
        ['deactivate', 'active', 'inactive'],
        ['cleanup', 'inactive', 'unconfigured'],
        ['configure', 'unconfigured', 'inactive'],
        ['shutdown', 'inactive', 'finalized'],
      ] as const;
      for (const [transition, from, to] of way) {
        assert.equal(await client.state(IN_TIME), from);
        assert.equal(await client.change(transition, from, IN_TIME), true, transition);
        assert.equal(await client.state(IN_TIME), to);
      }
      assert.equal(await client.change('activate', 'inactive', IN_TIME), false);
    });

    test(`${vendor}: transitions of the node itself are reported, including intermediate states`, {
      timeout: 60_000,
    }, async () => {
      await using peer = await startRobot();
      await using robot = await openClient(DOMAIN);
      const { client, states } = robot;
      await client.state(IN_TIME);
      await eventually('the first event', async () => {
        peer.command('transition configure');
        peer.command('transition cleanup');
        return states.take('unconfigured again', (state) => state === 'unconfigured', 500);
      });
      states.clear();
      peer.command('transition configure');
      for (const expected of ['configuring', 'inactive']) {
        assert.equal(await states.take(expected, () => true), expected);
      }
    });

    test(`${vendor}: a failed transition is distinguished from one that never ends`, { timeout: 60_000 }, async () => {
      await using _peer = await startRobot('fail=configure hang=shutdown');
      await using robot = await openClient(DOMAIN);
      const { client } = robot;
      assert.equal(await client.change('configure', 'unconfigured', IN_TIME), false);
      assert.equal(await client.state(IN_TIME), 'unconfigured');
      await assert.rejects(client.change('shutdown', 'unconfigured', { timeoutMs: 500 }), { name: 'CallTimeout' });
      assert.equal(await client.state(IN_TIME), 'shuttingdown');
    });
  }
});
