import type { Random, SocketAddress } from '@medkit/edges';
import { BUILTIN_QOS, PUBLICATIONS, SUBSCRIPTIONS } from '../../../packages/wire/rtps/src/discovery/builtin.ts';
import { encodeEndpointData } from '../../../packages/wire/rtps/src/discovery/endpoint-data.ts';
import { encodeParticipantData } from '../../../packages/wire/rtps/src/discovery/participant-data.ts';
import { ENTITYID_SPDP_WRITER } from '../../../packages/wire/rtps/src/wire/entity-ids.ts';
import { guidOf, hexOf } from '../../../packages/wire/rtps/src/wire/guid-octets.ts';
import { MessageWriter } from '../../../packages/wire/rtps/src/wire/message-writer.ts';
import { FLAVOUR_NAMES, FLAVOURS } from './flavours.ts';

/** Forged participants that stay for a while: each announces one endpoint after the other. */
const RESIDENTS = 16;
/** A name that fills most of a datagram. */
const LONG_NAME = 'n'.repeat(24_000);
const FOREVER_MS = Number.POSITIVE_INFINITY;
/** Source of the forged fragments. */
const HUGE = new Uint8Array(60_000 * 1024);

/** Chance that a forged participant leaves without notice and is replaced by another. */
const LEAVING = 0.0005;

interface Resident {
  readonly prefix: Uint8Array;
  introduced: boolean;
  /** Sequence numbers of the two builtin writers that announce endpoints. */
  readonly announced: { reader: number; writer: number };
}

/**
 * Well-formed datagrams of participants that do not exist, as large as possible. They fill tables; corrupted datagrams
 * are only discarded.
 */
export class Forger {
  readonly #random: Random;
  readonly #residents: Resident[] = [];

  constructor(random: Random) {
    this.#random = random;
  }

  next(): Uint8Array {
    const place = this.#pick(RESIDENTS);
    if (this.#random.float() < LEAVING || !this.#residents[place]) {
      const announced = { reader: 0, writer: 0 };
      this.#residents[place] = { prefix: this.#random.bytes(12), introduced: false, announced };
    }
    const resident = this.#residents[place];
    const choice = this.#random.float();
    if (!resident.introduced || choice < 0.15) {
      resident.introduced = true;
      return this.#participant(resident.prefix, FOREVER_MS, []);
    }
    if (choice < 0.17) return this.#participant(this.#random.bytes(12), FOREVER_MS);
    if (choice < 0.3) return this.#participant(this.#random.bytes(12), 1 + this.#pick(5000));
    return choice < 0.7 ? this.#endpoint(resident) : this.#sample(resident);
  }

  #participant(prefix: Uint8Array, leaseMs: number, locators = this.#locators()): Uint8Array {
    const payload = encodeParticipantData({
      guidPrefix: hexOf(prefix, 0, 12),
      domainId: 0,
      name: this.#name(),
      userData: this.#random.bytes(this.#pick(200)),
      properties: Object.fromEntries(Array.from({ length: this.#pick(300) }, (_, index) => [`p${index}`, 'v'])),
      leaseMs,
      metatrafficUnicast: locators,
      metatrafficMulticast: locators,
      defaultUnicast: locators,
    });
    return this.#message(prefix, ENTITYID_SPDP_WRITER, 1, payload);
  }

  /** Returns the next endpoint of a participant: on an existing topic, or on one with a long name. */
  #endpoint({ prefix, announced }: Resident): Uint8Array {
    const kind = this.#random.float() < 0.5 ? 'reader' : 'writer';
    const topic = kind === 'writer' ? PUBLICATIONS : SUBSCRIPTIONS;
    announced[kind] += 1;
    const flavour = FLAVOUR_NAMES[this.#pick(FLAVOUR_NAMES.length)];
    const real = this.#random.float() < 0.03;
    const payload = encodeEndpointData({
      topicName: real ? `rt/${flavour}/${kind === 'writer' ? 'in' : 'out'}` : this.#name(),
      typeName: real ? 'Fuzz' : this.#name(),
      guid: guidOf(hexOf(prefix, 0, 12), announced[kind] * 256 + (kind === 'writer' ? 0x03 : 0x04)),
      kind,
      qos: { ...BUILTIN_QOS, ...FLAVOURS[flavour][kind] },
      userData: this.#random.bytes(this.#pick(100)),
    });
    return this.#message(prefix, topic.writerId, announced[kind], payload);
  }

  /**
   * Returns a sample far ahead of the current sequence number, so that the target holds it, or a fragment of a huge
   * sample.
   */
  #sample({ prefix, announced }: Resident): Uint8Array {
    const writer = new MessageWriter(prefix);
    const fields = {
      readerId: 0,
      writerId: (1 + this.#pick(announced.writer + 1)) * 256 + 0x03,
      sequenceNumber: 2 + this.#pick(300),
      payload: new Uint8Array(this.#random.float() < 0.5 ? 60_000 : 100),
      payloadIsKey: false,
    };
    writer.begin();
    writer.heartbeat(0, fields.writerId, 1, 1 + this.#pick(1000), this.#pick(1e9), false);
    if (this.#random.float() < 0.5) writer.data(fields);
    else writer.dataFrag({ ...fields, payload: HUGE.subarray(0, 1024 * (1 + this.#pick(60_000))) }, 1, 1024);
    return Uint8Array.from(Buffer.concat(writer.finish()));
  }

  #message(prefix: Uint8Array, writerId: number, sequenceNumber: number, payload: Uint8Array): Uint8Array {
    const writer = new MessageWriter(prefix);
    writer.begin();
    writer.data({ readerId: 0, writerId, sequenceNumber, payload, payloadIsKey: false });
    if (writerId !== ENTITYID_SPDP_WRITER) writer.heartbeat(0, writerId, 1, sequenceNumber, sequenceNumber, true);
    return Uint8Array.from(Buffer.concat(writer.finish()));
  }

  #locators(): readonly SocketAddress[] {
    return Array.from({ length: this.#pick(20) }, () => ({
      address: `10.0.0.${this.#pick(256)}`,
      port: 1 + this.#pick(65_535),
    }));
  }

  #name(): string {
    return this.#random.float() < 0.2 ? LONG_NAME : `name${this.#pick(1000)}`;
  }

  #pick(limit: number): number {
    return Math.floor(this.#random.float() * limit);
  }
}
