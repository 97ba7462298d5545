import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { MemoryFiles, SimulatedClock } from '@medkit/edges/testing';
import { openParticipant } from '../participant/open-participant.ts';
import { Replay } from '../testing/replay.ts';
import { KEEP_ALL, LATCHED, numberIn, payloadOf, RELIABLE, Scene, TOPIC } from '../testing/scene.ts';
import { decodeCapture } from './capture.ts';
import { recordedDatagrams } from './recorded-datagrams.ts';

const PATH = '/tmp/robot.pcap';
const SIZES = [60, 60, 40_000, 300_000, 60];

/**
 * Runs a conversation of two participants, one of them recorded. Returns the file and the samples of the recorded one.
 */
async function recordedConversation(loss: number) {
  const scene = new Scene({ seed: 3, conditions: { loss } });
  const files = new MemoryFiles();
  const datagrams = await recordedDatagrams({
    datagrams: scene.network.host('10.0.0.1'),
    clock: scene.clock,
    files,
    recording: { path: PATH },
    report: (sentence) => assert.fail(sentence),
  });
  const alice = await scene.join('', { datagrams });
  const bob = await scene.join('10.0.0.2');
  const numbers: number[] = [];
  alice.createReader({ ...TOPIC, qos: RELIABLE, onSample: (sample) => numbers.push(numberIn(sample)) });
  const writer = bob.createWriter({ ...TOPIC, qos: LATCHED });
  const answers = alice.createWriter({ ...TOPIC, topicName: 'rt/answers', qos: KEEP_ALL });
  bob.createReader({ ...TOPIC, topicName: 'rt/answers', qos: RELIABLE, onSample: () => undefined });
  await scene.until(() => writer.matched().length + answers.matched().length === 2);
  for (let value = 0; value < 40; value += 1) {
    writer.write(payloadOf(value, SIZES[value % SIZES.length]));
    answers.write(payloadOf(value));
    await scene.pass(5);
  }
  await scene.until(() => numbers.length === 40);
  const prefix = alice.guidPrefix;
  await Promise.all([bob.close(), scene.pass(20)]);
  await alice.close();
  return { file: files.octetsOf(PATH), numbers, prefix, facts: alice.facts() };
}

describe('recorded datagrams', () => {
  it('are all that was sent and received, with their addresses, once the last socket is closed', async () => {
    const { file, facts } = await recordedConversation(0);
    const { datagrams, skipped, cutShort } = decodeCapture(file);
    assert.deepEqual({ skipped, cutShort }, { skipped: {}, cutShort: false });
    assert.equal(datagrams.length, facts.datagrams.sent + facts.datagrams.received);
    const byGroup = datagrams.filter(({ to }) => to.address === '239.255.0.1');
    assert.deepEqual(new Set(byGroup.map(({ to }) => to.port)), new Set([7400]));
    // A host receives its own multicast datagrams.
    assert.deepEqual(new Set(byGroup.map(({ from }) => from.address)), new Set(['10.0.0.1', '10.0.0.2']));
    const unicast = datagrams.filter(({ to }) => to.address !== '239.255.0.1');
    assert.ok(unicast.every(({ from, to }) => new Set([from.address, to.address]).size === 2));
    assert.ok(datagrams.every(({ timeMs }, index) => index === 0 || timeMs >= datagrams[index - 1].timeMs));
  });

  for (const loss of [0, 0.1]) {
    it(`replayed to another participant give its reader the same values (loss ${loss})`, async () => {
      const { file, numbers, prefix } = await recordedConversation(loss);
      assert.deepEqual(
        numbers,
        Array.from({ length: 40 }, (_, value) => value),
      );
      const clock = new SimulatedClock();
      const replay = new Replay({ datagrams: decodeCapture(file).datagrams, standsFor: prefix, clock });
      const random = seededRandom(99);
      const carol = await openParticipant({ domainId: 0, clock, random, datagrams: replay });
      assert.notEqual(carol.guidPrefix, prefix);
      const again: number[] = [];
      const gone: string[] = [];
      carol.createReader({
        ...TOPIC,
        qos: RELIABLE,
        onSample: (sample) => again.push(numberIn(sample)),
        onUnmatched: ({ topicName }) => gone.push(topicName),
      });
      await replay.play(carol);
      assert.deepEqual(again, numbers);
      // The dispose was recorded as well.
      assert.deepEqual(gone, [TOPIC.topicName]);
      await carol.close();
    });
  }

  it('are closed when a port is taken, and continue in the same file', async () => {
    const scene = new Scene();
    const files = new MemoryFiles();
    const host = scene.network.host('10.0.0.1');
    const reports: string[] = [];
    const blocker = await host.bind({ address: '10.0.0.1', port: 7411, onDatagram: () => undefined });
    const datagrams = await recordedDatagrams({
      datagrams: host,
      clock: scene.clock,
      files,
      recording: { path: PATH },
      report: (sentence) => reports.push(sentence),
    });
    const alice = await scene.join('', { datagrams });
    assert.equal(alice.participantId, 1);
    await scene.pass(2000);
    await alice.close();
    await blocker.close();
    assert.ok(decodeCapture(files.octetsOf(PATH)).datagrams.length > 5);
    assert.deepEqual(reports, []);
  });
});
