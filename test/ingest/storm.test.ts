import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { type FaultResult, ingestReceiver, ingestWriter, type ReceivedState, type SessionMark } from '@medkit/ingest';
import { SAFETY_GATE } from '../../packages/wire/ingest/src/testing/safety-gate.ts';
import { TEST_VECTOR } from '../../packages/wire/ingest/src/testing/test-vector.ts';
import { printSeed, STORM_SEED, scaledStorm } from '../harness/storm.ts';
import { messageThrower } from './thrown-messages.ts';

const MESSAGES = scaledStorm(1_000_000, 10_000);
const LOSS = 0.3;
const { key } = TEST_VECTOR;

describe('a receiver of runtime messages', { timeout: 600_000 }, () => {
  it('reports only what its sender sent, whatever datagrams arrive, and its counters add up', (context) => {
    printSeed(context);
    const thrower = messageThrower(key, seededRandom(STORM_SEED));
    const counts = { accepted: 0, declarations: 0, malformed: 0, forged: 0, repeated: 0, undeclared: 0 };
    const received: ReceivedState[] = [];
    const listener = { declared: () => undefined, state: (state: ReceivedState) => void received.push(state) };
    const receiver = ingestReceiver({ key, listener });
    for (let index = 0; index < MESSAGES; index += 1) {
      const thrown = thrower.next();
      if (thrown === undefined) continue;
      const { expectedCount, octets } = thrown;
      const before = receiver.mark;
      receiver.receive(octets);
      counts[expectedCount as keyof typeof counts] += 1;
      assert.equal(
        receiver.counts[expectedCount],
        counts[expectedCount as keyof typeof counts],
        `message ${index} is not ${expectedCount}`,
      );
      const states = received.splice(0);
      assert.equal(states.length, expectedCount === 'accepted' ? 1 : 0);
      if (states.length === 0) {
        if (expectedCount !== 'declarations')
          assert.deepEqual(receiver.mark, before, `message ${index}, ${expectedCount}, changed something`);
        continue;
      }
      const view = new DataView(octets.buffer, octets.byteOffset);
      const [{ sequence, timeUs, faults } = assert.fail()] = states;
      assert.deepEqual([sequence, timeUs], [view.getBigUint64(16, true), view.getBigUint64(24, true)]);
      assert.equal(faults[0]?.occurrences, view.getUint32(68, true));
    }
    assert.deepEqual({ ...receiver.counts }, { ...counts, ...thrower.expected, failures: 0 });
  });

  it('reports every failure, though three of ten messages are lost and it restarts again and again', (context) => {
    printSeed(context);
    const random = seededRandom(STORM_SEED).float;
    const writer = ingestWriter({ session: 1n, key, declaration: SAFETY_GATE });
    let mark: SessionMark | undefined;
    let reported = 0;
    let truth = 0;
    let last: FaultResult = 'untested';
    const start = () =>
      ingestReceiver({
        key,
        mark,
        listener: {
          declared: () => undefined,
          state({ faults: [fault] }) {
            // The checkpoint contains what the previous receiver has reported.
            reported += (fault?.occurrences ?? 0) - (mark?.occurrences[0] ?? 0);
            mark = { session: 1n, timeUs: 0n, occurrences: [fault?.occurrences ?? 0] };
          },
        },
      });
    let receiver = start();
    for (let index = 1; index <= MESSAGES; index += 1) {
      const timeUs = BigInt(index) * 1000n;
      const result: FaultResult = random() < 0.5 ? 'failed' : 'passed';
      const isDeclaration = index % 50 === 1;
      if (!isDeclaration && result === 'failed' && last !== 'failed') truth += 1;
      if (!isDeclaration) last = result;
      const message = isDeclaration ? writer.declaration(timeUs) : writer.state(timeUs, [0, 0, 0], [result]);
      if (random() >= LOSS) receiver.receive(message);
      if (random() < 0.001) {
        mark = receiver.mark;
        receiver = start();
      }
    }
    receiver.receive(writer.declaration(BigInt(MESSAGES + 1) * 1000n));
    receiver.receive(writer.state(BigInt(MESSAGES + 2) * 1000n, [0, 0, 0], ['passed']));
    assert.ok(truth > MESSAGES / 10, `${truth} failures`);
    assert.equal(reported, truth);
  });
});
