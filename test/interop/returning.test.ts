import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { udpDatagrams } from '@medkit/edges/node';
import { openParameterClient, type ServiceClient } from '@medkit/ros2';
import { eventually } from '../harness/eventually.ts';
import { reserveDomain } from '../harness/free-domain.ts';
import { deafDatagrams } from './deaf-datagrams.ts';
import { waitForOperations } from './failure.ts';
import { startGateway, writeExactly } from './gateway-process.ts';
import { untilGraph } from './graph-watch.ts';
import { openAdapter } from './open-adapter.ts';
import { startPeer } from './peer.ts';
import { vendors } from './peer-programs.ts';
import { peerSuite } from './peer-suite.ts';

const TRIGGER = 'std_srvs/srv/Trigger';
/** Long enough not to end in these tests. */
const LEASE_MS = 60_000;
/** Maximum time of a call to a restarted node, discovery included. */
const SOON_MS = 3000;
const SHORT_LEASE_MS = 2000;

const DOMAIN = await reserveDomain();

/** Returns the count in the answer of a peer's Trigger. */
const triggered = async (client: ServiceClient): Promise<unknown> =>
  (await client.call({}, { timeoutMs: SOON_MS }))['message'];

peerSuite('real DDS processes that come back', {}, () => {
  for (const vendor of vendors) {
    const robot = { vendor, domainId: DOMAIN, leaseMs: LEASE_MS };
    const commands = ['node /robot', `service /robot/home ${TRIGGER} quiet`, 'parameters quiet', 'lifecycle quiet'];

    test(`${vendor}: a node that was killed and restarted answers during the lease of the first`, {
      timeout: 60_000,
    }, async () => {
      await using adapter = await openAdapter({ domainId: DOMAIN });
      const node = await adapter.node({ name: 'caller' });
      const client = await node.client('/robot/home', TRIGGER);
      await using first = await startPeer({ ...robot, commands });
      assert.equal(await triggered(client), 'triggered 1');
      assert.equal(await triggered(client), 'triggered 2');
      await first.kill();
      // Sent before the second exists: only the second may answer it.
      const early = triggered(client);
      await using _second = await startPeer({ ...robot, commands });
      assert.equal(await early, 'triggered 1');
      assert.equal(await triggered(client), 'triggered 2');
      await using parameters = await closing(openParameterClient(node, '/robot'));
      assert.ok((await parameters.list({}, { timeoutMs: SOON_MS })).names.length > 0);
      // Both are known the whole time.
      assert.equal((await adapter.graph()).participants.length, 2);
    });

    test(`${vendor}: over REST, services, parameters and lifecycle are those of the restarted node`, {
      timeout: 90_000,
    }, async () => {
      await using gateway = await startGateway({ domainId: DOMAIN, settings: ['service_call_timeout_sec=5'] });
      await using first = await startPeer({ ...robot, commands });
      await waitForOperations(gateway, { robot: 1 });
      const home = '/apps/robot/operations/home/executions';
      const use = async () => {
        const answers = await Promise.all([
          gateway.ask('POST', home, { parameters: {} }),
          gateway.ask('GET', '/apps/robot/configurations'),
          gateway.ask('GET', '/apps/robot/status'),
        ]);
        return answers;
      };
      for (const { status, body } of await use()) assert.equal(status, 200, writeExactly(body));
      first.command('transition configure');
      await eventually('it is configured', async () => {
        const { body } = await gateway.ask('GET', '/apps/robot/status');
        return writeExactly(body).includes('inactive');
      });
      await first.kill();
      await using second = await startPeer({ ...robot, commands });
      await second.matched('rq/robot/homeRequest', 1, SOON_MS).catch(() => undefined);
      const [called, configured, state] = await use();
      for (const { status, body } of [called, configured, state]) assert.equal(status, 200, writeExactly(body));
      assert.equal(called?.body['parameters']['message'], 'triggered 1');
      assert.match(writeExactly(state?.body), /unconfigured/);
    });

    test(`${vendor}: a node that was paused for longer than its lease recovers when it continues`, {
      timeout: 60_000,
    }, async () => {
      await using adapter = await openAdapter({ domainId: DOMAIN });
      const node = await adapter.node({ name: 'caller' });
      const client = await node.client('/robot/home', TRIGGER);
      await using peer = await startPeer({ ...robot, leaseMs: SHORT_LEASE_MS, commands });
      assert.equal(await triggered(client), 'triggered 1');
      const known = await untilGraph(
        adapter,
        'the robot',
        ({ nodes, endpoints }) => nodes.length === 1 && endpoints.length,
      );
      for (let round = 2; round < 4; round += 1) {
        await peer.stop();
        await untilGraph(adapter, 'nobody', ({ participants }) => participants.length === 0, 2 * SHORT_LEASE_MS);
        peer.resume();
        await untilGraph(
          adapter,
          'the robot with all it has',
          // Its last endpoints may have arrived after it was counted.
          ({ nodes, endpoints }) => nodes.length === 1 && endpoints.length >= known,
          SOON_MS,
        );
        assert.equal(await triggered(client), `triggered ${round}`);
      }
    });

    test(`${vendor}: of two live nodes with one name the newer one is called, and the other when that is paused`, {
      timeout: 60_000,
    }, async () => {
      await using adapter = await openAdapter({ domainId: DOMAIN });
      const node = await adapter.node({ name: 'caller' });
      const client = await node.client('/robot/home', TRIGGER);
      await using first = await startPeer({ ...robot, commands });
      assert.equal(await triggered(client), 'triggered 1');
      await using second = await startPeer({ ...robot, commands });
      await eventually('both are ready', async () => (await client.ready()) === 2);
      assert.equal(await triggered(client), 'triggered 1');
      assert.equal(await triggered(client), 'triggered 2');
      await second.stop();
      assert.equal(await triggered(client), 'triggered 2');
      assert.equal(await triggered(client), 'triggered 3');
      second.resume();
      await first.stop();
      // One request waited in the sockets of the second and may be answered late.
      assert.match(String(await triggered(client)), /triggered [34]/);
      const { nodes } = await adapter.graph();
      assert.equal(nodes[0]?.participants.length, 2);
    });
  }

  test('fastdds: a participant that misses the first datagrams is discovered soon nevertheless', {
    timeout: 60_000,
  }, async () => {
    // Datagrams to it are lost until then, like before a socket is read: at first it announces itself more than once.
    const datagrams = deafDatagrams(udpDatagrams, { deafMs: 100 });
    await using adapter = await openAdapter({ domainId: DOMAIN, datagrams });
    // After the initial announcements of a new participant, and well before the next one.
    await delay(1700);
    await using _peer = await startPeer({ vendor: 'fastdds', domainId: DOMAIN, commands: ['node /robot'] });
    await untilGraph(adapter, 'the robot', ({ nodes }) => nodes.length === 1, 1000);
  });

  test('a gateway that was paused for longer than the leases of its robot shows it as before when it continues', {
    timeout: 60_000,
  }, async () => {
    await using gateway = await startGateway({ domainId: DOMAIN });
    await using _cyclone = await startPeer({
      vendor: 'cyclone',
      domainId: DOMAIN,
      leaseMs: SHORT_LEASE_MS,
      commands: ['node /arm'],
    });
    await using _fastdds = await startPeer({
      vendor: 'fastdds',
      domainId: DOMAIN,
      leaseMs: SHORT_LEASE_MS,
      commands: ['node /base'],
    });
    const listedApps = async () => {
      const { body } = await gateway.ask('GET', '/apps');
      return ['arm', 'base'].filter((id) => body['items'].some((app: { id: string }) => app.id === id));
    };
    await eventually('both are shown', async () => (await listedApps()).length === 2);
    process.kill(gateway.program.pid, 'SIGSTOP');
    await delay(3 * SHORT_LEASE_MS);
    process.kill(gateway.program.pid, 'SIGCONT');
    for (let round = 0; round < 20; round += 1) {
      assert.deepEqual(await listedApps(), ['arm', 'base'], `question ${round}`);
      await delay(20);
    }
  });
});

async function closing<T extends { close(): Promise<void> }>(client: T): Promise<T & AsyncDisposable> {
  return { ...client, [Symbol.asyncDispose]: () => client.close() };
}
