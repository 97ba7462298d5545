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

/** The QoS that rmw_dds_common uses. */
const QOS: Partial<QosPolicies> = {
  reliability: 'reliable',
  durability: 'transient-local',
  history: { kind: 'keep-last', depth: 1 },
};

/** A program creates its nodes and endpoints together, so they are announced together. */
const COALESCE_MS = 2;

interface Dependencies {
  readonly participant: Participant;
  readonly clock: Clock;
  /** Type hash of `rmw_dds_common/msg/ParticipantEntitiesInfo`. */
  readonly typeHash: string | undefined;
  /** Returns medkit's current nodes. */
  readonly localNodes: () => readonly NodeEntities[];
  /** An announcement of a participant can be `read`. Called once, even if several arrive until then. */
  readonly onUnread: (participant: GuidPrefix) => void;
  readonly onMalformed: () => void;
}

/**
 * `ros_discovery_info`: reads the nodes of the other participants and announces medkit's. Each participant receives the
 * layout that it uses itself. Until it has published one, a participant without type hashes receives the layout of
 * Humble.
 */
export class NodeAnnouncements {
  readonly #deps: Dependencies;
  readonly #layouts = new Map<GuidPrefix, GidBytes>();
  readonly #writers = new Map<GidBytes, Writer>();
  #reader: Reader | undefined;
  /**
   * The latest unread announcement of each participant. Each announcement lists all nodes, so earlier ones are
   * obsolete.
   */
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

  /** Announces medkit's nodes again after they changed. */
  changed(): void {
    this.#timer ??= this.#deps.clock.after(COALESCE_MS, () => {
      this.#timer = undefined;
      for (const [gidBytes, writer] of this.#writers) this.#write(writer, gidBytes);
    });
  }

  /**
   * Returns the nodes in a participant's latest announcement. Returns `undefined` if it was already read, the
   * participant was removed, or the announcement is malformed.
   */
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
    // Opened only if needed: a reader without samples keeps requesting them.
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
    if (this.#deps.localNodes().length > 0) this.#write(writer, gidBytes);
  }

  #write(writer: Writer, gidBytes: GidBytes): void {
    // The GUID of a participant ends with the participant's entity id (RTPS 2.5, 9.3.1.5).
    const gid = `${this.#deps.participant.guidPrefix}000001c1`;
    writer.write(encodeDiscoveryInfo({ gid, nodes: this.#deps.localNodes() }, gidBytes));
  }

  #take({ change, payload, writer }: Sample): void {
    if (change !== 'alive') return;
    const participant = prefixOf(writer.guid);
    const isFirst = !this.#unread.has(participant);
    this.#unread.set(participant, payload);
    if (isFirst) this.#deps.onUnread(participant);
  }

  /** Stores a participant's layout, and repeats the announcement if the participant received the other layout. */
  #learnLayout(guidPrefix: GuidPrefix, gidBytes: GidBytes): void {
    // The layout of a participant never changes; accepting changes would let a peer make medkit reopen writers
    // repeatedly.
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
