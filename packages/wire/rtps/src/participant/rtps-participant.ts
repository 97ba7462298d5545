import { debug, type SocketAddress } from '@medkit/edges';
import { Agenda, type Alarm } from '../agenda.ts';
import { MalformedCdr } from '../cdr/encapsulation.ts';
import {
  BUILTIN_QOS,
  type BuiltinTopic,
  PARTICIPANT_MESSAGES,
  PUBLICATIONS,
  SUBSCRIPTIONS,
} from '../discovery/builtin.ts';
import { Liveliness } from '../discovery/liveliness.ts';
import { NotUnderstoodTable } from '../discovery/not-understood-table.ts';
import type { Peer } from '../discovery/peer.ts';
import { PeerTable } from '../discovery/peer-table.ts';
import { Sedp } from '../discovery/sedp.ts';
import { Spdp } from '../discovery/spdp.ts';
import type { Drops } from '../drops.ts';
import { MemoryBudget } from '../history/memory-budget.ts';
import type {
  Participant,
  ParticipantFacts,
  ParticipantListener,
  ParticipantOptions,
  Reader,
  ReaderOptions,
  Writer,
  WriterOptions,
} from '../model/api.ts';
import type { GuidPrefix } from '../model/guid.ts';
import type { RemoteEndpoint, RemoteParticipant } from '../model/remote.ts';
import type { Sample } from '../model/sample.ts';
import { DEFAULT_QOS } from '../qos/defaults.ts';
import { LocalReader } from '../reader/local-reader.ts';
import type { LocalNetwork } from '../transport/local-network.ts';
import { Outbox } from '../transport/outbox.ts';
import type { Arrival, Transport } from '../transport/transport.ts';
import {
  USER_READER_NO_KEY,
  USER_READER_WITH_KEY,
  USER_WRITER_NO_KEY,
  USER_WRITER_WITH_KEY,
} from '../wire/entity-ids.ts';
import { guidOf, octetsOf } from '../wire/guid-octets.ts';
import { MalformedMessage } from '../wire/malformed-message.ts';
import { MessageReader, OTHER_PROTOCOL_VERSION } from '../wire/message-reader.ts';
import { LocalLinks } from '../writer/local-links.ts';
import { LocalWriter, type LocalWriterOptions } from '../writer/local-writer.ts';
import { RepairQueue } from '../writer/repair-queue.ts';
import { SendPacer } from '../writer/send-pacer.ts';
import { type BuiltinPair, connectBuiltins, disconnectBuiltins } from './builtin-pairs.ts';
import { Dispatch } from './dispatch.ts';
import { publicReader, publicWriter } from './handles.ts';
import { InterfaceWatch } from './interface-watch.ts';
import { Matchmaker } from './matchmaker.ts';
import { extendLeases } from './process-pause.ts';

const DEFAULT_LEASE_MS = 10_000;
const DEFAULT_MAX_PEER_PARTICIPANT_ID = 32;

/** Maximum memory of samples in reassembly and samples held out of order. */
const FOREIGN_MEMORY_BYTES = 192 * 1024 * 1024;

/** Interval at which memory of incomplete samples is reclaimed. */
const SWEEP_MS = 5000;

/** Maximum value of an entity key (24 bits). */
const MAX_ENTITY_KEY = 0xff_ffff;

interface RtpsParticipantOptions {
  readonly options: ParticipantOptions;
  readonly guidPrefix: GuidPrefix;
  readonly transport: Transport;
  readonly network: LocalNetwork;
  readonly drops: Drops;
}

/** A DDSI-RTPS participant that connects transport, discovery and endpoints. */
export class RtpsParticipant implements Participant {
  readonly guidPrefix: GuidPrefix;
  readonly domainId: number;
  readonly participantId: number;
  readonly #options: ParticipantOptions;
  readonly #listener: ParticipantListener;
  readonly #transport: Transport;
  readonly #drops: Drops;
  readonly #agenda: Agenda;
  readonly #budget = new MemoryBudget(FOREIGN_MEMORY_BYTES);
  readonly #sweep: Alarm;
  readonly #outbox: Outbox;
  readonly #repairs: RepairQueue;
  readonly #pacer: SendPacer;
  readonly #locals = new LocalLinks<LocalWriter>();
  readonly #peers = new PeerTable();
  readonly #notUnderstood = new NotUnderstoodTable();
  readonly #writers = new Map<number, LocalWriter>();
  readonly #readers = new Map<number, LocalReader>();
  readonly #builtins: readonly BuiltinPair[];
  readonly #matchmaker: Matchmaker;
  readonly #spdp: Spdp;
  readonly #sedp: Sedp;
  readonly #liveliness: Liveliness;
  readonly #reader: MessageReader;
  readonly #interfaces: InterfaceWatch;
  #nextEntityKey = 1;
  #received = 0;
  #arrival: Arrival = 'direct';
  #closed = false;

  constructor({ options, guidPrefix, transport, network, drops }: RtpsParticipantOptions) {
    const { clock, domainId, listener = {} } = options;
    this.guidPrefix = guidPrefix;
    this.domainId = domainId;
    this.participantId = transport.participantId;
    this.#options = options;
    this.#listener = listener;
    this.#transport = transport;
    this.#drops = drops;
    const prefix = octetsOf(guidPrefix);
    this.#outbox = new Outbox({ prefix, transport });
    this.#agenda = new Agenda(clock, this.#outbox, {
      processPaused: (ms) => extendLeases(ms, this.#agenda.nowMs(), this.#peers.values(), this.#readers.values()),
      failed: (error) => this.#drops.failed('defect', error),
    });
    this.#sweep = this.#agenda.alarm(() => this.#sweepMemory());
    this.#repairs = new RepairQueue(this.#agenda);
    this.#pacer = new SendPacer(this.#agenda);
    this.#matchmaker = new Matchmaker({
      agenda: this.#agenda,
      outbox: this.#outbox,
      budget: this.#budget,
      drops,
      locals: this.#locals,
      listener,
    });
    const publications = this.#builtin(PUBLICATIONS, (sample) => this.#sedp.receive('writer', sample));
    const subscriptions = this.#builtin(SUBSCRIPTIONS, (sample) => this.#sedp.receive('reader', sample));
    const messages = this.#builtin(PARTICIPANT_MESSAGES, (sample) => this.#liveliness.receive(sample));
    this.#builtins = [publications, subscriptions, messages];
    this.#liveliness = new Liveliness({
      guidPrefix,
      agenda: this.#agenda,
      drops,
      peers: this.#peers,
      messages: messages.writer,
      readers: this.#readers,
    });
    this.#sedp = new Sedp({
      agenda: this.#agenda,
      peers: this.#peers,
      matchmaker: this.#matchmaker,
      drops,
      listener,
      writers: { writer: publications.writer, reader: subscriptions.writer },
      letGoOfSilent: () => this.#spdp.letGoOfSilent(),
    });
    this.#spdp = new Spdp({
      announcement: {
        guidPrefix,
        domainId,
        name: options.name ?? '',
        userData: options.userData ?? new Uint8Array(0),
        properties: options.properties ?? {},
        leaseMs: options.leaseMs ?? DEFAULT_LEASE_MS,
        metatrafficUnicast: transport.metatrafficLocators,
        metatrafficMulticast: transport.multicastLocators,
        defaultUnicast: transport.userLocators,
      },
      clock,
      agenda: this.#agenda,
      transport,
      network,
      peers: this.#peers,
      drops,
      notUnderstood: this.#notUnderstood,
      initialPeers: options.peers ?? [],
      maxPeerParticipantId: options.maxPeerParticipantId ?? DEFAULT_MAX_PEER_PARTICIPANT_ID,
      appeared: (peer) => this.#appeared(peer),
      unanswered: (peer) => this.#interfaces.unanswered(peer),
      lost: (peer, reason) => this.#lost(peer, reason),
    });
    this.#interfaces = new InterfaceWatch({
      ...{ agenda: this.#agenda, network, transport, peers: this.#peers, spdp: this.#spdp, drops },
      changed: () => this.#drops.guard(() => this.#listener.interfacesChanged?.()),
    });
    this.#reader = new MessageReader({
      localPrefix: prefix,
      sink: new Dispatch({
        localPrefix: prefix,
        peers: this.#peers,
        drops,
        writers: this.#writers,
        arrival: () => this.#arrival,
        announced: (message, data) => this.#spdp.receive(message, data, this.#arrival),
        malformedAnnouncement: (message) => this.#spdp.note(message, 'malformed'),
      }),
    });
  }

  start(): void {
    this.#spdp.start();
    this.#interfaces.start();
    this.#sweep.set(SWEEP_MS);
  }

  /** Processes one datagram from the network. Never throws, whatever the datagram contains. */
  receive(bytes: Uint8Array, from: SocketAddress, arrival: Arrival): void {
    if (this.#closed) return;
    this.#received += 1;
    this.#arrival = arrival;
    const { clock } = this.#options;
    const monotonicMs = clock.monotonicMs();
    this.#agenda.beginTurn();
    try {
      this.#reader.read(bytes, from, clock.wallMs(), monotonicMs);
    } catch (error) {
      if (!(error instanceof MalformedMessage)) {
        this.#drops.failed('defect', error);
        return;
      }
      this.#drops.count(error.reason);
      if (error.reason !== OTHER_PROTOCOL_VERSION) return;
      // The vendor id is at the position of version 2; the rest of the message may have another layout.
      const vendor = (bytes[6] << 8) | bytes[7];
      const { address } = from;
      this.#notUnderstood.note({ guidPrefix: undefined, address, vendor, reason: 'protocol-version', monotonicMs });
    } finally {
      this.#agenda.endTurn();
    }
  }

  createReader(options: ReaderOptions): Reader {
    const entityId = this.#entityId(options.keyed ? USER_READER_WITH_KEY : USER_READER_NO_KEY);
    const reader = new LocalReader({
      guid: guidOf(this.guidPrefix, entityId),
      entityId,
      qos: { ...DEFAULT_QOS.reader, ...options.qos },
      options,
      drops: this.#drops,
    });
    this.#readers.set(entityId, reader);
    this.#matchmaker.addLocal(reader);
    this.#sedp.announce(reader);
    this.#liveliness.watch(reader);
    return publicReader(reader, this.#locals, {
      isKnownTo: (prefix) => this.#isKnownTo(reader, prefix),
      close: () => {
        if (this.#closed || !this.#readers.delete(entityId)) return;
        this.#sedp.withdraw(reader);
        this.#matchmaker.removeLocal(reader);
        reader.close();
      },
    });
  }

  createWriter(options: WriterOptions): Writer {
    const entityId = this.#entityId(options.keyed ? USER_WRITER_WITH_KEY : USER_WRITER_NO_KEY);
    const writer = this.#localWriter(entityId, options);
    this.#writers.set(entityId, writer);
    this.#matchmaker.addLocal(writer);
    this.#sedp.announce(writer);
    this.#liveliness.add(writer);
    return publicWriter(writer, this.#locals, {
      written: () => this.#liveliness.written(writer),
      isKnownTo: (prefix) => this.#isKnownTo(writer, prefix),
      close: () => {
        if (this.#closed || !this.#writers.delete(entityId)) return;
        this.#pacer.flush();
        this.#liveliness.remove(writer);
        this.#sedp.withdraw(writer);
        this.#matchmaker.removeLocal(writer);
        writer.close();
      },
    });
  }

  participants(): readonly RemoteParticipant[] {
    return Array.from(this.#peers.values(), ({ info }) => info);
  }

  endpoints(): readonly RemoteEndpoint[] {
    return Array.from(this.#peers.values()).flatMap(({ endpoints }) =>
      Array.from(endpoints.values(), ({ remote }) => remote),
    );
  }

  facts(): ParticipantFacts {
    return {
      guidPrefix: this.guidPrefix,
      participantId: this.participantId,
      ...this.#interfaces.facts(),
      datagrams: { received: this.#received, ...this.#transport.facts(this.#agenda.nowMs()) },
      dropped: this.#drops.byReason(),
      failures: this.#drops.failures(),
      notUnderstood: this.#notUnderstood.list(this.#options.clock.monotonicMs()),
      quotas: { dds_participants: this.#peers.quota.figures(), dds_endpoints: this.#sedp.figures() },
    };
  }

  announceTo(addresses: readonly string[]): void {
    if (!this.#closed) this.#spdp.setPeers(addresses);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#pacer.flush();
    this.#interfaces.stop();
    this.#spdp.stop();
    this.#closed = true;
    for (const writer of this.#writers.values()) writer.close();
    for (const reader of this.#readers.values()) reader.close();
    this.#agenda.stop();
    await this.#transport.close();
  }

  #sweepMemory(): void {
    this.#transport.noteFailures(this.#agenda.nowMs());
    this.#budget.sweep(this.#agenda.nowMs());
    this.#sweep.set(SWEEP_MS);
  }

  #appeared(peer: Peer): void {
    const { guidPrefix, vendorId, address, leaseMs } = peer.info;
    debug.rtps?.(`participant ${guidPrefix} appeared: vendor ${vendorId}, address ${address}, lease ${leaseMs} ms`);
    this.#drops.guard(() => this.#listener.participantAppeared?.(peer.info));
    connectBuiltins(this.#builtins, peer, this.#matchmaker);
  }

  #lost(peer: Peer, reason: 'disposed' | 'lease'): void {
    debug.rtps?.(`participant ${peer.prefix} left: ${reason === 'lease' ? 'its lease expired' : 'it said so'}`);
    this.#sedp.forget(peer);
    disconnectBuiltins(this.#builtins, peer);
    this.#drops.guard(() => this.#listener.participantLost?.(peer.info, reason));
  }

  #builtin(topic: BuiltinTopic, receive: (sample: Sample) => void): BuiltinPair {
    const { topicName, writerId, readerId, announces } = topic;
    const common = { topicName, typeName: '', qos: BUILTIN_QOS, keyed: true };
    const onSample = (sample: Sample): void => {
      try {
        receive(sample);
      } catch (error) {
        if (error instanceof MalformedMessage || error instanceof MalformedCdr) this.#drops.count('malformed-endpoint');
        else this.#drops.failed('defect', error);
      }
    };
    const reader = new LocalReader({
      guid: guidOf(this.guidPrefix, readerId),
      entityId: readerId,
      qos: BUILTIN_QOS,
      options: { ...common, onSample },
      drops: this.#drops,
    });
    const writer = this.#localWriter(
      writerId,
      common,
      announces && {
        acknowledged: (match, before) => this.#sedp.acknowledged(announces, match, before),
        startedOver: (match) => this.#sedp.startedOver(match),
      },
    );
    this.#writers.set(writerId, writer);
    return { topic, writer, reader };
  }

  #localWriter(
    entityId: number,
    options: WriterOptions,
    announcing?: Pick<LocalWriterOptions, 'acknowledged' | 'startedOver'>,
  ): LocalWriter {
    return new LocalWriter({
      guid: guidOf(this.guidPrefix, entityId),
      entityId,
      qos: { ...DEFAULT_QOS.writer, ...options.qos },
      options,
      clock: this.#options.clock,
      agenda: this.#agenda,
      outbox: this.#outbox,
      repairs: this.#repairs,
      pacer: this.#pacer,
      locals: this.#locals,
      answered: (reader) => this.#drops.guard(() => options.onAnswered?.(reader)),
      ...announcing,
    });
  }

  #isKnownTo(local: LocalReader | LocalWriter, prefix: GuidPrefix): boolean {
    if (prefix === this.guidPrefix) return true;
    const peer = this.#peers.get(prefix);
    return peer !== undefined && this.#sedp.isKnownTo(peer, local);
  }

  #entityId(kind: number): number {
    if (this.#closed) throw new ParticipantClosed('the participant is closed');
    if (this.#nextEntityKey > MAX_ENTITY_KEY)
      throw new RangeError('a participant has at most 2^24 endpoints in its life');
    return this.#nextEntityKey++ * 256 + kind;
  }
}

/** An endpoint was requested from a closed participant. */
export class ParticipantClosed extends Error {
  override readonly name = 'ParticipantClosed';
}
