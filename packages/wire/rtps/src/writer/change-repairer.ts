import type { Agenda } from '../agenda.ts';
import type { Change } from '../history/change.ts';
import type { WriterHistory } from '../history/writer-history.ts';
import type { Outbox } from '../transport/outbox.ts';
import type { MessageWriter } from '../wire/message-writer.ts';
import { dataFields, writeTimestamp } from './change-sender.ts';
import { FRAGMENT_BYTES, fragmentCount, MAX_MESSAGE_BYTES } from './fragment-size.ts';
import { type ReaderMatch, WHOLE_SAMPLE } from './reader-match.ts';

interface RepairerOptions {
  readonly writerId: number;
  readonly history: WriterHistory;
  readonly agenda: Agenda;
  readonly outbox: Outbox;
  readonly isExpired: (change: Change) => boolean;
  readonly inlineQosFor: (match: ReaderMatch, change: Change) => Uint8Array | undefined;
  readonly heartbeat: (message: MessageWriter, match: ReaderMatch) => void;
  readonly nextFragmentCount: () => number;
}

/** Octets reserved at the end of a message for a GAP or the final heartbeat. */
const MAX_GAP_BYTES = 256;

/** Maximum sequence numbers scanned to widen one GAP. */
const MAX_GAP_SCAN = 1024;

/** Resends what a reader requested from one writer, or sends a GAP for what no longer exists (RTPS 2.5, 8.4.9.2.7). */
export class ChangeRepairer {
  readonly #options: RepairerOptions;

  constructor(options: RepairerOptions) {
    this.#options = options;
  }

  /** Sends one datagram of the requested samples. `last` is the writer's highest number. Returns its size in octets. */
  repair(match: ReaderMatch, last: number): number {
    const { outbox, heartbeat } = this.#options;
    const message = outbox.to(match.destination);
    const emptyBytes = message.length;
    for (let request = match.nextRequest(); request; request = match.nextRequest()) {
      const [number, fragments] = request;
      const change = this.#relevant(number, match);
      if (!change) this.#gap(message, match, number, last);
      else if (fragmentCount(change.payload) > 1) {
        if (message.length === emptyBytes) this.#fragment(message, match, change, fragments);
        break;
      } else {
        if (message.length > emptyBytes && message.length + change.payload.length > FRAGMENT_BYTES) break;
        this.#data(message, match, change);
      }
      if (message.length > MAX_MESSAGE_BYTES - MAX_GAP_BYTES) break;
    }
    // The heartbeat shows the reader immediately that no repairs are pending.
    if (!match.hasRequests) heartbeat(message, match);
    const bytes = message.length;
    outbox.send();
    return bytes;
  }

  #gap(message: MessageWriter, match: ReaderMatch, number: number, last: number): void {
    const { history, agenda, writerId } = this.#options;
    const oldest = history.first ?? last + 1;
    let end = Math.max(number + 1, number < match.start ? match.start : Math.min(oldest, last + 1));
    const scanEnd = Math.min(last, end + MAX_GAP_SCAN);
    while (end <= scanEnd && !this.#relevant(end, match)) end += 1;
    message.gap(match.readerId, writerId, number, end);
    const nowMs = agenda.nowMs();
    for (let next = match.nextRequest(); next && next[0] < end; next = match.nextRequest()) {
      match.fulfilled(next[0], nowMs);
    }
  }

  #data(message: MessageWriter, match: ReaderMatch, change: Change): void {
    const { writerId, inlineQosFor, agenda } = this.#options;
    writeTimestamp(message, change);
    message.data(dataFields(change, writerId, match.readerId, inlineQosFor(match, change)));
    match.fulfilled(change.sequenceNumber, agenda.nowMs());
  }

  /** Sends one fragment per datagram. The other requested fragments stay in the queue. */
  #fragment(
    message: MessageWriter,
    match: ReaderMatch,
    change: Change,
    requested: Set<number> | typeof WHOLE_SAMPLE,
  ): void {
    const { writerId, inlineQosFor, agenda, nextFragmentCount } = this.#options;
    const { sequenceNumber } = change;
    const total = fragmentCount(change.payload);
    const open =
      requested === WHOLE_SAMPLE ? new Set(Array.from({ length: total }, (_, index) => index + 1)) : requested;
    const [fragment] = open;
    open.delete(fragment);
    writeTimestamp(message, change);
    message.dataFrag(
      dataFields(change, writerId, match.readerId, inlineQosFor(match, change)),
      fragment,
      FRAGMENT_BYTES,
    );
    if (open.size > 0) {
      match.replaceRequest(sequenceNumber, open);
      return;
    }
    match.fulfilled(sequenceNumber, agenda.nowMs());
    message.heartbeatFrag(match.readerId, writerId, sequenceNumber, total, nextFragmentCount());
  }

  #relevant(sequenceNumber: number, match: ReaderMatch): Change | undefined {
    if (sequenceNumber < match.start) return undefined;
    const change = this.#options.history.get(sequenceNumber);
    if (!change || (change.to !== undefined && change.to !== match.reader.guid)) return undefined;
    return this.#options.isExpired(change) ? undefined : change;
  }
}
