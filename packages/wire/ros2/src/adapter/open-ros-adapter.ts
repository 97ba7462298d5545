import type { Clock, Datagrams, Files, Random, Timer } from '@medkit/edges';
import { openParticipant, type Participant } from '@medkit/rtps';
import type { RosEnvironment } from '../environment/environment.ts';
import { resolvePeers } from '../environment/resolve-peers.ts';
import { DISCOVERY_INFO_TYPE } from '../graph/discovery-info.ts';
import { GraphWatch } from '../graph/graph-watch.ts';
import { NodeAnnouncements } from '../graph/node-announcements.ts';
import { processProperties } from '../graph/participant-process.ts';
import { PARTICIPANT_USER_DATA } from '../graph/user-data.ts';
import { pairIds } from '../services/pair-id.ts';
import { askNodes } from '../type-descriptions/ask-nodes.ts';
import { DescribedTypes } from '../type-descriptions/described-types.ts';
import { GraphTypes } from '../type-descriptions/graph-types.ts';
import { serveTypeDescriptions } from '../type-descriptions/serve-type-descriptions.ts';
import { bundledSource, folderSource, installedSource, userFolderSource } from '../types/type-source.ts';
import { type KnownType, TypeStore } from '../types/type-store.ts';
import { TypeSupport } from '../types/type-support.ts';
import type { NodeOptions, RosAdapter } from './adapter.ts';
import { adapterFacts } from './adapter-facts.ts';
import { announcedHashes } from './announced-hashes.ts';
import type { AssembledNode } from './assemble-node.ts';
import type { AdapterContext } from './context.ts';
import { dropCounter } from './drop-counter.ts';
import type { Graph, RosProcess } from './graph.ts';
import { LocalEndpoints } from './local-endpoints.ts';
import { openNode } from './open-node.ts';
import { showOwnNodes } from './show-own-nodes.ts';

/** How often the name of a static peer without an address is looked up. */
const RESOLVE_AGAIN_MS = 5000;

export interface RosAdapterOptions {
  /** See `readEnvironment`. */
  readonly environment: RosEnvironment;
  readonly clock: Clock;
  readonly datagrams: Datagrams;
  readonly random: Random;
  readonly files: Files;
  /** The IPv4 address of a host name, for static peers given by name. Without it those are reported as unsupported. */
  readonly resolveHost?: (name: string) => Promise<string | undefined>;
  /** Folders of the user with definitions, `<package>/msg/<Name>.msg` below them. */
  readonly typeFolders?: readonly string[];
  /** The name that DDS tools show for this process (default `medkit`). */
  readonly participantName?: string;
  /** The process that all of this runs in, announced so that what watches the machine can find it. */
  readonly process?: RosProcess;
  /** Show our own nodes and endpoints in the graph (default false). */
  readonly showOwnNodes?: boolean;
  /** Receive buffer to ask the system for, octets. */
  readonly receiveBufferBytes?: number;
  /** How long others wait for a sign of life before they drop us. */
  readonly leaseMs?: number;
}

/** An adapter in this thread, with what a client in another thread needs of it. */
export interface LocalRosAdapter extends RosAdapter {
  /** The graph as of the last change that was told. */
  currentGraph(): Graph;
  node(options: NodeOptions): Promise<AssembledNode>;
  /** The definition that `decode` and `encode` go by. */
  findType(type: string): Promise<KnownType | undefined>;
}

/** Joins the ROS graph that the environment describes. Throws where no socket can be bound. */
export async function openRosAdapter(options: RosAdapterOptions): Promise<LocalRosAdapter> {
  const { environment, clock, files } = options;
  const resolve = () => resolvePeers(environment, options.resolveHost);
  let { peers, unresolved } = await resolve();
  let resolving: Timer | undefined;
  const store = new TypeStore({
    sources: [
      bundledSource,
      ...environment.shareFolders.map((folder) => folderSource(files, folder)),
      installedSource(files),
      ...(options.typeFolders ?? []).map((folder) => userFolderSource(files, folder)),
    ],
  });
  const drops = dropCounter();
  const watch = new GraphWatch({ clock, onListenerFailure: () => drops.count('failed-graph-listener') });
  const announced = announcedHashes(watch);
  const localTypes = new TypeSupport({ find: (type) => store.find(type) });
  const described = new DescribedTypes({ clock, ask: (question) => askNodes({ context, localTypes }, question) });
  const graphTypes = new GraphTypes({ store, described, announced });
  const types = new TypeSupport({ find: (type) => graphTypes.find(type) });
  const typeHash = (await store.find(DISCOVERY_INFO_TYPE))?.hash;

  let isClosed = false;
  /** Looks up the static peers again: without a network none has an address, and with another one some may have others. */
  const resolveAgain = async (): Promise<void> => {
    resolving?.cancel();
    const before = peers.join();
    ({ peers, unresolved } = await resolve());
    if (isClosed) return;
    if (peers.join() !== before) participant.announceTo(peers);
    retryUnresolved();
  };
  const retryUnresolved = (): void => {
    resolving?.cancel();
    if (unresolved.length > 0 && !isClosed) resolving = clock.after(RESOLVE_AGAIN_MS, () => void resolveAgain());
  };

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
    peers,
    ...(environment.interfaces && { interfaces: environment.interfaces }),
    ...(options.receiveBufferBytes !== undefined && { receiveBufferBytes: options.receiveBufferBytes }),
    ...(options.leaseMs !== undefined && { leaseMs: options.leaseMs }),
    listener: {
      interfacesChanged: () => {
        if (environment.peerNames.length > 0) void resolveAgain();
      },
      participantAppeared: (remote) => watch.updateParticipant(remote),
      participantLost: ({ guidPrefix }, reason) => {
        announcements?.participantLost(guidPrefix);
        watch.update((graph) => graph.removeParticipant(guidPrefix, reason === 'lease'));
      },
      endpointAppeared: (remote) => {
        announcements?.endpointAppeared(remote);
        watch.updateEndpoint(remote);
      },
      endpointChanged: (remote) => watch.update((graph) => graph.setEndpoint(remote)),
      endpointLost: ({ guid }) => watch.update((graph) => graph.removeEndpoint(guid)),
    },
  });
  const endpoints = new LocalEndpoints({
    onChange() {
      announcements?.changed();
      own?.changed();
    },
  });
  const own = options.showOwnNodes ? showOwnNodes({ watch, participant, endpoints }) : undefined;
  announcements = new NodeAnnouncements({
    participant,
    clock,
    typeHash,
    ownNodes: () => endpoints.nodes(),
    onUnread: (guidPrefix) =>
      watch.defer((graph) => {
        const nodes = announcements?.read(guidPrefix);
        if (nodes) graph.setNodes(guidPrefix, nodes);
      }),
    onMalformed: () => drops.count('malformed-node-announcement'),
  });
  announcements.start();
  if (options.resolveHost) retryUnresolved();

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
    unsupported: [...environment.unsupported, ...unresolved, ...store.problems],
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
      isClosed = true;
      resolving?.cancel();
      await described.stop();
      await Promise.all([...nodes].map((node) => node.close()));
      announcements.stop();
      watch.stop();
      await participant.close();
    },
  };
}
