import type { MachineFacts } from '../machine/machine-facts.ts';
import { type Finding, finding } from './finding.ts';

/** Earliest plausible time: medkit did not exist before. */
const EARLIEST_MS = Date.UTC(2025, 0, 1);
/** Maximum clock change that is not a jump, ms: NTP slews smaller offsets. */
const MAX_JUMP_MS = 128;
/** Minimum free space: enough for the recordings and freeze frames of an evening. */
const MIN_FREE_BYTES = 512 * 1024 * 1024;
/** Minimum MTU that IPv6 requires of every network (RFC 8200). */
const MIN_MTU = 1280;

export interface MachineScope {
  readonly usesMulticast: boolean;
  /** TCP port of the gateway if another program listens on it. */
  readonly wantedPort: number | undefined;
}

/** Problems of the machine that do not depend on the robot. */
export function machineFindings(facts: MachineFacts, { usesMulticast, wantedPort }: MachineScope): readonly Finding[] {
  return [...clock(facts), ...links(facts, usesMulticast), ...lost(facts), ...port(facts, wantedPort), ...disk(facts)];
}

function clock({ clock: { nowMs, jumpedMs, synchronised } }: MachineFacts): readonly Finding[] {
  const now = new Date(nowMs).toISOString();
  if (nowMs < EARLIEST_MS) return [finding('clock_unset', `The clock shows ${now}.`)];
  const jump = Math.round(jumpedMs);
  return [
    ...(Math.abs(jump) > MAX_JUMP_MS ? [finding('clock_jumped', `It changed by ${jump} ms.`)] : []),
    ...(synchronised === false
      ? [finding('clock_unsynchronised', 'timedatectl reports that no time server is in use.')]
      : []),
  ];
}

function links({ links: all }: MachineFacts, usesMulticast: boolean): readonly Finding[] {
  const outward = all.filter(({ loopback }) => !loopback);
  if (usesMulticast && all.length > 0 && outward.length === 0) {
    return [finding('no_network', 'Only the loopback interface is up.')];
  }
  return outward.flatMap(({ name, multicast, mtu }) => [
    ...(usesMulticast && !multicast
      ? [finding('no_multicast', `${name} is up without the flag MULTICAST.`, { interface: name })]
      : []),
    ...(mtu < MIN_MTU ? [finding('small_mtu', `${name} has an MTU of ${mtu} bytes.`, { interface: name })] : []),
  ]);
}

function lost({ lostDatagrams }: MachineFacts): readonly Finding[] {
  if (lostDatagrams <= 0) return [];
  return [finding('datagrams_lost', `${lostDatagrams} datagrams of all programs were lost during the examination.`)];
}

function port({ listening }: MachineFacts, wanted: number | undefined): readonly Finding[] {
  if (wanted === undefined || !listening.has(wanted)) return [];
  return [finding('port_taken', `Another program listens on port ${wanted}.`, { port: wanted })];
}

function disk({ disk: room }: MachineFacts): readonly Finding[] {
  if (room === undefined || room.freeBytes >= MIN_FREE_BYTES) return [];
  const mib = Math.floor(room.freeBytes / 1024 / 1024);
  return [finding('disk_low', `${mib} MiB are free at ${room.folder}.`, { folder: room.folder })];
}
