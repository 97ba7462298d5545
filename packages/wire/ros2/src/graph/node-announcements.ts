import type { Clock, Timer } from '@medkit/edges';
import {
  type GuidPrefix,
  MalformedCdr,
  type Participant,
  prefixOf,
  type QosPolicies,
  type Reader,
  type RemoteEndpoint,
  type Sample,
  type Writer,
} from '@medkit/rtps';
import { ddsTypeName } from '../names/type-names.ts';
import {
  DISCOVERY_INFO_TOPIC,
  DISCOVERY_INFO_TYPE,
  decodeDiscoveryInfo,
  encodeDiscoveryInfo,
  type GidBytes,
  type NodeEntities,
} from './discovery-info.ts';
import { endpointUserData, typeHashIn } from './user-data.ts';

/** As rmw_dds_common sets them up. */
const QOS: Partial<QosPolicies> = {
  reliability: 'reliable',
  durability: 'transient-local',
  history: { kind: 'keep-last', depth: 1 },
};

/** A program opens its nodes and endpoints in one go: they are announced together. */
const COALESCE_MS = 2;

interface Dependencies {
  readonly participant: Participant;
  readonly clock: Clock;
  /** Type hash of `rmw_dds_common/msg/ParticipantEntitiesInfo`. */
  readonly typeHash: string | undefined;
  /** Our nodes as they are now. */
  readonly ownNodes: () => readonly NodeEntities[];
  /** An announcement of a participant is there to be `read`. Told once, however many come until then. */
  readonly onUnread: (participant: GuidPrefix) => void;
  readonly onMalformed: () => void;
}

/**
 * `ros_discovery_info`: reads which nodes the others have and announces ours, to each participant in the layout it
 * understands. That is the layout it writes itself; until it has written, that of Humble if it announces no type hashes.
 */
export class NodeAnnouncements {
  readonly #deps: Dependencies;
  readonly #layouts = new Map<GuidPrefix, GidBytes>();
  readonly #writers = new Map<GidBytes, Writer>();
  #reader: Reader | undefined;
  /** The last announcement of each participant that was not read yet: others announce all their nodes anew with each. */
  readonly #unread = new Map<GuidPrefix, Uint8Array>();
  #timer: Timer | undefined;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  start(): void {
    const { participant, typeHash } = this.#deps;
    this.#reader = participant.createReader({
      topicName: DISCOVERY_INFO_TOPIC,
      typeName: ddsTypeName(DISCOVERY_INFO_TYPE),
      qos: QOS,
      userData: endpointUserData(typeHash),
      onSample: (sample) => this.#take(sample),
    });
    this.#openWriter(16);
    for (const endpoint of participant.endpoints()) this.endpointAppeared(endpoint);
  }

  /** Our nodes are others now: announces them anew. */
  changed(): void {
    this.#timer ??= this.#deps.clock.after(COALESCE_MS, () => {
      this.#timer = undefined;
      for (const [gidBytes, writer] of this.#writers) this.#write(writer, gidBytes);
    });
  }

  /** The nodes of the last announcement of a participant; `undefined` where it is read already, gone or malformed. */
  read(guidPrefix: GuidPrefix): readonly NodeEntities[] | undefined {
    const payload = this.#unread.get(guidPrefix);
    if (!payload) return undefined;
    this.#unread.delete(guidPrefix);
    try {
      const { nodes, gidBytes } = decodeDiscoveryInfo(payload);
      this.#learnLayout(guidPrefix, gidBytes);
      return nodes;
    } catch (error) {
      if (!(error instanceof MalformedCdr)) throw error;
      this.#deps.onMalformed();
      return undefined;
    }
  }

  endpointAppeared(endpoint: RemoteEndpoint): void {
    if (endpoint.topicName !== DISCOVERY_INFO_TOPIC || endpoint.kind !== 'reader') return;
    // Opened on need: a reader that is never written to keeps asking for what it misses.
    if (this.#layoutOf(endpoint) === 24 && !this.#writers.has(24)) this.#openWriter(24);
  }

  participantLost(guidPrefix: GuidPrefix): void {
    this.#layouts.delete(guidPrefix);
    this.#unread.delete(guidPrefix);
  }

  stop(): void {
    this.#timer?.cancel();
    this.#reader?.close();
    for (const writer of this.#writers.values()) writer.close();
    this.#writers.clear();
  }

  #layoutOf({ guid, userData }: RemoteEndpoint): GidBytes {
    return this.#layouts.get(prefixOf(guid)) ?? (typeHashIn(userData) === undefined ? 24 : 16);
  }

  #openWriter(gidBytes: GidBytes): void {
    const { participant, typeHash } = this.#deps;
    const writer = participant.createWriter({
      topicName: DISCOVERY_INFO_TOPIC,
      typeName: ddsTypeName(DISCOVERY_INFO_TYPE),
      qos: QOS,
      userData: endpointUserData(gidBytes === 16 ? typeHash : undefined),
      accept: (remote) => this.#layoutOf(remote) === gidBytes,
    });
    this.#writers.set(gidBytes, writer);
    if (this.#deps.ownNodes().length > 0) this.#write(writer, gidBytes);
  }

  #write(writer: Writer, gidBytes: GidBytes): void {
    // A participant's own GUID ends with the entity id of a participant (RTPS 2.5, 9.3.1.5).
    const gid = `${this.#deps.participant.guidPrefix}000001c1`;
    writer.write(encodeDiscoveryInfo({ gid, nodes: this.#deps.ownNodes() }, gidBytes));
  }

  #take({ change, payload, writer }: Sample): void {
    if (change !== 'alive') return;
    const participant = prefixOf(writer.guid);
    const isFirst = !this.#unread.has(participant);
    this.#unread.set(participant, payload);
    if (isFirst) this.#deps.onUnread(participant);
  }

  /** Whoever was given the other layout until now is served anew. */
  #learnLayout(guidPrefix: GuidPrefix, gidBytes: GidBytes): void {
    // A participant has one layout for good; one that changed it all the time would keep us opening writers.
    if (this.#layouts.has(guidPrefix)) return;
    this.#layouts.set(guidPrefix, gidBytes);
    const other: GidBytes = gidBytes === 16 ? 24 : 16;
    const wrong = this.#writers.get(other);
    if (!wrong?.matched().some(({ guid }) => prefixOf(guid) === guidPrefix)) {
      if (!this.#writers.has(gidBytes)) this.#openWriter(gidBytes);
      return;
    }
    for (const layout of [other, gidBytes]) {
      this.#writers.get(layout)?.close();
      this.#openWriter(layout);
    }
  }
}
