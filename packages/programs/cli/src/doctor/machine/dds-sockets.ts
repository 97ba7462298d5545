import { wellKnownPort } from '@medkit/gateway/examine';
import type { DdsSocket } from './machine-facts.ts';
import type { SystemSocket } from './proc-net.ts';
import type { RosProcess } from './ros-process.ts';

/** First ephemeral port of Linux (ip_local_port_range). */
const FIRST_EPHEMERAL_PORT = 32_768;

/**
 * Returns the sockets that belong to DDS participants: the discovery multicast port of a domain, or the two adjacent unicast ports
 * of a participant. A single unicast port, or a multicast port in the ephemeral range, may belong to any program.
 */
export function ddsSockets(sockets: readonly SystemSocket[]): readonly SystemSocket[] {
  const pairs = new Set(sockets.map(({ port, userId }) => `${port} ${userId}`));
  return sockets.filter(({ port, userId }) => {
    const use = wellKnownPort(port)?.use;
    if (use === 'discovery multicast') return port < FIRST_EPHEMERAL_PORT;
    return use === 'discovery unicast' && pairs.has(`${port + 1} ${userId}`);
  });
}

/** Adds domains and programs to the sockets. */
export function withPrograms(sockets: readonly SystemSocket[], processes: readonly RosProcess[]): readonly DdsSocket[] {
  return sockets.flatMap(({ port, userId, inode }) => {
    const domainId = wellKnownPort(port)?.domainId;
    const process = processes.find(({ inodes }) => inodes.has(inode));
    return domainId === undefined ? [] : [{ domainId, userId, ...(process && { process }) }];
  });
}
