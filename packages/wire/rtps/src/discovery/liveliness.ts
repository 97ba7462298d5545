import type { GuidPrefix } from '../model/guid.ts';
import { prefixOf } from '../model/guid.ts';
import type { Sample } from '../model/sample.ts';
import type { Agenda, Alarm } from '../participant/agenda.ts';
import type { Drops } from '../participant/drops.ts';
import type { LocalReader } from '../reader/local-reader.ts';
import type { WriterMatch } from '../reader/writer-match.ts';
import { octetsOf, PREFIX_BYTES } from '../wire/guid-octets.ts';
import type { LocalWriter } from '../writer/local-writer.ts';
import type { PeerTable } from './peer-table.ts';

/** ParticipantMessageData kinds (RTPS 2.5, 9.6.3.1), as their last octet. */
const AUTOMATIC = 1;
const MANUAL_BY_PARTICIPANT = 2;

/** Assertions per lease, so that losing one does no harm. */
const ASSERTIONS_PER_LEASE = 3;
/** How often the leases of others' writers are looked at. */
const CHECK_MS = 250;
/** Encapsulation header and key: prefix and kind. */
const KEY_START = 4;
const KEY_BYTES = 16;

interface LivelinessOptions {
  readonly guidPrefix: GuidPrefix;
  readonly agenda: Agenda;
  readonly drops: Drops;
  readonly peers: PeerTable;
  /** The builtin writer of participant messages. */
  readonly messages: LocalWriter;
  readonly readers: ReadonlyMap<number, LocalReader>;
}

/**
 * Writer Liveliness Protocol (RTPS 2.5, 8.4.13): asserts our writers to those who hold a lease on them, and tells our
 * readers when a writer they are matched with lets its lease run out.
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

  /** A reader that wants to know. */
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

  /** A writer has written, which asserts it; one that is asserted by participant needs a message for its kind. */
  written(writer: LocalWriter): void {
    const { kind, leaseMs } = writer.qos.liveliness;
    if (kind !== 'manual-by-participant' || !this.#writers.has(writer)) return;
    const nowMs = this.#options.agenda.nowMs();
    const previousMs = this.#manualMs.get(writer) ?? Number.NEGATIVE_INFINITY;
    if (nowMs - previousMs < leaseMs / ASSERTIONS_PER_LEASE) return;
    this.#manualMs.set(writer, nowMs);
    this.#send(MANUAL_BY_PARTICIPANT);
  }

  /** A message of the builtin topic. */
  receive({ writer, payload }: Sample): void {
    const peer = this.#options.peers.get(prefixOf(writer.guid));
    if (!peer || payload.length < KEY_START + KEY_BYTES) return;
    if (payload[KEY_START + KEY_BYTES - 1] === MANUAL_BY_PARTICIPANT) peer.assertedMs = peer.heardMs;
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

  /** ParticipantMessageData: the key, and an empty sequence of octets. */
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
    const byParticipant = kind === 'automatic' ? peer.heardMs : kind === 'manual-by-participant' ? peer.assertedMs : 0;
    const alive = agenda.nowMs() - Math.max(match.heardMs, byParticipant) <= leaseMs;
    if (alive !== this.#silent.has(match)) return;
    if (alive) this.#silent.delete(match);
    else this.#silent.add(match);
    drops.guard(() => reader.options.onLivelinessChanged?.(match.writer, alive));
  }
}
