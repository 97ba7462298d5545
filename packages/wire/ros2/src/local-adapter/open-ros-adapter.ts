import type { Clock, Datagrams, Files, Random } from '@medkit/edges';
import { openParticipant, type Participant, type ParticipantListener } from '@medkit/rtps';
import type { NodeOptions, RosAdapter } from '../adapter/adapter.ts';
import type { AdapterContext } from '../adapter/context.ts';
import { dropCounter } from '../adapter/drop-counter.ts';
import { LocalEndpoints } from '../adapter/local-endpoints.ts';
import { TypeSupport } from '../codec/type-support.ts';
import type { RosEnvironment } from '../environment/environment.ts';
import { StaticPeers } from '../environment/static-peers.ts';
import { DISCOVERY_INFO_TYPE } from '../graph/discovery-info.ts';
import { GraphWatch } from '../graph/graph-watch.ts';
import { NodeAnnouncements } from '../graph/node-announcements.ts';
import { processProperties } from '../graph/participant-process.ts';
import { PARTICIPANT_USER_DATA } from '../graph/user-data.ts';
import type { Graph, RosProcess } from '../graph.ts';
import { pairIds } from '../services/pair-id.ts';
import { GraphTypes } from '../type-descriptions/graph-types.ts';
import { queryNodes } from '../type-descriptions/query-nodes.ts';
import { serveTypeDescriptions } from '../type-descriptions/serve-type-descriptions.ts';
import { TypeDescriptionCache } from '../type-descriptions/type-description-cache.ts';
import { bundledSource, folderSource, installedSource, userFolderSource } from '../types/type-source.ts';
import { type KnownType, TypeStore } from '../types/type-store.ts';
import { adapterFacts } from './adapter-facts.ts';
import { announcedHashes } from './announced-hashes.ts';
import type { AssembledNode } from './assemble-node.ts';
import { openNode } from './open-node.ts';
import { showMedkitNodes } from './show-medkit-nodes.ts';

export interface RosAdapterOptions {
  /** See `readEnvironment`. */
  readonly environment: RosEnvironment;
  readonly clock: Clock;
  readonly datagrams: Datagrams;
  readonly random: Random;
  readonly files: Files;
  /**
   * Resolves a host name to an IPv4 address, for static peers given by name. Without it they are reported as
   * unsupported.
   */
  readonly resolveHost?: (name: string) => Promise<string | undefined>;
  /** Folders of the user that contain `<package>/msg/<Name>.msg`. */
  readonly typeFolders?: readonly string[];
  /** The name that DDS tools show for this process (default `medkit`). */
  readonly participantName?: string;
  /** The process that runs the adapter. It is announced so that process monitors can find it. */
  readonly process?: RosProcess;
  /** Show medkit's own nodes and endpoints in the graph (default false). */
  readonly showMedkitNodes?: boolean;
  /** Receive buffer size requested from the operating system, octets. */
  readonly receiveBufferBytes?: number;
  /** Lease duration: other participants drop this one after this time without a sign of life. */
  readonly leaseMs?: number;
}

/** An adapter in this thread, with the additional functions that a client in another thread needs. */
export interface LocalRosAdapter extends RosAdapter {
  /** Returns the graph as of the last reported change. */
  currentGraph(): Graph;
  node(options: NodeOptions): Promise<AssembledNode>;
  /** Returns the definition that `decode` and `encode` use. */
  findType(type: string): Promise<KnownType | undefined>;
}

/** Joins the ROS graph described by the environment. Throws if no socket can be bound. */
export async function openRosAdapter(options: RosAdapterOptions): Promise<LocalRosAdapter> {
  const { environment, clock } = options;
  const staticPeers = new StaticPeers(options);
  await staticPeers.resolve();
  const store = typeStoreOf(options);
  const drops = dropCounter();
  const watch = new GraphWatch({ clock, onListenerFailure: () => drops.count('failed-graph-listener') });
  const announced = announcedHashes(watch);
  const localTypes = new TypeSupport({ find: (type) => store.find(type) });
  const described = new TypeDescriptionCache({
    clock,
    ask: (question) => queryNodes({ context, localTypes }, question),
  });
  const graphTypes = new GraphTypes({ store, described, announced });
  const types = new TypeSupport({ find: (type) => graphTypes.find(type) });
  const typeHash = (await store.find(DISCOVERY_INFO_TYPE))?.hash;

  let announcements: NodeAnnouncements | undefined;
  const participant: Participant = await openParticipant({
    domainId: environment.domainId,
    clock,
    datagrams: options.datagrams,
    random: options.random,
    name: options.participantName ?? 'medkit',
    userData: PARTICIPANT_USER_DATA,
    ...(options.process && { properties: processProperties(options.process) }),
    multicast: environment.multicast,
    peers: staticPeers.addresses,
    ...(environment.interfaces && { interfaces: environment.interfaces }),
    ...(options.receiveBufferBytes !== undefined && { receiveBufferBytes: options.receiveBufferBytes }),
    ...(options.leaseMs !== undefined && { leaseMs: options.leaseMs }),
    listener: {
      ...graphListener(watch, () => announcements),
      interfacesChanged: () => staticPeers.networkChanged(),
    },
  });
  const endpoints = new LocalEndpoints({
    onChange() {
      announcements?.changed();
      medkitNodes?.changed();
    },
  });
  const medkitNodes = options.showMedkitNodes ? showMedkitNodes({ watch, participant, endpoints }) : undefined;
  announcements = new NodeAnnouncements({
    participant,
    clock,
    typeHash,
    localNodes: () => endpoints.nodes(),
    onUnread: (guidPrefix) =>
      watch.defer((graph) => {
        const nodes = announcements?.read(guidPrefix);
        if (nodes) graph.setNodes(guidPrefix, nodes);
      }),
    onMalformed: () => drops.count('malformed-node-announcement'),
  });
  announcements.start();
  staticPeers.follow((addresses) => participant.announceTo(addresses));

  const nextPairId = pairIds(participant.guidPrefix);
  const context: AdapterContext = {
    participant,
    clock,
    types,
    watch,
    endpoints,
    drops,
    requestQuotas: new Set(),
    nextPairId,
  };
  const nodes = new Set<AssembledNode>();
  const facts = adapterFacts(context, graphTypes, () => ({
    discoveryRange: environment.discoveryRange,
    unsupported: [...environment.unsupported, ...staticPeers.unresolved, ...store.problems],
  }));
  return {
    graph: async () => watch.current(),
    currentGraph: () => watch.current(),
    findType: (type) => types.find(type),
    onGraphChange: (listener) => watch.onChange(listener),
    async node(nodeOptions) {
      const node = openNode(context, nodeOptions, (closed) => nodes.delete(closed));
      nodes.add(node);
      if (nodeOptions.typeDescriptions) {
        await serveTypeDescriptions(node, (type, hash) => store.find(type, new Set([hash])));
      }
      return node;
    },
    describeType: (type) => types.describe(type),
    decode: (type, cdr) => types.decode(type, cdr),
    encode: (type, json) => types.encode(type, json),
    toJson: (type, message) => types.toJson(type, message),
    facts,
    async close() {
      staticPeers.close();
      await described.stop();
      await Promise.all([...nodes].map((node) => node.close()));
      announcements.stop();
      watch.stop();
      await participant.close();
    },
  };
}

function typeStoreOf({ environment, files, typeFolders = [] }: RosAdapterOptions): TypeStore {
  return new TypeStore({
    sources: [
      bundledSource,
      ...environment.shareFolders.map((folder) => folderSource(files, folder)),
      installedSource(files),
      ...typeFolders.map((folder) => userFolderSource(files, folder)),
    ],
  });
}

/** Passes what the participant discovers to the graph and to the announcements of nodes. */
function graphListener(
  watch: GraphWatch,
  announcements: () => NodeAnnouncements | undefined,
): Omit<ParticipantListener, 'interfacesChanged'> {
  return {
    participantAppeared: (remote) => watch.updateParticipant(remote),
    participantLost: ({ guidPrefix }, reason) => {
      announcements()?.participantLost(guidPrefix);
      watch.update((graph) => graph.removeParticipant(guidPrefix, reason === 'lease'));
    },
    endpointAppeared: (remote) => {
      announcements()?.endpointAppeared(remote);
      watch.updateEndpoint(remote);
    },
    endpointChanged: (remote) => watch.update((graph) => graph.setEndpoint(remote)),
    endpointLost: ({ guid }) => watch.update((graph) => graph.removeEndpoint(guid)),
  };
}
