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
  const { link, clock, random, type, port, instance, token, addressOn, log } = options;
  let renames = 0;
  let label = options.label;
  let isNamed = false;
  let timer: Timer | undefined;
  let answering: Timer | undefined;
  let announcedMs = Number.NEGATIVE_INFINITY;

  const recordsOn = (on: NetworkInterface, ttl?: 0) => {
    const service = { label, address: addressOn(on) ?? on.address, port, instance };
    return serviceRecords(type, { ...service, ...(token !== '' && { proof: keyProof(service, token) }) }, ttl);
  };
  const send = (message: (on: NetworkInterface) => OutgoingMessage, on?: NetworkInterface): void => {
    for (const network of on ? [on] : link.interfaces) {
      const address = addressOn(network);
      // Receivers use the address from which the announcement comes.
      if (address !== undefined) link.send(message, { ...network, address });
    }
  };
  const announcement = (on: NetworkInterface, ttl?: 0): OutgoingMessage => {
    const { pointer, meta, server, text, host } = recordsOn(on, ttl);
    return { answers: [pointer, server, text, host, ...(ttl === 0 ? [] : [meta])] };
  };
  const announce = (on?: NetworkInterface): void => {
    announcedMs = clock.monotonicMs();
    send(announcement, on);
  };
  const later = (ms: number, work: () => void): void => {
    timer?.cancel();
    timer = clock.after(ms, work);
  };
  const claim = (): void => {
    isNamed = true;
    log('info', `This gateway is announced as ${label}`);
    announce();
    later(REPEAT_MS, announce);
  };
  const probe = (sent = 0): void => {
    if (sent === PROBES) {
      claim();
      return;
    }
    send((on) => ({
      questions: [{ name: `${label}.${type}`, type: 'ANY' }],
      authorities: [recordsOn(on).server],
    }));
    later(PROBE_MS, () => probe(sent + 1));
  };
  const begin = (ms: number): void => {
    isNamed = false;
    later(ms, probe);
  };
  const rename = (other: Sender): void => {
    const waitMs = isNamed || renames > 0 ? RENAME_MS : 0;
    renames++;
    if (renames > MAX_RENAMES) {
      timer?.cancel();
      isNamed = false;
      const message = `Cannot announce this gateway: all names that it tried are in use, the last one by ${other.address}`;
      log('error', `${message}. Set a unique name in aggregation.mdns_name`);
      return;
    }
    const taken = label;
    label = `${options.label}-${renames + 1}`;
    log('warn', `${other.address} already announces the name ${taken}: this gateway uses ${label}`);
    begin(waitMs);
  };

  const answerIn = (ms: number): void => {
    answering?.cancel();
    answering = clock.after(ms, () => {
      answering = undefined;
      if (isNamed) announce();
    });
  };

  /** Returns whether another gateway has the name. */
  const contradicts = (record: { readonly name: string; readonly type: string }, on: NetworkInterface): boolean =>
    record.type === 'SRV' &&
    isSameName(record.name, `${label}.${type}`) &&
    !dataOf(record as SrvAnswer).equals(dataOf(recordsOn(on).server));
  const takeAnswer = ({ answers, additionals }: Message, from: Sender): void => {
    const other = [...answers, ...additionals].find((record) => contradicts(record, from.on));
    if (other && 'ttl' in other && other.ttl !== 0) rename(from);
  };
  const takeQuestion = ({ questions, answers, authorities }: Message, { on }: Sender): void => {
    const fullName = `${label}.${type}`;
    const probing = authorities.find((record): record is SrvAnswer => contradicts(record, on));
    const isAboutName = questions.some(({ name }) => isSameName(name, fullName));
    if (!isNamed) {
      // Both probe at the same time: the lexicographically later record wins.
      if (
        isAboutName &&
        probing &&
        renames <= MAX_RENAMES &&
        dataOf(probing).compare(dataOf(recordsOn(on).server)) > 0
      ) {
        begin(GIVE_WAY_MS);
      }
      return;
    }
    if (authorities.some((record) => isWanting(record, fullName))) {
      answerIn(announcedMs + PROBE_MS - clock.monotonicMs());
      return;
    }
    const { pointer, server } = recordsOn(on);
    const isKnown = answers.some(
      (known) => known.type === 'PTR' && known.data === pointer.data && Number(known.ttl ?? 0) * 2 >= pointer.ttl,
    );
    const names = [...(isKnown ? [] : [type]), fullName, server.data.target, META_SERVICE];
    if (!questions.some(({ name }) => names.some((one) => isSameName(one, name)))) return;
    if (answering) return;
    const spreadMs = MIN_ANSWER_MS + random.float() * ANSWER_SPREAD_MS;
    answerIn(Math.max(spreadMs, announcedMs + REPEAT_MS - clock.monotonicMs()));
  };

  begin(random.float() * PROBE_MS);
  return {
    get label() {
      return isNamed ? label : undefined;
    },
    heard: (message, from) => {
      if (message.isResponse) takeAnswer(message, from);
      else takeQuestion(message, from);
    },
    joined: (on) => {
      if (isNamed) announce(on);
    },
    close: () => {
      timer?.cancel();
      answering?.cancel();
      if (isNamed) send((on) => announcement(on, 0));
      isNamed = false;
    },
  };
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
