import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { SimulatedClock } from '@medkit/edges/testing';
import { Agenda } from '../agenda.ts';
import { BUILTIN_QOS } from '../discovery/builtin.ts';
import { ReaderMatch } from './reader-match.ts';
import { RepairQueue } from './repair-queue.ts';

const DATAGRAM_BYTES = 16 * 1024;
/** 128 MB/s. */
const BYTES_PER_ROUND = 256 * 1024;
const ROUND_MS = 2;
const LONGEST_DATAGRAM_BYTES = 60_000;

interface Repair {
  readonly reader: string;
  readonly number: number;
  readonly atMs: number;
}

/** A queue whose repairs are recorded instead of sent, one number per datagram. */
function workshop(datagramBytes: () => number = () => DATAGRAM_BYTES) {
  const clock = new SimulatedClock();
  const queue = new RepairQueue(new Agenda(clock));
  const repairs: Repair[] = [];
  const repairer = {
    repair(match: ReaderMatch): number {
      const [number] = match.nextRequest()!;
      match.fulfilled(number, clock.monotonicMs());
      repairs.push({ reader: match.reader.guid, number, atMs: clock.monotonicMs() });
      return datagramBytes();
    },
  };
  /** Makes the reader request these numbers. */
  const ask = (match: ReaderMatch, ...numbers: readonly number[]) => {
    for (const number of numbers) match.request(number, clock.monotonicMs());
    queue.add(repairer, match);
  };
  return { clock, repairs, ask };
}

function readerMatch(name: string): ReaderMatch {
  const remote = {
    guid: name.padStart(32, '0'),
    kind: 'reader',
    topicName: 'rt/repaired',
    typeName: 'Repaired',
    qos: BUILTIN_QOS,
    userData: new Uint8Array(0),
    keyed: false,
    vendorId: '014d',
  } as const;
  const destination = { prefix: new Uint8Array(12), targets: [], admits: () => true, reminded: () => undefined };
  return new ReaderMatch({ reader: remote, destination, expectsInlineQos: false, start: 1, lastSent: 0 });
}

const numbersUpTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe('the queue of repairs', () => {
  it('answers requests at a quiet time immediately, lowest number first', () => {
    const { repairs, ask } = workshop();
    ask(readerMatch('a'), 3, 1, 2);
    assert.deepEqual(
      repairs.map(({ number, atMs }) => [number, atMs]),
      [
        [1, 0],
        [2, 0],
        [3, 0],
      ],
    );
  });

  it('serves waiting readers in turn, a datagram each: a small request does not wait for a large one', () => {
    const { clock, repairs, ask } = workshop();
    const [greedy, modest] = [readerMatch('a'), readerMatch('b')];
    ask(greedy, ...numbersUpTo(1000));
    const before = repairs.length;
    ask(modest, 1, 2, 3);
    clock.advance(ROUND_MS);
    const turns = repairs.slice(before).map(({ reader }) => reader);
    assert.deepEqual(
      turns.slice(0, 6),
      [greedy, modest, greedy, modest, greedy, modest].map(({ reader }) => reader.guid),
    );
  });

  it('does not queue a reader twice, nor one that requests nothing', () => {
    const { clock, repairs, ask } = workshop();
    const greedy = readerMatch('a');
    ask(greedy, ...numbersUpTo(100));
    ask(greedy, 101);
    ask(greedy);
    ask(readerMatch('b'));
    clock.advance(1000);
    assert.deepEqual(
      repairs.map(({ number }) => number),
      numbersUpTo(101),
    );
  });

  it('continues with a reader that sends another request after it was served', () => {
    const { clock, repairs, ask } = workshop();
    const match = readerMatch('a');
    ask(match, 1);
    clock.advance(100);
    ask(match, 2);
    assert.equal(repairs.length, 2);
  });

  for (let seed = 1; seed <= 20; seed += 1) {
    it(`keeps to its rate, and serves each number exactly once (seed ${seed})`, () => {
      const random = seededRandom(seed);
      const pick = (limit: number) => Math.floor(random.float() * limit);
      let spentBytes = 0;
      const { clock, repairs, ask } = workshop(() => {
        const bytes = 1 + pick(LONGEST_DATAGRAM_BYTES);
        spentBytes += bytes;
        return bytes;
      });
      const readers = Array.from({ length: 1 + pick(8) }, (_, index) => ({
        match: readerMatch(`${index}`),
        requested: 0,
      }));
      const askMore = (reader: (typeof readers)[number], count: number) => {
        ask(reader.match, ...numbersUpTo(count).map((number) => reader.requested + number));
        reader.requested += count;
      };
      for (const reader of readers) askMore(reader, 500);
      for (let step = 0; step < 300; step += 1) {
        askMore(readers[pick(readers.length)], pick(4));
        clock.advance(pick(3));
        // A round ends with the datagram that reaches its limit.
        const rounds = 1 + Math.floor(clock.monotonicMs() / ROUND_MS);
        assert.ok(
          spentBytes <= rounds * (BYTES_PER_ROUND + LONGEST_DATAGRAM_BYTES),
          `${spentBytes} in ${rounds} rounds`,
        );
      }
      clock.advance(10_000);
      for (const { match, requested } of readers) {
        const served = repairs.filter(({ reader }) => reader === match.reader.guid);
        assert.deepEqual(
          served.map(({ number }) => number),
          numbersUpTo(requested),
        );
        assert.equal(match.isQueued, false);
      }
    });
  }
});
