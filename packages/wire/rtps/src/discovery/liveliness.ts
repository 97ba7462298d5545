import type { Agenda, Alarm } from '../agenda.ts';
import type { Drops } from '../drops.ts';
import type { GuidPrefix } from '../model/guid.ts';
import { prefixOf } from '../model/guid.ts';
import type { Sample } from '../model/sample.ts';
import type { LocalReader } from '../reader/local-reader.ts';
import type { WriterMatch } from '../reader/writer-match.ts';
import { octetsOf, PREFIX_BYTES } from '../wire/guid-octets.ts';
import type { LocalWriter } from '../writer/local-writer.ts';
import type { PeerTable } from './peer-table.ts';

/** Last octet of the ParticipantMessageData kinds (RTPS 2.5, 9.6.3.1). */
const AUTOMATIC = 1;
const MANUAL_BY_PARTICIPANT = 2;

/** Assertions per lease, so that the loss of one is harmless. */
const ASSERTIONS_PER_LEASE = 3;
/** Interval at which the leases of remote writers are checked. */
const CHECK_MS = 250;
/** Offset behind the encapsulation header, and size of the key: GUID prefix and kind. */
const KEY_START = 4;
const KEY_BYTES = 16;

interface LivelinessOptions {
  readonly guidPrefix: GuidPrefix;
  readonly agenda: Agenda;
  readonly drops: Drops;
  readonly peers: PeerTable;
  /** The builtin writer of DCPSParticipantMessage. */
  readonly messages: LocalWriter;
  readonly readers: ReadonlyMap<number, LocalReader>;
}

/**
 * Writer Liveliness Protocol (RTPS 2.5, 8.4.13). Asserts local writers that have a lease, and notifies local readers
 * when the lease of a matched writer expires.
 */
export class Liveliness {
  readonly #options: LivelinessOptions;
  readonly #writers = new Set<LocalWriter>();
  readonly #assertion: Alarm;
  readonly #check: Alarm;
  readonly #manualMs = new WeakMap<LocalWriter, number>();
  readonly #silent = new WeakSet<WriterMatch>();

  constructor(options: LivelinessOptions) {
    this.#options = options;
    this.#assertion = options.agenda.alarm(() => this.#assertAutomatic());
    this.#check = options.agenda.alarm(() => this.#checkWriters());
  }

  /** Starts the checks if the reader has a liveliness listener. */
  watch(reader: LocalReader): void {
    if (reader.options.onLivelinessChanged) this.#check.setAtMost(CHECK_MS);
  }

  add(writer: LocalWriter): void {
    if (writer.qos.liveliness.leaseMs === Number.POSITIVE_INFINITY) return;
    this.#writers.add(writer);
    if (writer.qos.liveliness.kind === 'automatic') this.#assertion.setAtMost(0);
  }

  remove(writer: LocalWriter): void {
    this.#writers.delete(writer);
  }

  /**
   * Called after each write, which asserts the writer itself. A writer that is manual by participant also needs a
   * message.
   */
  written(writer: LocalWriter): void {
    const { kind, leaseMs } = writer.qos.liveliness;
    if (kind !== 'manual-by-participant' || !this.#writers.has(writer)) return;
    const nowMs = this.#options.agenda.nowMs();
    const previousMs = this.#manualMs.get(writer) ?? Number.NEGATIVE_INFINITY;
    if (nowMs - previousMs < leaseMs / ASSERTIONS_PER_LEASE) return;
    this.#manualMs.set(writer, nowMs);
    this.#send(MANUAL_BY_PARTICIPANT);
  }

  /** Receives a sample of DCPSParticipantMessage. */
  receive({ writer, payload }: Sample): void {
    const peer = this.#options.peers.get(prefixOf(writer.guid));
    if (!peer || payload.length < KEY_START + KEY_BYTES) return;
    if (payload[KEY_START + KEY_BYTES - 1] === MANUAL_BY_PARTICIPANT) peer.assertedMs = peer.lastReceivedMs;
  }

  #assertAutomatic(): void {
    let shortestMs = Number.POSITIVE_INFINITY;
    for (const { qos } of this.#writers) {
      if (qos.liveliness.kind === 'automatic') shortestMs = Math.min(shortestMs, qos.liveliness.leaseMs);
    }
    if (shortestMs === Number.POSITIVE_INFINITY) return;
    this.#send(AUTOMATIC);
    this.#assertion.set(shortestMs / ASSERTIONS_PER_LEASE);
  }

  /** ParticipantMessageData: the key and an empty octet sequence. */
  #send(kind: number): void {
    const key = new Uint8Array(KEY_BYTES);
    key.set(octetsOf(this.#options.guidPrefix));
    key[PREFIX_BYTES + 3] = kind;
    const payload = new Uint8Array(KEY_START + KEY_BYTES + 4);
    payload[1] = 1;
    payload.set(key, KEY_START);
    this.#options.messages.write(payload, { keyHash: key });
  }

  #checkWriters(): void {
    for (const reader of this.#options.readers.values()) {
      if (!reader.options.onLivelinessChanged) continue;
      for (const match of reader.matches()) this.#checkWriter(reader, match);
      this.#check.setAtMost(CHECK_MS);
    }
  }

  #checkWriter(reader: LocalReader, match: WriterMatch): void {
    const { kind, leaseMs } = match.writer.qos.liveliness;
    if (leaseMs === Number.POSITIVE_INFINITY) return;
    const peer = this.#options.peers.get(prefixOf(match.writer.guid));
    if (!peer) return;
    const { agenda, drops } = this.#options;
    const byParticipant =
      kind === 'automatic' ? peer.lastReceivedMs : kind === 'manual-by-participant' ? peer.assertedMs : 0;
    const alive = agenda.nowMs() - Math.max(match.lastReceivedMs, byParticipant) <= leaseMs;
    if (alive !== this.#silent.has(match)) return;
    if (alive) this.#silent.delete(match);
    else this.#silent.add(match);
    drops.guard(() => reader.options.onLivelinessChanged?.(match.writer, alive));
  }
}
