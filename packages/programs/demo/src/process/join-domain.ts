import { hostname } from 'node:os';
import { basename } from 'node:path';
import { systemClock, systemFiles, systemRandom, udpDatagrams } from '@medkit/edges/node';
import { openRosAdapter, type RosAdapter, readEnvironment } from '@medkit/ros2';

/** Short lease, so that a killed node is detected within seconds. */
const LEASE_MS = 3500;

/** Joins the domain of the environment, which `demoEnvironment` has set. */
export function joinDomain(): Promise<RosAdapter> {
  return openRosAdapter({
    environment: readEnvironment(process.env),
    clock: systemClock,
    datagrams: udpDatagrams,
    files: systemFiles,
    random: systemRandom,
    participantName: 'medkit demo',
    process: { id: process.pid, hostname: hostname(), name: basename(process.execPath) },
    leaseMs: LEASE_MS,
  });
}
