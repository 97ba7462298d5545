import { createHmac } from 'node:crypto';
import type { Random } from '@medkit/edges';
import { type FaultResult, type IngestCounts, ingestWriter } from '@medkit/ingest';
import { SAFETY_GATE } from '../../packages/wire/ingest/src/testing/safety-gate.ts';

/** A message sent to a receiver, and its expected result. */
export interface Thrown {
  readonly octets: Uint8Array;
  readonly expectedCount: keyof IngestCounts;
}

const SHORTEST = 48;
const LONGEST = 60_048;
const DECLARATION_EVERY = 50;
const RETAINED = 64;
const RESULTS: readonly FaultResult[] = ['untested', 'passed', 'failed'];

/**
 * Generates messages of a sender with the key `key`, mixed with others: corrupted, forged, random, replayed, of ended
 * sessions and of sessions that never began. It knows the expected result of each, and counts the ones it drops.
 */
export function messageThrower(key: Uint8Array, random: Random) {
  const below = (limit: number) => Math.floor(random.float() * limit);
  const pick = <T>(items: readonly T[]): T => items[below(items.length)]!;
  const expected = { lost: 0, gaps: 0, sessions: 0 };
  /** The last accepted messages: anything derived from them is unauthentic or a replay. */
  const taken: Uint8Array[] = [];
  let session = 1000n;
  let writer = ingestWriter({ session, key, declaration: SAFETY_GATE });
  let timeUs = 0n;
  let made = 0;
  let missing = 0;

  function genuine(): Thrown | undefined {
    if (made > 0 && random.float() < 0.0005) {
      session += 1n + BigInt(below(1000));
      writer = ingestWriter({ session, key, declaration: SAFETY_GATE });
      timeUs = BigInt(below(1_000_000));
      made = 0;
      missing = 0;
    }
    timeUs += BigInt(below(2000));
    const isDeclaration = made % DECLARATION_EVERY === 0;
    const values = [random.float(), random.float(), random.float()];
    const octets = (isDeclaration ? writer.declaration(timeUs) : writer.state(timeUs, values, [pick(RESULTS)])).slice();
    made += 1;
    // The first one begins the session; some of the others are dropped.
    if (made > 1 && random.float() < 0.1) {
      missing += 1;
      return undefined;
    }
    if (made === 1) expected.sessions += 1;
    expected.lost += missing;
    if (missing > 0) expected.gaps += 1;
    missing = 0;
    taken.push(octets);
    if (taken.length > RETAINED) taken.shift();
    return { octets, expectedCount: isDeclaration ? 'declarations' : 'accepted' };
  }

  const unauthentic = (octets: Uint8Array): Thrown => ({
    octets,
    expectedCount: octets.length < SHORTEST || octets.length > LONGEST ? 'malformed' : 'forged',
  });

  const resealed = (octets: Uint8Array): Uint8Array => {
    const code = createHmac('sha256', key).update(octets.subarray(0, -16)).digest();
    octets.set(code.subarray(0, 16), octets.length - 16);
    return octets;
  };

  const others: readonly (() => Thrown)[] = [
    // Flips one bit anywhere.
    () => {
      const octets = pick(taken).slice();
      octets[below(octets.length)]! ^= 1 << below(8);
      return unauthentic(octets);
    },
    // Truncated, or with bytes appended.
    () => unauthentic(pick(taken).slice(0, -1 - below(60))),
    () => unauthentic(Buffer.concat([pick(taken), random.bytes(1 + below(40))])),
    // The body of one message with the header of another, and either's authentication code.
    () => {
      const [one, other] = [pick(taken).slice(), pick(taken)];
      one.set(other.subarray(40, Math.min(one.length, other.length) - 16), 40);
      one[0]! ^= 1;
      return unauthentic(one);
    },
    // A later sequence and time, without the key.
    () => {
      const octets = pick(taken).slice();
      new DataView(octets.buffer).setBigUint64(16, BigInt(2 ** 40 + below(1000)), true);
      return unauthentic(octets);
    },
    () => unauthentic(random.bytes(below(200))),
    () => unauthentic(new Uint8Array(pick([SHORTEST - 1, SHORTEST, LONGEST, LONGEST + 1, 65_536]))),
    () => {
      const forger = ingestWriter({ session: session + 1n, key: random.bytes(32), declaration: SAFETY_GATE });
      return unauthentic(forger.declaration(timeUs));
    },
    () => ({ octets: pick(taken), expectedCount: 'repeated' }),
    () => {
      const old = ingestWriter({ session: session - 1n, key, declaration: SAFETY_GATE });
      return { octets: old.declaration(timeUs + 1000n), expectedCount: 'repeated' };
    },
    () => {
      const never = ingestWriter({ session: session + 5000n, key, declaration: SAFETY_GATE });
      return { octets: never.state(1n, [0, 0, 0], ['failed']), expectedCount: 'undeclared' };
    },
    // A sender with the key and another protocol version.
    () => {
      const octets = pick(taken).slice();
      octets[pick([0, 4, 5])]! ^= 0x80;
      return { octets: resealed(octets), expectedCount: 'malformed' };
    },
  ];

  return {
    expected,
    next(): Thrown | undefined {
      return taken.length === 0 || random.float() < 0.4 ? genuine() : pick(others)();
    },
  };
}
