import { CdrReader, CdrWriter, type Guid, MalformedCdr } from '@medkit/rtps';

/** The topic on which each participant announces which endpoints belong to which node. */
export const DISCOVERY_INFO_TOPIC = 'ros_discovery_info';
export const DISCOVERY_INFO_TYPE = 'rmw_dds_common/msg/ParticipantEntitiesInfo';

/**
 * Size of `rmw_dds_common/msg/Gid` in octets: 16 since Iron, 24 earlier, with the last 8 unused. Both have the same
 * type name.
 */
export type GidBytes = 16 | 24;

/** A node in its participant's announcement. */
export interface NodeEntities {
  readonly namespace: string;
  readonly name: string;
  readonly readers: readonly Guid[];
  readonly writers: readonly Guid[];
}

/** `rmw_dds_common/msg/ParticipantEntitiesInfo`. */
export interface DiscoveryInfo {
  readonly gid: Guid;
  readonly nodes: readonly NodeEntities[];
}

/**
 * Limits per participant, which is one process. The largest composed processes have a few dozen nodes with a few dozen
 * endpoints each.
 */
const MAX_NODES = 1_000;
const MAX_ENDPOINTS_OF_NODE = 5_000;
const MAX_ENDPOINTS = 20_000;

const GUID_BYTES = 16;
const MAX_PADDING_BYTES = 3;

/** Decodes the message with the layout that consumes all of it. Throws `MalformedCdr` if neither layout does. */
export function decodeDiscoveryInfo(cdr: Uint8Array): DiscoveryInfo & { readonly gidBytes: GidBytes } {
  try {
    return { ...decodeLayout(cdr, 16), gidBytes: 16 };
  } catch (error) {
    if (!(error instanceof MalformedCdr)) throw error;
    return { ...decodeLayout(cdr, 24), gidBytes: 24 };
  }
}

function decodeLayout(cdr: Uint8Array, gidBytes: GidBytes): DiscoveryInfo {
  const reader = new CdrReader(cdr);
  const gid = readGid(reader, gidBytes);
  // A node has at least two strings and two sequences.
  const count = reader.sequenceLength(16);
  if (count > MAX_NODES) throw new MalformedCdr(`${count} nodes of one participant`);
  const nodes: NodeEntities[] = [];
  let endpoints = 0;
  for (let index = 0; index < count; index += 1) {
    const node: NodeEntities = {
      namespace: reader.string(),
      name: reader.string(),
      readers: readGids(reader, gidBytes),
      writers: readGids(reader, gidBytes),
    };
    endpoints += node.readers.length + node.writers.length;
    if (endpoints > MAX_ENDPOINTS) throw new MalformedCdr(`more than ${MAX_ENDPOINTS} endpoints of one participant`);
    nodes.push(node);
  }
  if (reader.remaining > MAX_PADDING_BYTES)
    throw new MalformedCdr(`the message has ${reader.remaining} octets more than its type`);
  return { gid, nodes };
}

function readGid(reader: CdrReader, gidBytes: GidBytes): Guid {
  const { buffer, byteOffset } = reader.octets(gidBytes);
  return Buffer.from(buffer, byteOffset, GUID_BYTES).toString('hex');
}

function readGids(reader: CdrReader, gidBytes: GidBytes): readonly Guid[] {
  const length = reader.sequenceLength(gidBytes);
  if (length > MAX_ENDPOINTS_OF_NODE) throw new MalformedCdr(`${length} endpoints of one node`);
  return Array.from({ length }, () => readGid(reader, gidBytes));
}

export function encodeDiscoveryInfo({ gid, nodes }: DiscoveryInfo, gidBytes: GidBytes): Uint8Array {
  const writer = new CdrWriter();
  writeGid(writer, gid, gidBytes);
  writer.uint32(nodes.length);
  for (const { namespace, name, readers, writers } of nodes) {
    writer.string(namespace);
    writer.string(name);
    for (const gids of [readers, writers]) {
      writer.uint32(gids.length);
      for (const each of gids) writeGid(writer, each, gidBytes);
    }
  }
  return writer.finish();
}

function writeGid(writer: CdrWriter, gid: Guid, gidBytes: GidBytes): void {
  const octets = new Uint8Array(gidBytes);
  octets.set(Buffer.from(gid, 'hex'));
  writer.octets(octets);
}
