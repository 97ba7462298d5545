import type { DatagramSocket, SocketAddress } from '@medkit/edges';
import { BUILTIN_QOS, PUBLICATIONS, SUBSCRIPTIONS } from '../discovery/builtin.ts';
import { encodeEndpointData } from '../discovery/endpoint-data.ts';
import { encodeParticipantData } from '../discovery/participant-data.ts';
import type { Participant } from '../model/api.ts';
import type { QosPolicies } from '../qos/policies.ts';
import { ENTITYID_SPDP_WRITER } from '../wire/entity-ids.ts';
import { guidOf, octetsOf } from '../wire/guid-octets.ts';
import { encodeLocator, LOCATOR_BYTES } from '../wire/locator.ts';
import { MessageReader } from '../wire/message-reader.ts';
import { MessageWriter } from '../wire/message-writer.ts';
import { PID_UNICAST_LOCATOR } from '../wire/parameter-ids.ts';
import type { Message, SubmessageSink } from '../wire/submessages.ts';
import type { Scene } from './scene.ts';
import { TOPIC } from './scene.ts';

/** A submessage that the peer received, with the fields that tests check. */
export interface Received {
  readonly kind: string;
  readonly writerId: number;
  readonly sequenceNumber?: number;
  readonly base?: number;
  readonly members?: readonly number[];
  readonly first?: number;
  readonly last?: number;
  readonly count?: number;
  readonly payload?: Uint8Array;
  readonly relatedIdentityAt?: number;
}

class Recorder implements SubmessageSink {
  readonly received: Received[] = [];

  source(): boolean {
    return true;
  }
  data({ bytes }: Message, data: Parameters<SubmessageSink['data']>[1]): void {
    this.received.push({ ...data, kind: 'data', payload: bytes.slice(data.payloadStart, data.payloadEnd) });
  }
  dataFrag(_message: Message, data: Parameters<SubmessageSink['dataFrag']>[1]): void {
    this.received.push({ ...data, kind: 'data-frag' });
  }
  heartbeat(_message: Message, { writerId, first, last, count }: Parameters<SubmessageSink['heartbeat']>[1]): void {
    this.received.push({ kind: 'heartbeat', writerId, first, last, count });
  }
  heartbeatFrag(...[, , writerId, sequenceNumber, , count]: Parameters<SubmessageSink['heartbeatFrag']>): void {
    this.received.push({ kind: 'heartbeat-frag', writerId, sequenceNumber, count });
  }
  gap(_message: Message, _readerId: number, writerId: number, first: number, { base }: { base: number }): void {
    this.received.push({ kind: 'gap', writerId, first, base });
  }
  ackNack(...[, , writerId, { base, members }, count]: Parameters<SubmessageSink['ackNack']>): void {
    this.received.push({ kind: 'acknack', writerId, base, members, count });
  }
  nackFrag(...[, , writerId, sequenceNumber, { members }, count]: Parameters<SubmessageSink['nackFrag']>): void {
    this.received.push({ kind: 'nack-frag', writerId, sequenceNumber, members, count });
  }
}

/** Entity ids of the peer's endpoints. */
export const PEER_WRITER = 0x0000_0103;
export const PEER_READER = 0x0000_0204;
export const METATRAFFIC_PORT = 7500;
const USER_PORT = 7501;

/** Inserts a locator into an endpoint's announcement, before the sentinel. */
function located(payload: Uint8Array, locator: SocketAddress): Uint8Array {
  const end = payload.length - 4;
  const parameter = [PID_UNICAST_LOCATOR & 255, PID_UNICAST_LOCATOR >>> 8, LOCATOR_BYTES, 0, ...encodeLocator(locator)];
  return Uint8Array.of(...payload.subarray(0, end), ...parameter, ...payload.subarray(end));
}

/** A participant composed by hand. It can send invalid messages, and records what it receives. */
export class WirePeer {
  readonly prefix: string;
  readonly message: MessageWriter;
  readonly #vendor: number;
  readonly #address: string;
  readonly #locator: string;
  readonly #recorder = new Recorder();
  readonly #target: Participant;
  #socket: DatagramSocket | undefined;
  /** Whether incoming datagrams are lost. */
  deaf = false;
  /** Datagrams received on the metatraffic and the user port, and the octets of both. */
  readonly arrivals = { metatraffic: 0, user: 0, bytes: 0 };

  /** `locator` is the announced address, by default `address`. */
  constructor(options: {
    target: Participant;
    vendor?: number;
    address?: string;
    locator?: string;
    prefix?: string;
  }) {
    this.#target = options.target;
    this.#vendor = options.vendor ?? 0x0110;
    this.#address = options.address ?? '10.0.0.77';
    this.#locator = options.locator ?? this.#address;
    this.prefix = options.prefix ?? '01100000000000000000aa01';
    this.message = new MessageWriter(octetsOf(this.prefix));
  }

  get received(): readonly Received[] {
    return this.#recorder.received;
  }

  async open(scene: Scene): Promise<void> {
    const datagrams = scene.network.host(this.#address);
    const bind = (port: number, kind: 'metatraffic' | 'user') =>
      datagrams.bind({
        address: this.#address,
        port,
        onDatagram: (bytes, from) => {
          if (this.deaf) return;
          this.arrivals[kind] += 1;
          this.arrivals.bytes += bytes.length;
          const reader = new MessageReader({ localPrefix: octetsOf(this.prefix), sink: this.#recorder });
          reader.read(bytes, from, 0, 0);
        },
      });
    this.#socket = await bind(METATRAFFIC_PORT, 'metatraffic');
    await bind(USER_PORT, 'user');
  }

  /** Sends the composed message to the participant's unicast metatraffic port. */
  send(): void {
    const parts = this.message.finish().map((part) => part.slice());
    parts[0][6] = this.#vendor >>> 8;
    parts[0][7] = this.#vendor & 255;
    this.sendBytes(parts);
  }

  sendBytes(parts: readonly Uint8Array[]): void {
    const port = 7410 + 250 * this.#target.domainId + 2 * this.#target.participantId;
    for (const address of this.#target.facts().interfaces) this.#socket?.send(parts, port, address);
  }

  /** Announces the peer. Returns the size of the datagram in octets. */
  announce({ leaseMs = 20_000, domainId = 0, userPort = USER_PORT, metatrafficPort = METATRAFFIC_PORT } = {}): number {
    const payload = encodeParticipantData({
      guidPrefix: this.prefix,
      domainId,
      name: 'wire',
      userData: new Uint8Array(0),
      properties: {},
      leaseMs,
      metatrafficUnicast: [{ address: this.#locator, port: metatrafficPort }],
      metatrafficMulticast: [],
      defaultUnicast: [{ address: this.#locator, port: userPort }],
    });
    this.message.begin();
    this.data(ENTITYID_SPDP_WRITER, 1, payload);
    this.send();
    return this.message.length;
  }

  /** Confirms that the peer receives the target's datagrams. Until then the target sends it only a few. */
  answer(): void {
    this.message.begin(octetsOf(this.#target.guidPrefix));
    this.send();
  }

  /** Announces its only writer or reader, by default as the first sample of that SEDP writer. */
  announceEndpoint(
    kind: 'reader' | 'writer',
    qos: Partial<QosPolicies> = {},
    sequenceNumber = 1,
    locator?: SocketAddress,
  ): void {
    const topic = kind === 'writer' ? PUBLICATIONS : SUBSCRIPTIONS;
    const guid = guidOf(this.prefix, kind === 'writer' ? PEER_WRITER : PEER_READER);
    const payload = encodeEndpointData({
      ...TOPIC,
      guid,
      kind,
      qos: { ...BUILTIN_QOS, durability: 'volatile', ...qos },
      userData: new Uint8Array(0),
    });
    this.message.begin(octetsOf(this.#target.guidPrefix));
    this.data(topic.writerId, sequenceNumber, locator ? located(payload, locator) : payload);
    this.message.heartbeat(0, topic.writerId, 1, sequenceNumber, sequenceNumber, true);
    this.send();
  }

  data(writerId: number, sequenceNumber: number, payload: Uint8Array, inlineQos?: Uint8Array): void {
    this.message.data({ readerId: 0, writerId, sequenceNumber, payload, inlineQos, payloadIsKey: false });
  }

  /** Returns the submessages received from one of the target's writers, or about one of the peer's. */
  of(kind: string, writerId: number): readonly Received[] {
    return this.received.filter((each) => each.kind === kind && each.writerId === writerId);
  }
}
