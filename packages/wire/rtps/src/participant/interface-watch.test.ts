import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Participant } from '../model/api.ts';
import { KEEP_ALL, numberIn, payloadOf, RELIABLE, Scene, TOPIC } from '../testing/scene.ts';

/** Maximum time until values arrive again after any change of the network. */
const AGAIN_MS = 3000;

/** Sends a value from one participant to the other and waits until it has arrived. */
function channel(scene: Scene, from: Participant, to: Participant) {
  const received: number[] = [];
  to.createReader({
    ...TOPIC,
    qos: RELIABLE,
    accept: ({ guid }) => guid.startsWith(from.guidPrefix),
    onSample: (sample) => received.push(numberIn(sample)),
  });
  const writer = from.createWriter({ ...TOPIC, qos: KEEP_ALL });
  let last = 0;
  return {
    writer,
    received,
    carries: async (limitMs: number) => {
      last += 1;
      writer.write(payloadOf(last));
      await scene.until(() => received.includes(last), limitMs);
    },
  };
}

/** Two participants on hosts whose addresses may change, with a channel in each direction. */
async function pair(alices: readonly string[], bobs: readonly string[]) {
  const scene = new Scene();
  const hosts = { alice: scene.network.host(...alices), bob: scene.network.host(...bobs) };
  const lost: string[] = [];
  const listener = { participantLost: ({ name }: { readonly name: string }) => void lost.push(name) };
  const alice = await scene.join('', { datagrams: hosts.alice, name: 'alice', listener });
  const bob = await scene.join('', { datagrams: hosts.bob, name: 'bob', listener });
  const there = channel(scene, alice, bob);
  const back = channel(scene, bob, alice);
  const carry = async (limitMs: number) => {
    await there.carries(limitMs);
    await back.carries(limitMs);
  };
  const matched = () => there.writer.matched().length === 1 && back.writer.matched().length === 1;
  return { scene, hosts, alice, bob, lost, carry, there, matched };
}

const happened = ({ interfaceEvents }: ReturnType<Participant['facts']>) =>
  interfaceEvents.map(({ change, address }) => `${change} ${address}`);

describe('a participant whose machine', () => {
  it('had only loopback at its start uses an address that appears later', async () => {
    const { scene, hosts, alice, carry, matched } = await pair(['127.0.0.1'], ['10.0.0.2']);
    await scene.pass(20_000);
    assert.equal(alice.participants().length, 0);
    hosts.alice.setAddresses(['127.0.0.1', '10.0.0.1']);
    await scene.until(matched, AGAIN_MS);
    await carry(200);
    assert.deepEqual(alice.facts().interfaces, ['127.0.0.1', '10.0.0.1']);
    assert.deepEqual(happened(alice.facts()), ['added 10.0.0.1']);
  });

  it('gets another address stays connected with the known participants', async () => {
    const { scene, hosts, alice, lost, carry, matched } = await pair(['10.0.0.1'], ['10.0.0.2']);
    await scene.until(matched);
    await carry(200);
    await scene.pass(5000);
    hosts.alice.setAddresses(['10.0.0.7']);
    await carry(AGAIN_MS);
    assert.deepEqual(alice.facts().interfaces, ['10.0.0.7']);
    assert.deepEqual(happened(alice.facts()), ['removed 10.0.0.1', 'added 10.0.0.7']);
    await scene.pass(60_000);
    await carry(200);
    assert.deepEqual(lost, []);
  });

  it('has no address for a while is found again under the next one', async () => {
    const { scene, hosts, carry, matched } = await pair(['127.0.0.1', '10.0.0.1'], ['10.0.0.2']);
    await scene.until(matched);
    hosts.alice.setAddresses(['127.0.0.1']);
    await scene.pass(4000);
    hosts.alice.setAddresses(['127.0.0.1', '10.0.0.7']);
    await carry(AGAIN_MS);
  });

  it('has two networks uses the other when the link of one is down, and reports which', async () => {
    const { scene, hosts, alice, bob, lost, carry, matched } = await pair(
      ['10.0.0.1', '10.0.1.1'],
      ['10.0.0.2', '10.0.1.2'],
    );
    await scene.until(matched);
    await carry(200);
    for (const [down, up] of [
      ['10.0.0', '10.0.1'],
      ['10.0.1', '10.0.0'],
    ]) {
      scene.network.setLink(`${down}.1`, false);
      hosts.alice.setAddresses([`${up}.1`], [`${down}.1`]);
      await carry(AGAIN_MS);
      await scene.until(() => alice.facts().interfacesDown.join() === `${down}.1`, AGAIN_MS);
      assert.deepEqual(alice.facts().interfaces, [`${up}.1`]);
      scene.network.setLink(`${down}.1`, true);
      hosts.alice.setAddresses(['10.0.0.1', '10.0.1.1']);
      await scene.until(() => alice.facts().interfacesDown.length === 0, AGAIN_MS);
      await carry(200);
    }
    assert.deepEqual(lost, []);
    assert.deepEqual([alice.participants().length, bob.participants().length], [1, 1]);
  });

  it('knows a participant at two addresses uses the other one when the first is cut off elsewhere', async () => {
    const { scene, carry, matched } = await pair(['10.0.0.1', '10.0.1.1'], ['10.0.0.2', '10.0.1.2']);
    await scene.until(matched);
    await carry(200);
    for (const cut of ['10.0.0.2', '10.0.1.2', '10.0.0.2']) {
      scene.network.setLink(cut, false);
      await carry(AGAIN_MS);
      scene.network.setLink(cut, true);
      await carry(AGAIN_MS);
    }
  });

  it('loses the carrier of its only link for a moment keeps its address, its sockets and its locators', async () => {
    const { scene, hosts, alice, lost, carry, matched } = await pair(['127.0.0.1', '10.0.0.1'], ['10.0.0.2']);
    await scene.until(matched);
    hosts.alice.setAddresses(['127.0.0.1'], ['10.0.0.1']);
    scene.network.setLink('10.0.0.1', false);
    await scene.until(() => alice.facts().interfacesDown.join() === '10.0.0.1', AGAIN_MS);
    assert.deepEqual(alice.facts().interfaces, ['10.0.0.1']);
    hosts.alice.setAddresses(['127.0.0.1', '10.0.0.1']);
    scene.network.setLink('10.0.0.1', true);
    await carry(AGAIN_MS);
    assert.deepEqual(lost, []);
    await scene.until(() => happened(alice.facts()).length === 2, AGAIN_MS);
    assert.deepEqual(happened(alice.facts()), ['down 10.0.0.1', 'up 10.0.0.1']);
  });

  it('is configured for loopback alone uses nothing else', async () => {
    const scene = new Scene();
    const host = scene.network.host('127.0.0.1');
    const alice = await scene.join('', { datagrams: host, interfaces: ['127.0.0.1'] });
    host.setAddresses(['127.0.0.1', '10.0.0.1']);
    await scene.pass(5000);
    assert.deepEqual(alice.facts().interfaces, ['127.0.0.1']);
    assert.deepEqual(alice.facts().interfaceEvents, []);
  });

  it('has the ports of its id taken on a new address uses others there', async () => {
    const { scene, hosts, carry, matched } = await pair(['127.0.0.1'], ['10.0.0.2']);
    hosts.alice.setAddresses(['127.0.0.1', '10.0.0.1']);
    await hosts.alice.bind({ address: '10.0.0.1', port: 7410, onDatagram: () => undefined });
    await scene.until(matched, AGAIN_MS);
    await carry(200);
  });
});
