import type { Declaration } from '../declaration/declaration.ts';
import { decodeDeclaration } from '../declaration/decode-declaration.ts';
import type { ReceivedFault } from '../message/fault-result.ts';
import { HEADER, KIND, MAC_BYTES, MAGIC, MAX_MESSAGE_BYTES, STATE, VERSION } from '../message/layout.ts';
import { sealedMemory } from '../message/sealed-memory.ts';
import { type DeclaredSession, declaredSession } from './declared-session.ts';
import { blankCounts, type IngestCounts } from './ingest-counts.ts';
import { type MessagePlace, type SessionMark, sessionOrder } from './session-order.ts';

/** A state as the listener is told it. */
export interface ReceivedState extends MessagePlace {
  /** Eight octets each, see `portValue`: a view of memory that is used again with the next message. Who keeps it copies it. */
  readonly ports: Uint8Array;
  /** In the order of the declaration. The list is another object only where something in it is another; it may be kept. */
  readonly faults: readonly ReceivedFault[];
}

/** Who is told what a receiver takes. */
export interface IngestListener {
  /** Only when it is of another session, or has other octets than the last one. */
  declared(declaration: Declaration, session: bigint): void;
  state(state: ReceivedState): void;
}

export interface IngestReceiver {
  /** Takes one message, whatever it is, and returns whether it was valid and new. Never throws. */
  receive(octets: Uint8Array): boolean;
  readonly counts: IngestCounts;
  /** How far it has come, to be kept on disk; `undefined` before anything was ever taken. */
  readonly mark: SessionMark | undefined;
  /** What is wrong with the last declaration; `undefined` where it was taken. */
  readonly problem: string | undefined;
  /** A session that is authentic and not after the mark: the counter of the sender does not grow. */
  readonly refusedSession: bigint | undefined;
  /** What the listener threw last, in words. */
  readonly failure: string | undefined;
}

export interface IngestReceiverOptions {
  readonly key: Uint8Array | undefined;
  /** Of the receiver before this one, from disk. */
  readonly mark?: SessionMark | undefined;
  readonly listener: IngestListener;
}

/**
 * Receives the messages of one sender. Nothing of a message is believed before its code was checked, and none is taken twice,
 * nor before one that was taken: not even one of a session that ended before this receiver began, as the mark tells.
 */
export function ingestReceiver({ key, mark, listener }: IngestReceiverOptions): IngestReceiver {
  const { octets: message, view, isSealed } = sealedMemory(key, MAX_MESSAGE_BYTES);
  const counts = blankCounts();
  const order = sessionOrder(mark, counts);
  let known: DeclaredSession | undefined;
  let ports = message.subarray(0, 0);
  let occurrences: readonly number[] = mark?.occurrences ?? [];
  let hasState = false;
  let problem: string | undefined;
  let failure: string | undefined;

  function tell(call: () => void): void {
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

  /** A session begins only with a declaration, so that its states are never read by the layout of another one. */
  function take(end: number): keyof IngestCounts {
    if (!isHeader()) return 'malformed';
    const place: MessagePlace = {
      session: view.getBigUint64(HEADER.session, true),
      sequence: view.getBigUint64(HEADER.sequence, true),
      timeUs: view.getBigUint64(HEADER.timeUs, true),
    };
    const verdict = order.verdictOn(place);
    if (verdict === 'repeated') return 'repeated';
    // What it carries may be malformed: it is not lost for that.
    if (verdict === 'next') order.advance(place);
    if (message[HEADER.kind] === KIND.declaration) return takeDeclaration(place, end, verdict === 'first');
    return verdict === 'first' ? 'undeclared' : takeState(place, end);
  }

  function takeDeclaration(place: MessagePlace, end: number, isFirst: boolean): keyof IngestCounts {
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
    // The mark still holds for the session that goes on, until its first state.
    if (!isFirst || mark?.session !== session || mark.occurrences.length !== known.faultCount) occurrences = [];
    hasState = false;
    tell(() => listener.declared(read.declaration, session));
    return 'declarations';
  }

  function takeState(place: MessagePlace, end: number): keyof IngestCounts {
    if (known === undefined || known.revision !== view.getUint16(HEADER.revision, true)) return 'undeclared';
    const isLaidOut =
      end === known.stateEnd &&
      view.getUint16(STATE.ports, true) === known.ports &&
      view.getUint16(STATE.faults, true) === known.faultCount &&
      view.getUint32(STATE.zero, true) === 0;
    if (!isLaidOut || !known.faults.read(message, view, known.faultsAt)) return 'malformed';
    hasState = true;
    const { faults } = known.faults;
    tell(() => listener.state({ ...place, ports, faults }));
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
      const told = hasState && known ? known.faults.faults.map((fault) => fault.occurrences) : occurrences;
      return last && { ...last, occurrences: told };
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
