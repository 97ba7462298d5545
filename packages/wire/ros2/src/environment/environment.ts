import { unsupportedSettings, type Variables } from './unsupported.ts';

export type DiscoveryRange = 'SUBNET' | 'LOCALHOST' | 'OFF' | 'SYSTEM_DEFAULT';

/** The graph to join, according to the environment variables. */
export interface RosEnvironment {
  readonly domainId: number;
  readonly discoveryRange: DiscoveryRange;
  readonly multicast: boolean;
  /** Addresses of the interfaces to use, `undefined` for all. */
  readonly interfaces: readonly string[] | undefined;
  /** IPv4 addresses to announce to by unicast. */
  readonly peers: readonly string[];
  /** Static peers given by name, to be resolved. */
  readonly peerNames: readonly string[];
  /** `share` folders of the prefixes in AMENT_PREFIX_PATH, in order. */
  readonly shareFolders: readonly string[];
  /** One sentence for each setting that is not fully supported. */
  readonly unsupported: readonly string[];
}

/** An environment variable has an invalid value. */
export class InvalidEnvironment extends Error {
  override readonly name = 'InvalidEnvironment';
}

/** Maximum domain id: above it the ports of the mapping (RTPS 2.5, 9.6.2.3) exceed 65535. */
const MAX_DOMAIN_ID = 232;

/** Maximum static peers. Each costs one datagram per participant id and announcement. */
const MAX_STATIC_PEERS = 64;

/** RMW_DISCOVERY_OPTIONS_STATIC_PEERS_MAX_LENGTH without its NUL; rcl skips longer ones. */
const MAX_PEER_LENGTH = 255;

const LOOPBACK = '127.0.0.1';
const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.|$)){4}$/;
const HOST_NAME = /^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$/;
const RANGES: readonly DiscoveryRange[] = ['SUBNET', 'LOCALHOST', 'OFF', 'SYSTEM_DEFAULT'];

/** Reads the variables like rcl of Jazzy. Throws `InvalidEnvironment` for a domain id out of range. */
export function readEnvironment(variables: Variables): RosEnvironment {
  const unsupported = [...unsupportedSettings(variables)];
  const discoveryRange = rangeOf(variables, unsupported);
  const configured = staticPeers(variables, unsupported);
  // rcl drops the peers under ROS_LOCALHOST_ONLY, the middlewares under OFF.
  const peersAreUsed = discoveryRange !== 'OFF' && !isLocalhostOnly(variables);
  const addresses = peersAreUsed ? configured.filter((peer) => IPV4.test(peer)) : [];
  const peerNames = peersAreUsed ? configured.filter((peer) => !IPV4.test(peer)) : [];
  if (!peersAreUsed && configured.length > 0)
    unsupported.push('ROS_STATIC_PEERS is ignored with this discovery range, as in ROS.');
  const local = discoveryRange === 'LOCALHOST';
  const staysOnLoopback =
    (local || discoveryRange === 'OFF') && peerNames.length === 0 && addresses.every((peer) => peer.startsWith('127.'));
  return {
    domainId: domainIdOf(variables),
    discoveryRange,
    multicast: discoveryRange === 'SUBNET' || discoveryRange === 'SYSTEM_DEFAULT',
    interfaces: staysOnLoopback ? [LOOPBACK] : undefined,
    peers: [...new Set(local ? [LOOPBACK, ...addresses] : addresses)],
    peerNames,
    shareFolders: shareFoldersOf(variables),
    unsupported,
  };
}

function domainIdOf({ ROS_DOMAIN_ID: text = '' }: Variables): number {
  if (text === '') return 0;
  const domainId = /^(?:\d+|0x[\da-f]+)$/i.test(text) ? Number(text) : Number.NaN;
  if (domainId <= MAX_DOMAIN_ID) return domainId;
  throw new InvalidEnvironment(`ROS_DOMAIN_ID: expected an integer from 0 to ${MAX_DOMAIN_ID}, found "${text}"`);
}

const isLocalhostOnly = ({ ROS_LOCALHOST_ONLY: text = '' }: Variables): boolean => text.startsWith('1');

function rangeOf(variables: Variables, unsupported: string[]): DiscoveryRange {
  if (isLocalhostOnly(variables)) return 'LOCALHOST';
  const text = variables.ROS_AUTOMATIC_DISCOVERY_RANGE ?? '';
  if (text === '') return 'SUBNET';
  const known = RANGES.find((range) => range === text);
  if (!known)
    unsupported.push(`ROS_AUTOMATIC_DISCOVERY_RANGE="${text}" is not one of ${RANGES.join(', ')}: LOCALHOST is used.`);
  return known ?? 'LOCALHOST';
}

function staticPeers({ ROS_STATIC_PEERS: text = '' }: Variables, unsupported: string[]): readonly string[] {
  const peers = new Set<string>();
  for (const entry of text.split(';')) {
    const peer = entry.trim();
    if (peer === '') continue;
    if (peer.length > MAX_PEER_LENGTH || !HOST_NAME.test(peer)) {
      unsupported.push(`ROS_STATIC_PEERS: "${peer.slice(0, 60)}" is neither an IPv4 address nor a host name.`);
    } else if (peers.size < MAX_STATIC_PEERS) {
      peers.add(peer);
    } else {
      unsupported.push(`ROS_STATIC_PEERS: only the first ${MAX_STATIC_PEERS} peers are used.`);
      break;
    }
  }
  return [...peers];
}

function shareFoldersOf({ AMENT_PREFIX_PATH: text = '' }: Variables): readonly string[] {
  return text
    .split(':')
    .filter((prefix) => prefix.startsWith('/'))
    .map((prefix) => `${prefix.replace(/\/+$/, '')}/share`);
}
