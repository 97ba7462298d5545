import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Declaration } from '../declaration/declaration.ts';
import { portValue } from '../message/port-value.ts';
import { sealedMemory } from '../message/sealed-memory.ts';
import { SAFETY_GATE } from '../testing/safety-gate.ts';
import { TEST_VECTOR } from '../testing/test-vector.ts';
import { ingestWriter } from '../writer/ingest-writer.ts';
import { ingestReceiver, type ReceivedState } from './ingest-receiver.ts';
import type { SessionMark } from './session-order.ts';

const KEY = TEST_VECTOR.key;
const PORTS = TEST_VECTOR.ports;

function stage({ mark, key = KEY }: { mark?: SessionMark | undefined; key?: Uint8Array } = {}) {
  const declared: { readonly declaration: Declaration; readonly session: bigint }[] = [];
  const states: ReceivedState[] = [];
  const receiver = ingestReceiver({
    key,
    mark,
    listener: {
      declared: (declaration, session) => declared.push({ declaration, session }),
      state: (state) => states.push({ ...state, ports: state.ports.slice() }),
    },
  });
  const receive = (...messages: readonly Uint8Array[]) => {
    for (const message of messages) receiver.receive(message);
  };
  /** The counts that are not 0. */
  const counts = () => Object.fromEntries(Object.entries(receiver.counts).filter(([, count]) => count > 0));
  return { receiver, receive, declared, states, counts };
}

/** A session of the safety gate. Its messages are copies and may be stored. */
function sender(
  session: bigint,
  { key = KEY, declaration = SAFETY_GATE }: { key?: Uint8Array | undefined; declaration?: Declaration } = {},
) {
  const writer = ingestWriter({ session, key, declaration });
  return {
    declaration: (timeUs: bigint) => writer.declaration(timeUs).slice(),
    state: (timeUs: bigint, result: 'passed' | 'failed' = 'passed') => writer.state(timeUs, PORTS, [result]).slice(),
  };
}

/** Returns a message after `change`, sealed again with the correct key. */
function changed(message: Uint8Array, change: (octets: Buffer) => void, length = message.length): Uint8Array {
  const memory = sealedMemory(KEY, length);
  memory.octets.set(message.subarray(0, length - 16));
  change(Buffer.from(memory.octets.buffer, memory.octets.byteOffset, length));
  memory.seal(length - 16);
  return memory.octets.slice();
}

describe('a receiver', () => {
  it('reports a declaration, and every state by its layout', () => {
    const { receive, declared, states, counts } = stage();
    const gate = sender(7n);
    receive(gate.declaration(10n), gate.state(20n), gate.state(30n, 'failed'));
    assert.deepEqual(declared, [{ declaration: SAFETY_GATE, session: 7n }]);
    const [first, second] = states;
    assert.deepEqual([first?.session, first?.sequence, first?.timeUs], [7n, 2n, 20n]);
    assert.deepEqual(
      PORTS.map((_, at) => portValue(first!.ports, at, 'float64')),
      [...PORTS],
    );
    assert.deepEqual(first?.faults, [{ result: 'passed', occurrences: 0 }]);
    assert.deepEqual(second?.faults, [{ result: 'failed', occurrences: 1 }]);
    assert.deepEqual(counts(), { accepted: 2, declarations: 1, sessions: 1 });
  });

  it('reports a declaration again only if its bytes or its session changed', () => {
    const { receive, declared, counts } = stage();
    const gate = sender(7n);
    receive(gate.declaration(1n), gate.declaration(2n));
    assert.equal(declared.length, 1);
    const renamed = changed(gate.declaration(3n), (octets) => octets.write('PLC001', octets.indexOf('RTMaps')));
    receive(renamed);
    assert.equal(declared[1]?.declaration.runtime, 'PLC001');
    receive(sender(8n).declaration(1n));
    assert.deepEqual(declared[2], { declaration: SAFETY_GATE, session: 8n });
    assert.deepEqual(counts(), { declarations: 4, sessions: 2 });
  });

  it('returns the same list of faults until an entry changes', () => {
    const { receive, states } = stage();
    const gate = sender(7n);
    receive(gate.declaration(1n), gate.state(2n), gate.state(3n), gate.state(4n, 'failed'));
    assert.equal(states[0]?.faults, states[1]?.faults);
    assert.notEqual(states[1]?.faults, states[2]?.faults);
  });

  it('rejects a message if any bit of its authentication code is wrong', () => {
    const { receiver, receive, states, counts } = stage();
    const gate = sender(7n);
    receive(gate.declaration(1n));
    const before = receiver.mark;
    const message = gate.state(2n);
    for (let bit = 0; bit < message.length * 8; bit += 1) {
      const forged = message.slice();
      forged[bit >> 3]! ^= 1 << (bit & 7);
      receive(forged);
    }
    assert.deepEqual(counts(), { declarations: 1, sessions: 1, forged: message.length * 8 });
    assert.deepEqual([receiver.mark, states.length], [before, 0]);
    receive(message);
    assert.equal(states.length, 1, 'the true one is taken after all of them');
  });

  it('accepts no message of another key, without a key if it has one, nor with a key if it has none', () => {
    for (const [mine, theirs] of [
      [KEY, Uint8Array.of(1)],
      [KEY, undefined],
      [undefined, KEY],
    ]) {
      const receiver = ingestReceiver({
        key: mine,
        listener: { declared: () => assert.fail(), state: () => assert.fail() },
      });
      const writer = ingestWriter({ session: 1n, key: theirs, declaration: SAFETY_GATE });
      receiver.receive(writer.declaration(1n));
      assert.equal(receiver.counts.forged, 1);
    }
  });

  it('accepts no message twice or late, and none with an earlier time', () => {
    const { receive, states, counts } = stage();
    const gate = sender(7n);
    const [declaration, first, second] = [gate.declaration(1n), gate.state(20n), gate.state(30n)];
    receive(declaration, second, second, first, declaration);
    assert.deepEqual(
      states.map(({ sequence }) => sequence),
      [3n],
    );
    receive(gate.state(29n));
    assert.deepEqual(counts(), { declarations: 1, accepted: 1, sessions: 1, repeated: 4, lost: 1, gaps: 1 });
    receive(gate.state(30n));
    assert.equal(states.length, 2, 'two messages of one microsecond are two');
  });

  it('counts gaps in the sequence, and their position', () => {
    const { receive, counts } = stage();
    const gate = sender(7n);
    const messages = [gate.declaration(1n), ...[2n, 3n, 4n, 5n, 6n, 7n, 8n].map((timeUs) => gate.state(timeUs))];
    receive(...messages.filter((_, index) => ![1, 4, 5, 6].includes(index)));
    assert.deepEqual(counts(), { declarations: 1, accepted: 3, sessions: 1, lost: 4, gaps: 2 });
  });

  it('switches to a higher session with its declaration, and never back', () => {
    const { receiver, receive, declared, states, counts } = stage();
    const [old, young] = [sender(7n), sender(8n)];
    receive(old.declaration(1n), young.state(2n), old.state(100n));
    assert.deepEqual([states.length, counts()['undeclared']], [1, 1], 'a state alone begins nothing');
    receive(young.declaration(3n), young.state(4n), old.state(101n), old.declaration(102n));
    assert.deepEqual(
      [declared, states].map((calls) => calls.map(({ session }) => session)),
      [
        [7n, 8n],
        [7n, 8n],
      ],
    );
    assert.equal(counts()['repeated'], 2);
    assert.equal(receiver.refusedSession, 7n);
    receive(young.state(5n));
    assert.equal(receiver.refusedSession, undefined);
  });

  it('accepts no state with the layout of another revision', () => {
    const { receive, counts } = stage();
    const gate = sender(7n);
    const revised = (message: Uint8Array) => changed(message, (octets) => octets.writeUInt16LE(2, 6));
    receive(gate.declaration(1n), revised(gate.state(2n)), gate.state(3n));
    assert.deepEqual(counts(), { declarations: 1, accepted: 1, undeclared: 1, sessions: 1 });
    receive(revised(gate.declaration(4n)), revised(gate.state(5n)), gate.state(6n));
    assert.deepEqual(counts(), { declarations: 2, accepted: 2, undeclared: 2, sessions: 1 });
  });

  it('continues from its checkpoint: nothing at or before it is accepted by the next receiver', () => {
    const first = stage();
    const gate = sender(7n);
    const played = [gate.declaration(10n), gate.state(20n, 'failed'), gate.state(30n)];
    first.receive(...played);
    const { mark } = first.receiver;
    assert.deepEqual(mark, { session: 7n, timeUs: 30n, occurrences: [1] });

    const second = stage({ mark });
    assert.deepEqual(second.receiver.mark, mark, 'it keeps it as it is until something comes');
    second.receive(...played, sender(6n).declaration(1000n));
    assert.deepEqual(second.counts(), { repeated: 4 });
    assert.equal(second.receiver.refusedSession, 6n);
    assert.deepEqual(second.receiver.mark, mark);

    second.receive(gate.state(40n), gate.declaration(50n));
    assert.deepEqual(second.receiver.mark, { session: 7n, timeUs: 50n, occurrences: [1] });
    second.receive(gate.state(60n, 'failed'));
    assert.deepEqual(second.receiver.mark, { session: 7n, timeUs: 60n, occurrences: [2] });
    assert.deepEqual(second.counts(), { repeated: 4, undeclared: 1, declarations: 1, accepted: 1, sessions: 1 });
  });

  it('reports a restarted sender that reuses the session of its last run', () => {
    const { receiver, receive } = stage();
    const gate = sender(7n);
    receive(gate.declaration(1n), gate.state(2n), gate.state(2n));
    receive(sender(7n).declaration(3n));
    assert.equal(receiver.refusedSession, 7n);
  });

  it('reports the problem with a declaration, and keeps the previous declaration', () => {
    const { receiver, receive, declared, counts } = stage();
    const [gate, next] = [sender(7n), sender(8n)];
    const spoilt = (message: Uint8Array) =>
      changed(message, (octets) => octets.write('id!', octets.indexOf('"runtime"') + 1));
    receive(gate.declaration(1n), spoilt(gate.declaration(2n)), gate.state(3n), spoilt(next.declaration(1n)));
    assert.equal(receiver.problem, 'runtime is missing: expected a text');
    assert.deepEqual([declared.length, receiver.mark?.session], [1, 7n]);
    assert.deepEqual(counts(), { declarations: 1, accepted: 1, malformed: 2, sessions: 1 });
    receive(gate.declaration(4n));
    assert.equal(receiver.problem, undefined);
  });

  it('counts an authentic message as malformed if any of its members is invalid', () => {
    const { receiver, receive, states } = stage();
    const gate = sender(7n);
    receive(gate.declaration(1n));
    const spoils: readonly ((octets: Buffer) => void)[] = [
      (octets) => octets.write('X', 0),
      (octets) => octets.writeUInt8(2, 4),
      (octets) => octets.writeUInt8(3, 5),
      (octets) => octets.writeUInt16LE(4, 32),
      (octets) => octets.writeUInt16LE(0, 34),
      (octets) => octets.writeUInt32LE(1, 36),
      (octets) => octets.writeUInt8(3, 64),
      (octets) => octets.writeUInt8(1, 67),
    ];
    for (const [index, spoil] of spoils.entries()) {
      receive(changed(gate.state(2n), spoil));
      assert.equal(receiver.counts.malformed, index + 1, String(spoil));
    }
    receive(
      changed(gate.state(2n), () => undefined, 80),
      new Uint8Array(47),
      new Uint8Array(70_000),
      new Uint8Array(0),
    );
    assert.deepEqual([receiver.counts.malformed, states.length], [spoils.length + 4, 0]);
    receive(gate.state(3n));
    assert.equal(states.length, 1);
  });

  it('continues if the listener throws, and reports the error', () => {
    let calls = 0;
    const listener = {
      declared: () => undefined,
      state() {
        calls += 1;
        throw new Error('no room');
      },
    };
    const receiver = ingestReceiver({ key: KEY, listener });
    const gate = sender(7n);
    for (const message of [gate.declaration(1n), gate.state(2n), gate.state(3n)]) receiver.receive(message);
    assert.deepEqual([calls, receiver.counts.accepted, receiver.counts.failures], [2, 2, 2]);
    assert.equal(receiver.failure, 'Error: no room');
  });
});

describe('the value of a port', () => {
  it('has the declared type', () => {
    const octets = Buffer.alloc(24);
    octets.writeDoubleLE(-1.5, 0);
    octets.writeBigInt64LE(-(2n ** 63n), 8);
    octets.writeBigInt64LE(1n, 16);
    assert.deepEqual(
      [portValue(octets, 0, 'float64'), portValue(octets, 1, 'int64'), portValue(octets, 2, 'bool')],
      [-1.5, -(2n ** 63n), true],
    );
    assert.throws(() => portValue(octets, 3, 'bool'), /there is no port 3/);
    assert.throws(() => portValue(octets, -1, 'bool'), RangeError);
  });
});
