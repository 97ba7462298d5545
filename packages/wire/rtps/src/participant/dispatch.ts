import { MalformedCdr } from '../cdr/encapsulation.ts';
import type { Peer } from '../discovery/peer.ts';
import type { PeerTable } from '../discovery/peer-table.ts';
import type { Drops } from '../drops.ts';
import type { WriterMatch } from '../reader/writer-match.ts';
import type { Arrival } from '../transport/transport.ts';
import { ENTITYID_SPDP_WRITER, ENTITYID_UNKNOWN } from '../wire/entity-ids.ts';
import { isPrefixAt } from '../wire/guid-octets.ts';
import { MalformedMessage } from '../wire/malformed-message.ts';
import type { NumberSet } from '../wire/number-set.ts';
import type {
  DataFragSubmessage,
  DataSubmessage,
  HeartbeatSubmessage,
  Message,
  SubmessageSink,
} from '../wire/submessages.ts';
import type { LocalWriter } from '../writer/local-writer.ts';

interface DispatchOptions {
  readonly localPrefix: Uint8Array;
  readonly peers: PeerTable;
  readonly drops: Drops;
  readonly writers: ReadonlyMap<number, LocalWriter>;
  /** Receives a participant's announcement, the only submessage accepted from unknown participants. */
  readonly announced: (message: Message, data: DataSubmessage) => void;
  /** How the current datagram arrived. */
  readonly arrival: () => Arrival;
  /** Called if an announcement cannot be decoded. */
  readonly malformedAnnouncement: (message: Message) => void;
}

const NO_MATCHES: readonly WriterMatch[] = [];

/** Routes each submessage to its endpoints, which are found by numeric ids only. */
export class Dispatch implements SubmessageSink {
  readonly #options: DispatchOptions;
  #peer: Peer | undefined;

  constructor(options: DispatchOptions) {
    this.#options = options;
  }

  source(message: Message): boolean {
    const { bytes, prefixAt } = message;
    this.#peer = this.#options.peers.find(bytes, prefixAt);
    if (this.#peer) this.#peer.lastReceivedMs = message.monotonicMs;
    else if (isPrefixAt(bytes, prefixAt, this.#options.localPrefix)) return false;
    return true;
  }

  addressed({ from: { address }, monotonicMs }: Message): void {
    this.#peer?.answeredFrom(address, this.#options.arrival() === 'direct', monotonicMs);
  }

  data(message: Message, data: DataSubmessage): void {
    if (data.writerId === ENTITYID_SPDP_WRITER) {
      this.#announcement(message, data);
      return;
    }
    for (const match of this.#matches(data.writerId)) {
      if (!isFor(match, data.readerId)) continue;
      match.lastReceivedMs = message.monotonicMs;
      match.data(message, data);
    }
  }

  dataFrag(message: Message, fragment: DataFragSubmessage): void {
    for (const match of this.#matches(fragment.writerId)) {
      if (!isFor(match, fragment.readerId)) continue;
      match.lastReceivedMs = message.monotonicMs;
      match.dataFrag(message, fragment);
    }
  }

  heartbeat(message: Message, heartbeat: HeartbeatSubmessage): void {
    const { readerId, writerId } = heartbeat;
    const matches = this.#matches(writerId);
    for (const match of matches) if (isFor(match, readerId)) match.heartbeat(message, heartbeat);
    const peer = this.#peer;
    if (matches.length === 0 && peer && !peer.endpoints.has(writerId)) peer.keepEarly(heartbeat);
  }

  heartbeatFrag(
    _message: Message,
    readerId: number,
    writerId: number,
    sequenceNumber: number,
    lastFragment: number,
  ): void {
    for (const match of this.#matches(writerId)) {
      if (isFor(match, readerId)) match.heartbeatFrag(sequenceNumber, lastFragment);
    }
  }

  gap(_message: Message, readerId: number, writerId: number, start: number, list: NumberSet): void {
    for (const match of this.#matches(writerId)) if (isFor(match, readerId)) match.gap(start, list);
  }

  ackNack(
    _message: Message,
    readerId: number,
    writerId: number,
    state: NumberSet,
    count: number,
    final: boolean,
  ): void {
    const writer = this.#options.writers.get(writerId);
    const match = writer && this.#peer?.readerMatches.get(readerId)?.get(writer);
    if (match) writer.ackNack(match, state, count, final);
    else if (writer && !final) {
      const stranger = this.#peer?.endpoints.get(readerId);
      if (stranger?.remote.topicName === writer.options.topicName) writer.turnAway(stranger.destination, readerId);
    }
  }

  nackFrag(
    _message: Message,
    readerId: number,
    writerId: number,
    sequenceNumber: number,
    fragments: NumberSet,
    count: number,
  ): void {
    const writer = this.#options.writers.get(writerId);
    const match = writer && this.#peer?.readerMatches.get(readerId)?.get(writer);
    if (match) writer.nackFrag(match, sequenceNumber, fragments, count);
  }

  #matches(writerId: number): readonly WriterMatch[] {
    return this.#peer?.writerMatches.get(writerId) ?? NO_MATCHES;
  }

  #announcement(message: Message, data: DataSubmessage): void {
    try {
      this.#options.announced(message, data);
    } catch (error) {
      if (!(error instanceof MalformedMessage || error instanceof MalformedCdr)) throw error;
      this.#options.drops.count('malformed-participant');
      this.#options.malformedAnnouncement(message);
    }
    // The participant may have been added, replaced or removed.
    this.#peer = this.#options.peers.find(message.bytes, message.prefixAt);
  }
}

const isFor = (match: WriterMatch, readerId: number): boolean =>
  readerId === ENTITYID_UNKNOWN || readerId === match.readerId;
