import { BUILTIN_QOS, PUBLICATIONS } from '../discovery/builtin.ts';
import { encodeEndpointData, encodeEndpointKey } from '../discovery/endpoint-data.ts';
import { encodeParticipantData } from '../discovery/participant-data.ts';
import { ENTITYID_SPDP_WRITER } from '../wire/entity-ids.ts';
import { guidOf, octetsOf } from '../wire/guid-octets.ts';
import { MessageWriter } from '../wire/message-writer.ts';
import { encodeInlineQos } from '../writer/inline-qos.ts';

/** A participant that exists only as datagrams, for floods. Each method returns the parts of one datagram. */
export class FakeParticipant {
  readonly prefix: string;
  readonly #message: MessageWriter;
  #announced = 0;

  constructor(number: number) {
    this.prefix = `0110${number.toString(16).padStart(20, '0')}`;
    this.#message = new MessageWriter(octetsOf(this.prefix));
  }

  /** By default its lease is infinite. */
  announcement({ name = `made up ${this.prefix}`, leaseMs = Number.POSITIVE_INFINITY } = {}): readonly Uint8Array[] {
    const payload = encodeParticipantData({
      guidPrefix: this.prefix,
      domainId: 0,
      name,
      userData: new Uint8Array(0),
      properties: {},
      leaseMs,
      metatrafficUnicast: [{ address: '10.0.0.77', port: 7500 }],
      metatrafficMulticast: [],
      defaultUnicast: [{ address: '10.0.0.77', port: 7501 }],
    });
    this.#message.begin();
    this.#data(ENTITYID_SPDP_WRITER, 1, payload);
    return this.#finish();
  }

  /** Confirms that it receives datagrams of the participant with prefix `to`. */
  answer(to: string): readonly Uint8Array[] {
    this.#message.begin(octetsOf(to));
    return this.#finish();
  }

  /** Announces its next writer, with user data of the given size. */
  nextWriter(userDataBytes: number): readonly Uint8Array[] {
    this.#announced += 1;
    const payload = encodeEndpointData({
      guid: this.#writerGuid(this.#announced),
      kind: 'writer',
      topicName: `rt/made_up${this.#announced}`,
      typeName: 'MadeUp',
      qos: BUILTIN_QOS,
      userData: new Uint8Array(userDataBytes),
    });
    return this.#publication(payload);
  }

  /** Disposes its writer with this number, counted from 1. */
  endOfWriter(number: number): readonly Uint8Array[] {
    this.#announced += 1;
    const guid = this.#writerGuid(number);
    return this.#publication(encodeEndpointKey(guid), octetsOf(guid));
  }

  #writerGuid(number: number): string {
    return guidOf(this.prefix, number * 256 + 0x03);
  }

  #publication(payload: Uint8Array, gone?: Uint8Array): readonly Uint8Array[] {
    const { writerId } = PUBLICATIONS;
    this.#message.begin();
    this.#data(writerId, this.#announced, payload, gone);
    this.#message.heartbeat(0, writerId, 1, this.#announced, this.#announced, true);
    return this.#finish();
  }

  #data(writerId: number, sequenceNumber: number, payload: Uint8Array, gone?: Uint8Array): void {
    const inlineQos = gone && encodeInlineQos({ change: 'disposed-unregistered', keyHash: gone });
    this.#message.data({ readerId: 0, writerId, sequenceNumber, inlineQos, payload, payloadIsKey: gone !== undefined });
  }

  #finish(): readonly Uint8Array[] {
    return this.#message.finish().map((part) => part.slice());
  }
}
