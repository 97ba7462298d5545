import type { Log } from '@medkit/core';
import type { Clock, NetworkInterface, Random, Timer } from '@medkit/edges';
import type { Answer, SrvAnswer } from 'dns-packet';
import { keyProof } from './key-proof.ts';
import type { LocalLink, Sender } from './local-link.ts';
import { isSameName, type Message, messageBytes, type OutgoingMessage } from './message.ts';
import { META_SERVICE, serviceRecords } from './service-records.ts';

/** Number and interval of probes for a free name (RFC 6762, 8.1). */
const PROBES = 3;
const PROBE_MS = 250;
/** Delay after losing a simultaneous probe for the same name (8.2). */
const GIVE_WAY_MS = 1000;
/** Delay before a name in use is given up because of a conflict: two gateways could otherwise alternate forever. */
const RENAME_MS = 1000;
const MAX_RENAMES = 20;
/** New records are sent twice with this interval (8.3), and not more often (6). */
const REPEAT_MS = 1000;
/** Random delay of answers, because several responders may answer the same question (6). */
const MIN_ANSWER_MS = 20;
const ANSWER_SPREAD_MS = 100;

export interface AnnouncerOptions {
  readonly link: LocalLink;
  readonly clock: Clock;
  readonly random: Random;
  /** `_medkit._tcp.local`. */
  readonly type: string;
  /** The preferred label. */
  readonly label: string;
  readonly port: number;
  /** Unique id of this run. */
  readonly instance: string;
  /** Token that clients of this gateway need; empty if they need none. */
  readonly token: string;
  /** Returns the address at which the gateway is reachable on a network; `undefined` if it is not. */
  readonly addressOn: (on: NetworkInterface) => string | undefined;
  readonly log: Log;
}

/** Announces this gateway. */
export interface Announcer {
  /** The label in use; `undefined` while it is being probed. */
  readonly label: string | undefined;
  heard(message: Message, from: Sender): void;
  joined(on: NetworkInterface): void;
  /** Revokes the announcements. */
  close(): void;
}

/** Finds a unique name, announces it and answers questions (RFC 6762, 6 to 10). */
export function openAnnouncer(options: AnnouncerOptions): Announcer {
  return new LinkAnnouncer(options);
}

/** Whether the name is being probed, is in use, or no free name was found. */
type Naming = 'probing' | 'named' | 'given up';

class LinkAnnouncer implements Announcer {
  readonly #options: AnnouncerOptions;
  #naming: Naming = 'probing';
  #label: string;
  #renames = 0;
  /** The next probe, announcement or start of probing. */
  #timer: Timer | undefined;
  #answering: Timer | undefined;
  #announcedMs = Number.NEGATIVE_INFINITY;

  constructor(options: AnnouncerOptions) {
    this.#options = options;
    this.#label = options.label;
    this.#begin(options.random.float() * PROBE_MS);
  }

  get label(): string | undefined {
    return this.#naming === 'named' ? this.#label : undefined;
  }

  heard(message: Message, from: Sender): void {
    if (message.isResponse) this.#takeAnswer(message, from);
    else this.#takeQuestion(message, from);
  }

  joined(on: NetworkInterface): void {
    if (this.#naming === 'named') this.#announce(on);
  }

  close(): void {
    this.#timer?.cancel();
    this.#answering?.cancel();
    if (this.#naming === 'named') this.#send((on) => this.#announcement(on, 0));
    this.#naming = 'given up';
  }

  get #fullName(): string {
    return `${this.#label}.${this.#options.type}`;
  }

  /** Probes for the name after a delay. */
  #begin(delayMs: number): void {
    this.#naming = 'probing';
    this.#later(delayMs, () => this.#probe(0));
  }

  #probe(sent: number): void {
    if (sent === PROBES) {
      this.#claim();
      return;
    }
    this.#send((on) => ({
      questions: [{ name: this.#fullName, type: 'ANY' }],
      authorities: [this.#recordsOn(on).server],
    }));
    this.#later(PROBE_MS, () => this.#probe(sent + 1));
  }

  #claim(): void {
    this.#naming = 'named';
    this.#options.log('info', `This gateway is announced as ${this.#label}`);
    this.#announce();
    this.#later(REPEAT_MS, () => this.#announce());
  }

  #announce(on?: NetworkInterface): void {
    this.#announcedMs = this.#options.clock.monotonicMs();
    this.#send((network) => this.#announcement(network), on);
  }

  #announcement(on: NetworkInterface, ttl?: 0): OutgoingMessage {
    const { pointer, meta, server, text, host } = this.#recordsOn(on, ttl);
    return { answers: [pointer, server, text, host, ...(ttl === 0 ? [] : [meta])] };
  }

  #recordsOn(on: NetworkInterface, ttl?: 0) {
    const { type, port, instance, token, addressOn } = this.#options;
    const service = { label: this.#label, address: addressOn(on) ?? on.address, port, instance };
    return serviceRecords(type, { ...service, ...(token !== '' && { proof: keyProof(service, token) }) }, ttl);
  }

  #send(message: (on: NetworkInterface) => OutgoingMessage, on?: NetworkInterface): void {
    const { link, addressOn } = this.#options;
    for (const network of on ? [on] : link.interfaces) {
      const address = addressOn(network);
      // Receivers use the address from which the announcement comes.
      if (address !== undefined) link.send(message, { ...network, address });
    }
  }

  #takeAnswer({ answers, additionals }: Message, from: Sender): void {
    const other = [...answers, ...additionals].find((record) => this.#contradicts(record, from.on));
    if (other && 'ttl' in other && other.ttl !== 0) this.#rename(from);
  }

  #rename(other: Sender): void {
    const { log } = this.#options;
    const waitMs = this.#naming === 'named' || this.#renames > 0 ? RENAME_MS : 0;
    this.#renames++;
    if (this.#renames > MAX_RENAMES) {
      this.#timer?.cancel();
      this.#naming = 'given up';
      const message = `Cannot announce this gateway: all names that it tried are in use, the last one by ${other.address}`;
      log('error', `${message}. Set a unique name in aggregation.mdns_name`);
      return;
    }
    const taken = this.#label;
    this.#label = `${this.#options.label}-${this.#renames + 1}`;
    log('warn', `${other.address} already announces the name ${taken}: this gateway uses ${this.#label}`);
    this.#begin(waitMs);
  }

  #takeQuestion(message: Message, { on }: Sender): void {
    if (this.#naming === 'probing') this.#giveWay(message, on);
    if (this.#naming !== 'named') return;
    const { clock, random } = this.#options;
    if (message.authorities.some((record) => isWanting(record, this.#fullName))) {
      this.#answerIn(this.#announcedMs + PROBE_MS - clock.monotonicMs());
      return;
    }
    if (this.#answering || !this.#isAsked(message, on)) return;
    const spreadMs = MIN_ANSWER_MS + random.float() * ANSWER_SPREAD_MS;
    this.#answerIn(Math.max(spreadMs, this.#announcedMs + REPEAT_MS - clock.monotonicMs()));
  }

  /** If another gateway probes for the same name at the same time, the lexicographically later record wins. */
  #giveWay({ questions, authorities }: Message, on: NetworkInterface): void {
    if (!questions.some(({ name }) => isSameName(name, this.#fullName))) return;
    const probing = authorities.find((record): record is SrvAnswer => this.#contradicts(record, on));
    if (probing && dataOf(probing).compare(dataOf(this.#recordsOn(on).server)) > 0) this.#begin(GIVE_WAY_MS);
  }

  /** Returns whether a question is about this gateway, and its sender does not know the answer. */
  #isAsked({ questions, answers }: Message, on: NetworkInterface): boolean {
    const { pointer, server } = this.#recordsOn(on);
    const isKnown = answers.some(
      (known) => known.type === 'PTR' && known.data === pointer.data && Number(known.ttl ?? 0) * 2 >= pointer.ttl,
    );
    const names = [...(isKnown ? [] : [this.#options.type]), this.#fullName, server.data.target, META_SERVICE];
    return questions.some(({ name }) => names.some((one) => isSameName(one, name)));
  }

  /** Returns whether another gateway has the name. */
  #contradicts(record: { readonly name: string; readonly type: string }, on: NetworkInterface): boolean {
    return (
      record.type === 'SRV' &&
      isSameName(record.name, this.#fullName) &&
      !dataOf(record as SrvAnswer).equals(dataOf(this.#recordsOn(on).server))
    );
  }

  #answerIn(ms: number): void {
    this.#answering?.cancel();
    this.#answering = this.#options.clock.after(ms, () => {
      this.#answering = undefined;
      if (this.#naming === 'named') this.#announce();
    });
  }

  #later(ms: number, work: () => void): void {
    this.#timer?.cancel();
    this.#timer = this.#options.clock.after(ms, work);
  }
}

/**
 * Returns whether a probe with this record claims the name: some probe the name itself, some the record that points to
 * it.
 */
function isWanting(record: Answer, fullName: string): boolean {
  return isSameName(record.name, fullName) || (record.type === 'PTR' && isSameName(record.data, fullName));
}

/** Returns the record data as bytes for comparison. */
function dataOf({ data }: SrvAnswer): Buffer {
  const target = data.target.toLowerCase();
  return messageBytes({ answers: [{ name: '.', type: 'SRV', class: 'IN', ttl: 0, data: { ...data, target } }] });
}
