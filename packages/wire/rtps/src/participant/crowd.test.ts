import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { KEEP_ALL, LATCHED, payloadOf, RELIABLE, Scene, TOPIC } from '../testing/scene.ts';
import { WirePeer } from '../testing/wire-peer.ts';
import { entityIdOf } from '../wire/guid-octets.ts';

const ENDPOINTS_EACH = 20;
const PER_HOST = 100;
const OBSERVER = '10.0.0.1';
const PUBLISHED_TOPICS = 30;

/** Measures the work of one participant that discovers `count` others, which know only it, and sends them a sample. */
async function workOf(count: number) {
  const scene = new Scene();
  let evaluations = 0;
  const accept = () => {
    evaluations += 1;
    return true;
  };
  const observer = await scene.join(OBSERVER, { multicast: false });
  let observed = 0;
  const onSample = () => {
    observed += 1;
  };
  observer.createReader({ ...TOPIC, qos: LATCHED, accept, onSample });
  for (let index = 0; index < PUBLISHED_TOPICS; index += 1) {
    observer.createReader({ ...TOPIC, topicName: `rt/own${index}`, accept, onSample: () => undefined });
  }
  const writer = observer.createWriter({ ...TOPIC, topicName: 'rt/word', qos: KEEP_ALL, accept });
  const hosts = Array.from({ length: Math.ceil(count / PER_HOST) }, (_, index) => `10.0.0.${index + 2}`);
  const networks = hosts.map((address) => scene.network.host(address));
  let delivered = 0;
  for (let index = 0; index < count; index += 1) {
    const host = index % hosts.length;
    const robot = await scene.join(hosts[host], {
      datagrams: networks[host],
      multicast: false,
      peers: [OBSERVER],
      maxPeerParticipantId: 0,
    });
    robot.createWriter({ ...TOPIC, qos: LATCHED }).write(payloadOf(index));
    robot.createReader({
      ...TOPIC,
      topicName: 'rt/word',
      qos: RELIABLE,
      onSample: () => {
        delivered += 1;
      },
    });
    for (let endpoint = 2; endpoint < ENDPOINTS_EACH; endpoint += 1) {
      robot.createWriter({ ...TOPIC, topicName: `rt/robot${index}/${endpoint}`, qos: RELIABLE });
    }
  }
  await scene.until(() => observed === count && writer.matched().length === count);
  await scene.until(() => observer.endpoints().length === count * ENDPOINTS_EACH);
  writer.write(payloadOf(1));
  await scene.until(() => delivered === count);
  await scene.pass(500);
  const { sent, received } = observer.facts().datagrams;
  return { evaluations, sent, received };
}

describe('a crowd of participants', () => {
  it('costs one of them work in proportion to their number', async () => {
    const few = await workOf(25);
    const many = await workOf(200);
    // Each robot is evaluated once for each of the two topics that it shares with the observer.
    assert.equal(few.evaluations, 2 * 25);
    assert.equal(many.evaluations, 2 * 200);
    for (const kind of ['sent', 'received'] as const) {
      const [before, after] = [few[kind] / 25, many[kind] / 200];
      assert.ok(after < before * 1.5, `${kind}: ${before} datagrams a robot among 25, ${after} among 200`);
    }
  });

  it('causes no more heartbeats to a slow participant when others join and answer', async () => {
    const scene = new Scene();
    const alice = await scene.join('10.0.0.1');
    const slow = new WirePeer({ target: alice });
    await slow.open(scene);
    slow.announce();
    await scene.pass(10);
    slow.announceEndpoint('reader', RELIABLE);
    await scene.pass(10);
    const writer = alice.createWriter({ ...TOPIC, qos: LATCHED });
    await scene.until(() => writer.matched().length === 1);
    writer.write(payloadOf(1));
    const heartbeats = () => slow.of('heartbeat', entityIdOf(writer.guid)).length;
    let received = 0;
    const onSample = () => {
      received += 1;
    };
    for (let index = 2; index < 22; index += 1) {
      const other = await scene.join(`10.0.0.${index}`);
      other.createReader({ ...TOPIC, qos: LATCHED, onSample });
      await scene.pass(50);
    }
    assert.equal(received, 20);
    // Heartbeats after 10, 20, 40, ... ms: seven within that second, and the one sent with the sample.
    assert.ok(heartbeats() >= 6 && heartbeats() <= 9, `${heartbeats()} heartbeats`);
  });
});
