import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type DatagramListener, type Datagrams, type SocketAddress, seededRandom } from '@medkit/edges';
import * as captured from '../testing/captured.ts';
import { type MutationSource, mutate } from '../testing/mutations.ts';
import { KEEP_ALL, numberIn, payloadOf, RELIABLE, Scene, settled, TOPIC } from '../testing/scene.ts';
import { octetsOf } from '../wire/guid-octets.ts';

interface Recorded {
  readonly bytes: Uint8Array;
  readonly from: SocketAddress;
  readonly listener: DatagramListener;
}

/** Records every datagram that arrives, with its receiver. */
function recording(datagrams: Datagrams, into: Recorded[]): Datagrams {
  return {
    interfaces: () => datagrams.interfaces(),
    bind: (options) =>
      datagrams.bind({
        ...options,
        onDatagram: (bytes, from) => {
          into.push({ bytes: bytes.slice(), from, listener: options.onDatagram });
          options.onDatagram(bytes, from);
        },
      }),
  };
}

describe('a participant under hostile input', () => {
  for (let seed = 1; seed <= 4; seed += 1) {
    it(`throws nothing, and still receives samples of a new participant (seed ${seed})`, async () => {
      const scene = new Scene({ seed, conditions: { loss: 0.05 } });
      const random = seededRandom(seed);
      const recorded: Recorded[] = [];
      const values: number[] = [];
      const alice = await scene.join('', { datagrams: recording(scene.network.host('10.0.0.1'), recorded) });
      const bob = await scene.join('10.0.0.2');
      alice.createReader({ ...TOPIC, qos: RELIABLE, onSample: (sample) => values.push(numberIn(sample)) });
      const answers = alice.createWriter({ ...TOPIC, topicName: 'rt/answers', qos: KEEP_ALL });
      bob.createReader({ ...TOPIC, topicName: 'rt/answers', qos: RELIABLE, onSample: () => undefined });
      const writer = bob.createWriter({ ...TOPIC, qos: KEEP_ALL });
      await scene.until(() => writer.matched().length + answers.matched().length === 2);
      for (let value = 0; value < 20; value += 1) {
        writer.write(payloadOf(value, value % 5 === 0 ? 40_000 : 60));
        answers.write(payloadOf(value, value % 5 === 0 ? 40_000 : 60));
        await scene.pass(5);
      }
      const conversation = [
        ...recorded.map(({ bytes }) => bytes),
        ...Object.values(captured).map((bytes) => Uint8Array.from(bytes)),
      ];
      const source: MutationSource = {
        random,
        other: () => conversation[Math.floor(random.float() * conversation.length)],
        prefixes: [octetsOf(bob.guidPrefix), octetsOf(alice.guidPrefix), new Uint8Array(12)],
      };
      const { from, listener } = recorded[0];
      for (let round = 0; round < 3000; round += 1) {
        listener(mutate(source.other(), source), from);
        if (round % 100 === 0) await scene.pass(1);
      }
      assert.ok(Object.keys(alice.facts().dropped).length > 5);
      assert.deepEqual(alice.facts().failures, []);
      // Forged datagrams may have disposed or redirected any endpoint, so a new endpoint of a new participant is
      // tested.
      const carol = await scene.join('10.0.0.3');
      const fresh = carol.createWriter({ ...TOPIC, qos: KEEP_ALL });
      await scene.until(() => fresh.matched().length === 1);
      fresh.write(payloadOf(4711));
      await scene.until(() => values.includes(4711));
      await alice.close();
      await settled();
    });
  }
});
