import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { reserveDomain } from '../harness/free-domain.ts';
import { startPeer } from '../interop/peer.ts';
import { vendors } from '../interop/peer-programs.ts';
import { peerSuite } from '../interop/peer-suite.ts';
import { startOnHost } from './host-program.ts';
import { namespacesMissing, openNetwork } from './namespaces.ts';

const DOMAIN_ID = await reserveDomain();
const STRING = 'std_msgs/msg/String';

/** In an outage the short lease expires, the long one does not: this determines which side loses the other. */
const SHORT_MS = 2000;
const LONG_MS = 20_000;

/** Time in which packets in flight have arrived or are lost after a cable is pulled. */
const IN_FLIGHT_MS = 200;
/** Maximum gap of values when one of two cables is pulled. */
const REROUTE_MS = 6000;
/** Time in which a peer announces itself over a reconnected cable. */
const REANNOUNCE_MS = 2000;

const outages = [
  { who: 'both lose each other', medkitLeaseMs: SHORT_MS, peerLeaseMs: SHORT_MS },
  { who: 'the peer alone loses medkit', medkitLeaseMs: SHORT_MS, peerLeaseMs: LONG_MS },
  { who: 'medkit alone loses the peer', medkitLeaseMs: LONG_MS, peerLeaseMs: SHORT_MS },
] as const;

peerSuite('a network of Linux network namespaces', { skip: namespacesMissing }, () => {
  test('carries multicast discovery and values between its hosts, and nothing through a pulled cable', {
    timeout: 240_000,
  }, async () => {
    await using network = await openNetwork(2);
    const [near, far] = network.hosts;
    const common = { vendor: 'cyclone', domainId: DOMAIN_ID, discovery: 'multicast', leaseMs: SHORT_MS } as const;
    await using listener = await startPeer({
      ...common,
      prefix: near!.prefix,
      addresses: near!.addresses,
      commands: ['node /listener', `sub /chatter ${STRING}`],
    });
    await using _talker = await startPeer({
      ...common,
      prefix: far!.prefix,
      addresses: far!.addresses,
      commands: ['node /talker', `pub /chatter ${STRING} rate=10`],
    });
    await listener.matched('/chatter', 1);
    await listener.event('sample', '/chatter');
    await far!.unplug();
    await listener.matched('/chatter', 0, SHORT_MS + 3000);
    await far!.plug();
    await listener.matched('/chatter', 1);
  });

  for (const vendor of vendors) {
    for (const { who, medkitLeaseMs, peerLeaseMs } of outages) {
      test(`medkit and ${vendor} find each other by multicast, and again after ${who}`, {
        timeout: 240_000,
      }, async () => {
        await using network = await openNetwork(2);
        const [near, far] = network.hosts;
        await using echo = startOnHost(near!, {
          script: join(import.meta.dirname, 'echo-node.ts'),
          args: [String(medkitLeaseMs)],
          env: { ROS_DOMAIN_ID: String(DOMAIN_ID) },
        });
        await using peer = await startPeer({
          vendor,
          domainId: DOMAIN_ID,
          discovery: 'multicast',
          leaseMs: peerLeaseMs,
          prefix: far!.prefix,
          addresses: far!.addresses,
          commands: ['node /talker', `sub /echo ${STRING}`, `pub /chatter ${STRING} rate=10 quiet`],
        });
        await peer.matched('/echo', 1);
        const { value } = await peer.event('sample', '/echo');
        assert.match(String(value['data']), /^Hello World: \d+$/);
        await echo.lines.take('the talker', (line) => line.includes('/talker'));
        echo.lines.clear();

        await far!.unplug();
        const lossMs = SHORT_MS + 3000;
        if (medkitLeaseMs === SHORT_MS) await peer.matched('/echo', 0, lossMs);
        if (peerLeaseMs === SHORT_MS) await echo.lines.take('no node', (line) => line === '[]', lossMs);
        // Messages from before the outage must not count as answers after it.
        peer.events.clear();
        echo.lines.clear();
        await far!.plug();
        await peer.event('sample', '/echo', 15_000);
        if (medkitLeaseMs === SHORT_MS) await peer.matched('/echo', 1);
        if (peerLeaseMs === SHORT_MS) await echo.lines.take('the talker', (line) => line.includes('/talker'));
      });
    }
  }

  for (const vendor of vendors) {
    test(`medkit and ${vendor} continue over the other cable when one is pulled, and disconnect when the peer is killed`, {
      timeout: 240_000,
    }, async () => {
      await using network = await openNetwork(2, 2);
      const [near, far] = network.hosts;
      await using echo = startOnHost(near!, {
        script: join(import.meta.dirname, 'echo-node.ts'),
        args: [String(LONG_MS)],
        env: { ROS_DOMAIN_ID: String(DOMAIN_ID) },
      });
      await using peer = await startPeer({
        vendor,
        domainId: DOMAIN_ID,
        discovery: 'multicast',
        leaseMs: SHORT_MS,
        prefix: far!.prefix,
        addresses: far!.addresses,
        commands: [
          'node /talker',
          `sub /beat ${STRING}`,
          `sub /echo ${STRING}`,
          `pub /chatter ${STRING} rate=10 quiet`,
        ],
      });
      const flows = async (withinMs: number) => {
        peer.events.clear();
        await peer.event('sample', '/beat', withinMs);
        // A Cyclone DDS writer uses one fixed address of a reader, so only the route from medkit can change there.
        if (vendor !== 'cyclone') await peer.event('sample', '/echo', withinMs);
      };
      await peer.event('sample', '/echo');
      await flows(10_000);
      await echo.lines.take('the talker', (line) => line.includes('/talker'));
      echo.lines.clear();

      for (const cable of [0, 1]) {
        await far!.unplug(cable);
        await delay(IN_FLIGHT_MS);
        await flows(REROUTE_MS);
        await far!.plug(cable);
        await delay(REANNOUNCE_MS);
        await flows(1000);
      }
      await peer.kill();
      await echo.lines.take('no node', (line) => line === '[]', SHORT_MS + 1500);
    });
  }
});
