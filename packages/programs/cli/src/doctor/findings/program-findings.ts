import type { OtherDomain } from '@medkit/gateway/examine';
import type { DdsSocket, MachineFacts } from '../machine/machine-facts.ts';
import type { RosProcess, RosVariable } from '../machine/ros-process.ts';
import { type Finding, finding } from './finding.ts';

/** Maximum number of programs that a finding names; it counts the rest. */
const MAX_NAMED = 5;
/** Maximum number of findings about other domains. */
const MAX_DOMAINS = 8;
const ZENOH_ROUTER_PORT = 7447;

/** The examined domain and the result of discovery. */
export interface ProgramScope {
  readonly domainId: number;
  /** Whether a participant was discovered. */
  readonly hasParticipants: boolean;
  /** Whether discovery is limited to this machine. */
  readonly local: boolean;
  readonly otherDomains: readonly OtherDomain[];
}

/** Reasons why programs on this machine or in other domains were not discovered. */
export function programFindings(facts: MachineFacts, scope: ProgramScope): readonly Finding[] {
  return [
    ...unheard(facts, scope),
    ...zenoh(facts),
    ...variable(facts, 'discovery_server', 'ROS_DISCOVERY_SERVER'),
    ...security(facts),
    ...withoutUdp(facts),
    ...(scope.local ? [] : localhostOnly(facts)),
    ...otherDomains(facts, scope),
    ...profiles(facts),
    ...sharedMemoryLeft(facts),
  ];
}

const called = ({ name, id }: RosProcess): string => `${name} (process ${id})`;

function named(names: readonly string[]): string {
  const all = [...new Set(names)];
  const more = all.length - MAX_NAMED;
  return all.slice(0, MAX_NAMED).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

const holder = ({ process, userId }: DdsSocket): string =>
  process ? called(process) : `a program of user ${userId} that only root can examine`;

function unheard({ sockets }: MachineFacts, { domainId, hasParticipants }: ProgramScope): readonly Finding[] {
  const here = sockets.filter((socket) => socket.domainId === domainId);
  if (hasParticipants || here.length === 0) return [];
  return [finding('unheard_here', `${named(here.map(holder))} on ports of domain ${domainId}.`)];
}

function zenoh({ processes, listening }: MachineFacts): readonly Finding[] {
  const speakers = processes.filter(
    ({ middlewares, variables }) => middlewares.includes('Zenoh') || variables.RMW_IMPLEMENTATION === 'rmw_zenoh_cpp',
  );
  const router = listening.has(ZENOH_ROUTER_PORT) ? [`a router on TCP port ${ZENOH_ROUTER_PORT}`] : [];
  const who = [...speakers.map(called), ...router];
  return who.length > 0 ? [finding('zenoh', `${named(who)}.`)] : [];
}

function variable({ processes }: MachineFacts, id: 'discovery_server', name: RosVariable): readonly Finding[] {
  const set = processes.filter(({ variables }) => variables[name] !== undefined);
  return set.length > 0 ? [finding(id, `${name} is set for ${named(set.map(called))}.`)] : [];
}

function security({ processes }: MachineFacts): readonly Finding[] {
  const set = processes.filter(({ variables }) => variables.ROS_SECURITY_ENABLE?.toLowerCase() === 'true');
  return set.length > 0 ? [finding('security', `ROS_SECURITY_ENABLE is true for ${named(set.map(called))}.`)] : [];
}

function withoutUdp({ processes, sockets }: MachineFacts): readonly Finding[] {
  const withPort = new Set(sockets.map(({ process }) => process?.id));
  const mute = processes.filter(
    ({ id, middlewares, sharedMemory }) =>
      !withPort.has(id) &&
      (middlewares.includes('iceoryx') || (middlewares.includes('Fast DDS') && sharedMemory.some(isFastShared))),
  );
  return mute.length > 0 ? [finding('shared_memory_only', `${named(mute.map(called))} use shared memory.`)] : [];
}

function localhostOnly({ processes }: MachineFacts): readonly Finding[] {
  const local = processes.filter(
    ({ variables }) =>
      variables.ROS_LOCALHOST_ONLY?.startsWith('1') ||
      ['LOCALHOST', 'OFF'].includes(variables.ROS_AUTOMATIC_DISCOVERY_RANGE ?? ''),
  );
  return local.length > 0 ? [finding('localhost_only', `${named(local.map(called))}.`)] : [];
}

function otherDomains(
  { sockets }: MachineFacts,
  { domainId, otherDomains: discovered }: ProgramScope,
): readonly Finding[] {
  const users = new Map<number, string[]>();
  const add = (domain: number, who: readonly string[]) => users.set(domain, [...(users.get(domain) ?? []), ...who]);
  for (const socket of sockets) add(socket.domainId, [holder(socket)]);
  for (const { domainId: domain, sources } of discovered) add(domain, sources);
  users.delete(domainId);
  return [...users]
    .sort(([a], [b]) => a - b)
    .slice(0, MAX_DOMAINS)
    .map(([domain, who]) => finding('other_domain', `${named(who)}.`, { domain }));
}

function profiles({ processes }: MachineFacts): readonly Finding[] {
  const names = ['CYCLONEDDS_URI', 'FASTRTPS_DEFAULT_PROFILES_FILE', 'FASTDDS_DEFAULT_PROFILES_FILE'] as const;
  return names.flatMap((name) => {
    const set = processes.filter(({ variables }) => variables[name] !== undefined);
    if (set.length === 0) return [];
    return [finding('custom_dds_profile', `${name} is set for ${named(set.map(called))}.`, { variable: name })];
  });
}

const isFastShared = (name: string): boolean => /^(?:sem\.)?fast(?:rtps|dds|_datasharing)_/.test(name);

function sharedMemoryLeft({ sharedMemory, processes }: MachineFacts): readonly Finding[] {
  const used = new Set(processes.flatMap((process) => process.sharedMemory));
  const left = sharedMemory.filter(isFastShared);
  // Segments in use may have further files for locks and ports that no program has open at this moment.
  if (left.length === 0 || left.some((name) => used.has(name))) return [];
  return [
    finding('shared_memory_left', `${left.length} files in /dev/shm that no visible program uses: ${named(left)}.`),
  ];
}
