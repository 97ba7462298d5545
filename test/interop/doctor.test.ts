import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { test } from 'node:test';
import type { HealthStatus } from '@medkit/contract';
import { eventually } from '../harness/eventually.ts';
import { reserveDomain } from '../harness/free-domain.ts';
import { type Program, startProgram } from '../harness/program.ts';
import { startPeer } from './peer.ts';
import { peerSuite } from './peer-suite.ts';

const DOMAIN = await reserveDomain();
const OTHER_DOMAIN = await reserveDomain();
const LOOPBACK = '127.0.0.1';
/** The submessage that names the receiver, if it is the first one (RTPS 2.5, 9.4.5.8). */
const INFO_DST = 0x0e;
const INFO_DST_AT = 20;
/** Port of the configured Discovery Server. */
const SERVER_PORT = 11_811;
const ENVIRONMENT = { ROS_DOMAIN_ID: String(DOMAIN), ROS_AUTOMATIC_DISCOVERY_RANGE: 'LOCALHOST' };

/** Discovery port of the first participant of a domain (RTPS 2.5, 9.6.2.3). */
const discoveryPort = (domainId: number) => 7410 + 250 * domainId;

interface Gateway extends Program {
  readonly url: string;
  health(): Promise<HealthStatus>;
}

async function startGateway(): Promise<Gateway> {
  const program = startProgram(['up', '--port', '0'], { env: ENVIRONMENT });
  const [url] = await program.printed(/http:\/\/127\.0\.0\.1:\d+/);
  return {
    ...program,
    url: String(url),
    health: async () => (await (await fetch(`${url}/api/v1/health`)).json()) as HealthStatus,
  };
}

/** Forwards datagrams from a port to the first participant of the domain, with the receiver prefix cleared. */
async function handOn(port: number): Promise<AsyncDisposable> {
  const socket = createSocket('udp4');
  socket.on('message', (bytes) => {
    if (bytes[INFO_DST_AT] === INFO_DST) bytes.fill(0, INFO_DST_AT + 4, INFO_DST_AT + 16);
    socket.send(bytes, discoveryPort(DOMAIN), LOOPBACK);
  });
  socket.bind(port, LOOPBACK);
  await once(socket, 'listening');
  return { [Symbol.asyncDispose]: () => new Promise((done) => socket.close(() => done())) };
}

peerSuite('participants in /health with real DDS processes', {}, () => {
  test('/health counts participants by vendor and version', { timeout: 60_000 }, async () => {
    const gateway = await startGateway();
    try {
      const options = { domainId: DOMAIN, commands: ['node /talker', 'pub /chatter std_msgs/msg/String rate=10'] };
      await using _cyclone = await startPeer({ vendor: 'cyclone', ...options });
      await using _second = await startPeer({ vendor: 'cyclone', domainId: DOMAIN });
      await using _fast = await startPeer({ vendor: 'fastdds', domainId: DOMAIN, commands: ['node /listener'] });
      const dds = await eventually('three participants', async () => {
        const block = (await gateway.health())['x-medkit-dds'];
        return block?.participants.reduce((sum, { count }) => sum + count, 0) === 3 && block;
      });
      const [cyclone, fast, ...others] = dds.participants;
      assert.deepEqual(others, []);
      assert.deepEqual([cyclone?.vendor, cyclone?.count], ['Cyclone DDS', 2]);
      assert.match(cyclone?.version ?? '', /^\d+\.\d+\.\d+/);
      assert.deepEqual([fast?.vendor, fast?.count], ['Fast DDS', 1]);
      // Announced since Fast DDS 3.
      if (typeof fast?.version === 'string') assert.match(fast.version, /^\d+\.\d+\.\d+/);
      assert.deepEqual([dds.domain_id, dds.discovery_range, dds.interfaces], [DOMAIN, 'LOCALHOST', [LOOPBACK]]);
      assert.deepEqual(dds.not_understood, []);
      assert.ok(dds.datagrams.received > 0 && dds.datagrams.sent > 0);
      assert.equal(dds.datagrams.send_failures, 0);
      assert.ok(dds.receive_buffer.granted_bytes > 0);
    } finally {
      assert.equal(await gateway.end('SIGTERM'), 0);
    }
  });

  test('/health names a participant of another domain, with a remedy', { timeout: 60_000 }, async () => {
    const gateway = await startGateway();
    try {
      // Like a wrong port mapping.
      await using _relay = await handOn(discoveryPort(OTHER_DOMAIN));
      await using _stranger = await startPeer({ vendor: 'cyclone', domainId: OTHER_DOMAIN, commands: ['node /far'] });
      const health = await eventually('the stranger', async () => {
        const answer = await gateway.health();
        return answer['x-medkit-dds']?.not_understood.length === 1 && answer;
      });
      const [stranger] = health['x-medkit-dds']?.not_understood ?? [];
      assert.deepEqual(
        [stranger?.address, stranger?.vendor, stranger?.reason],
        [LOOPBACK, 'Cyclone DDS', 'other-domain'],
      );
      assert.ok(stranger && stranger.last_heard_sec_ago < 30);
      assert.deepEqual(health['x-medkit-dds']?.participants, []);
      const warning = health.warnings.find(({ code }) => code === 'participants_not_understood');
      assert.match(warning?.message ?? '', new RegExp(`Cyclone DDS at 127\\.0\\.0\\.1.*ports of domain ${DOMAIN}`));
    } finally {
      assert.equal(await gateway.end('SIGTERM'), 0);
    }
  });

  test('/health reports a client of a Discovery Server', { timeout: 60_000 }, async () => {
    const gateway = await startGateway();
    try {
      await using _relay = await handOn(SERVER_PORT);
      await using _client = await startPeer({
        vendor: 'fastdds',
        domainId: OTHER_DOMAIN,
        prefix: ['env', `ROS_DISCOVERY_SERVER=${LOOPBACK}:${SERVER_PORT}`],
      });
      const warning = await eventually('the warning', async () =>
        (await gateway.health()).warnings.find(({ code }) => code === 'discovery_server'),
      );
      assert.match(warning.message, /0 servers and 1 clients/);
    } finally {
      assert.equal(await gateway.end('SIGTERM'), 0);
    }
  });

  test('medkit doctor prints the participants without a gateway, and from a running gateway', {
    timeout: 60_000,
  }, async () => {
    await using _cyclone = await startPeer({ vendor: 'cyclone', domainId: DOMAIN, commands: ['node /talker'] });
    await using _fast = await startPeer({ vendor: 'fastdds', domainId: DOMAIN, commands: ['node /listener'] });
    const gateway = await startGateway();
    try {
      await eventually('both nodes', async () => (await gateway.health())['x-medkit-entity-cache']?.['apps'] === 2);
      for (const args of [['doctor'], ['doctor', '--url', gateway.url]]) {
        const program = startProgram(args, { env: ENVIRONMENT });
        const code = await program.ended;
        const output = program.output();
        assert.match(output, /participants +1 × Cyclone DDS \d+\.\d+\.\d+, 1 × Fast DDS/);
        // The gateway has two nodes that other participants see: itself and the fault manager.
        assert.match(output, /nodes +[24]\n/);
        // The receive buffer that the system grants may be a finding.
        assert.equal(code, output.includes('No problems found.') ? 0 : 1, output);
      }
    } finally {
      assert.equal(await gateway.end('SIGTERM'), 0);
    }
  });
});
