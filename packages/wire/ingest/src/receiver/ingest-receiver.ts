import type { Declaration } from '../declaration/declaration.ts';
import { decodeDeclaration } from '../declaration/decode-declaration.ts';
import type { ReceivedFault } from '../message/fault-result.ts';
import { HEADER, KIND, MAC_BYTES, MAGIC, MAX_MESSAGE_BYTES, STATE, VERSION } from '../message/layout.ts';
import { sealedMemory } from '../message/sealed-memory.ts';
import { type DeclaredSession, declaredSession } from './declared-session.ts';
import { type IngestCounts, zeroCounts } from './ingest-counts.ts';
import { type MessagePosition, type SessionMark, sessionOrder } from './session-order.ts';

/** A state as delivered to the listener. */
export interface ReceivedState extends MessagePosition {
  /** Eight octets per port, see `portValue`. A view of memory that the next message overwrites; copy it to store it. */
  readonly ports: Uint8Array;
  /** In the order of the declaration. The list is a new object only if a fault changed, and may be stored. */
  readonly faults: readonly ReceivedFault[];
}

/** Receives the accepted declarations and states. */
export interface IngestListener {
  /** Called only for a new session, or if the octets differ from the last declaration. */
  declared(declaration: Declaration, session: bigint): void;
  state(state: ReceivedState): void;
}

export interface IngestReceiver {
  /** Processes a message with any content, and returns whether it was valid and new. Never throws. */
  receive(octets: Uint8Array): boolean;
  readonly counts: IngestCounts;
  /** Progress to be stored on disk, `undefined` until a message was accepted. */
  readonly mark: SessionMark | undefined;
  /** Problem of the last declaration, `undefined` if it was accepted. */
  readonly problem: string | undefined;
  /** An authentic session that is not after the mark: the sender's session counter does not increase. */
  readonly refusedSession: bigint | undefined;
  /** Text of the listener's last exception. */
  readonly failure: string | undefined;
}

export interface IngestReceiverOptions {
  readonly key: Uint8Array | undefined;
  /** Mark of the previous receiver, from disk. */
  readonly mark?: SessionMark | undefined;
  readonly listener: IngestListener;
}

/**
 * Receives the messages of one sender. Nothing in a message is used before its authentication code is checked. A
 * message is accepted only once and only after all accepted ones. The mark extends this to sessions before this
 * receiver started.
 */
export function ingestReceiver({ key, mark, listener }: IngestReceiverOptions): IngestReceiver {
  const { octets: message, view, isSealed } = sealedMemory(key, MAX_MESSAGE_BYTES);
  const counts = zeroCounts();
  const order = sessionOrder(mark, counts);
  let known: DeclaredSession | undefined;
  let ports = message.subarray(0, 0);
  let occurrences: readonly number[] = mark?.occurrences ?? [];
  let hasState = false;
  let problem: string | undefined;
  let failure: string | undefined;

  function notify(call: () => void): void {
    try {
      call();
    } catch (error) {
      counts.failures += 1;
      failure = String(error);
    }
  }

  const isHeader = (): boolean =>
    view.getUint32(HEADER.magic, true) === MAGIC &&
    message[HEADER.version] === VERSION &&
    (message[HEADER.kind] === KIND.declaration || message[HEADER.kind] === KIND.state);

  /** Only a declaration starts a session, so that states are never read with the layout of another session. */
  function take(end: number): keyof IngestCounts {
    if (!isHeader()) return 'malformed';
    const place: MessagePosition = {
      session: view.getBigUint64(HEADER.session, true),
      sequence: view.getBigUint64(HEADER.sequence, true),
      timeUs: view.getBigUint64(HEADER.timeUs, true),
    };
    const verdict = order.verdictOn(place);
    if (verdict === 'repeated') return 'repeated';
    // If its content is malformed, the message still does not count as lost.
    if (verdict === 'next') order.advance(place);
    if (message[HEADER.kind] === KIND.declaration) return takeDeclaration(place, end, verdict === 'first');
    return verdict === 'first' ? 'undeclared' : takeState(place, end);
  }

  function takeDeclaration(place: MessagePosition, end: number, isFirst: boolean): keyof IngestCounts {
    const { session } = place;
    const revision = view.getUint16(HEADER.revision, true);
    const json = message.subarray(HEADER.octets, end);
    if (known?.session === session && known.json.equals(json)) {
      known = { ...known, revision };
      problem = undefined;
      return 'declarations';
    }
    const read = decodeDeclaration(json);
    if ('problem' in read) {
      problem = read.problem;
      return 'malformed';
    }
    problem = undefined;
    if (isFirst) order.begin(place);
    known = declaredSession({ session, revision, json: Buffer.from(json) }, read.declaration);
    ports = message.subarray(STATE.values, known.faultsAt);
    // For a continued session, the mark remains valid until the first state.
    if (!isFirst || mark?.session !== session || mark.occurrences.length !== known.faultCount) occurrences = [];
    hasState = false;
    notify(() => listener.declared(read.declaration, session));
    return 'declarations';
  }

  function takeState(place: MessagePosition, end: number): keyof IngestCounts {
    if (known === undefined || known.revision !== view.getUint16(HEADER.revision, true)) return 'undeclared';
    const matchesLayout =
      end === known.stateEnd &&
      view.getUint16(STATE.ports, true) === known.ports &&
      view.getUint16(STATE.faults, true) === known.faultCount &&
      view.getUint32(STATE.zero, true) === 0;
    if (!matchesLayout || !known.faults.read(message, view, known.faultsAt)) return 'malformed';
    hasState = true;
    const { faults } = known.faults;
    notify(() => listener.state({ ...place, ports, faults }));
    return 'accepted';
  }

  return {
    receive(octets) {
      const end = octets.length - MAC_BYTES;
      if (end < HEADER.octets || octets.length > MAX_MESSAGE_BYTES) {
        counts.malformed += 1;
        return false;
      }
      message.set(octets);
      const outcome = isSealed(end) ? take(end) : 'forged';
      counts[outcome] += 1;
      return outcome === 'accepted' || outcome === 'declarations';
    },
    counts,
    get mark() {
      const { last } = order;
      const latest = hasState && known ? known.faults.faults.map((fault) => fault.occurrences) : occurrences;
      return last && { ...last, occurrences: latest };
    },
    get problem() {
      return problem;
    },
    get refusedSession() {
      return order.refusedSession;
    },
    get failure() {
      return failure;
    },
  };
}
