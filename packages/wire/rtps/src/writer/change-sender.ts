import type { Change } from '../history/change.ts';
import type { Outbox } from '../transport/outbox.ts';
import { ENTITYID_UNKNOWN } from '../wire/entity-ids.ts';
import type { DataFields, MessageWriter } from '../wire/message-writer.ts';
import { fractionOfMs } from '../wire/time.ts';
import { FRAGMENT_BYTES, fragmentCount } from './fragment-size.ts';
import type { ReaderMatch } from './reader-match.ts';

export function writeTimestamp(message: MessageWriter, { sourceMs }: Change): void {
  message.infoTimestamp(Math.floor(sourceMs / 1000), fractionOfMs(sourceMs));
}

export function dataFields(
  change: Change,
  writerId: number,
  readerId: number,
  inlineQos: Uint8Array | undefined,
): DataFields {
  const { sequenceNumber, payload } = change;
  return { readerId, writerId, sequenceNumber, inlineQos, payload, payloadIsKey: change.change !== 'alive' };
}

interface ChangeSenderOptions {
  readonly writerId: number;
  readonly outbox: Outbox;
  readonly matches: ReadonlyMap<string, ReaderMatch>;
  readonly inlineQosFor: (match: ReaderMatch, change: Change) => Uint8Array | undefined;
  /** Adds a heartbeat for these readers, up to and including the change. */
  readonly heartbeat: (message: MessageWriter, group: readonly ReaderMatch[], sequenceNumber: number) => void;
}

/** Sends changes of one writer for the first time: one datagram for all readers with the same destination. */
export class ChangeSender {
  readonly #options: ChangeSenderOptions;
  #groups: readonly (readonly ReaderMatch[])[] | undefined;

  constructor(options: ChangeSenderOptions) {
    this.#options = options;
  }

  /** Regroups the readers after one was added, removed or moved. */
  regroup(): void {
    this.#groups = undefined;
  }

  /** Sends a complete change. `asks` adds a heartbeat that requests an acknowledgement. */
  send(change: Change, asks: boolean): void {
    for (const group of this.#audience(change)) this.#datagram(group, change, 1, 1, asks);
  }

  /** Like `send`, but one datagram per step. Yields the size of each datagram in octets. */
  *sendPaced(change: Change, asks: boolean): Generator<number, void> {
    const count = fragmentCount(change.payload);
    for (const group of this.#audience(change)) {
      for (let fragment = 1; fragment <= count; fragment += 1) {
        yield this.#datagram(group, change, fragment, count, asks);
      }
    }
  }

  #audience(change: Change): readonly (readonly ReaderMatch[])[] {
    const { matches } = this.#options;
    if (change.to !== undefined) {
      const match = matches.get(change.to);
      return match ? [[match]] : [];
    }
    this.#groups ??= grouped(matches.values());
    const isPlain = (match: ReaderMatch) => !match.expectsInlineQos && isUpToDate(match, change);
    // Readers that missed earlier changes, or expect inline QoS, are served separately. Later readers get nothing.
    if (this.#groups.every((group) => group.every(isPlain))) return this.#groups;
    return this.#groups.flatMap((group) => {
      const claimants = group.filter(({ start }) => start <= change.sequenceNumber);
      if (claimants.length === 0) return [];
      return claimants.every(isPlain) ? [claimants] : claimants.map((match) => [match]);
    });
  }

  #datagram(group: readonly ReaderMatch[], change: Change, fragment: number, fragments: number, asks: boolean): number {
    const { outbox, writerId, inlineQosFor, heartbeat } = this.#options;
    const [match] = group;
    const { sequenceNumber } = change;
    const readerId = group.length === 1 ? match.readerId : ENTITYID_UNKNOWN;
    const message = outbox.to(match.destination);
    writeTimestamp(message, change);
    if (fragment === 1 && !isUpToDate(match, change)) {
      message.gap(readerId, writerId, match.lastSent + 1, sequenceNumber);
    }
    const fields = dataFields(change, writerId, readerId, inlineQosFor(match, change));
    if (fragments === 1) message.data(fields);
    else message.dataFrag(fields, fragment, FRAGMENT_BYTES);
    if (fragment === fragments) {
      for (const each of group) each.lastSent = sequenceNumber;
      if (asks && group.some(({ reliable }) => reliable)) heartbeat(message, group, sequenceNumber);
    }
    const bytes = message.length;
    outbox.send();
    return bytes;
  }
}

function isUpToDate({ reliable, lastSent }: ReaderMatch, { sequenceNumber }: Change): boolean {
  return !reliable || lastSent === sequenceNumber - 1;
}

function grouped(matches: Iterable<ReaderMatch>): readonly (readonly ReaderMatch[])[] {
  const groups = new Map<unknown, ReaderMatch[]>();
  for (const match of matches) {
    const group = groups.get(match.destination);
    if (group) group.push(match);
    else groups.set(match.destination, [match]);
  }
  return [...groups.values()];
}
