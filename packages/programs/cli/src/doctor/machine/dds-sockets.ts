import { wellKnownPort } from '@medkit/gateway/examine';
import type { DdsSocket } from './machine-facts.ts';
import type { SystemSocket } from './proc-net.ts';
import type { RosProcess } from './ros-process.ts';

/** From here on the system gives ports to whoever asks for any (Linux, ip_local_port_range). */
const FIRST_EPHEMERAL_PORT = 32_768;

/**
 * Those of the sockets that participants of a domain listen on for each other: the port for announcements to all, or the two
 * of a participant, one beside the other. A single one of those, or any alone where ports are given by chance, proves nothing.
 */
export function ddsSockets(sockets: readonly SystemSocket[]): readonly SystemSocket[] {
  const pairs = new Set(sockets.map(({ port, userId }) => `${port} ${userId}`));
  return sockets.filter(({ port, userId }) => {
    const use = wellKnownPort(port)?.use;
    if (use === 'discovery multicast') return port < FIRST_EPHEMERAL_PORT;
    return use === 'discovery unicast' && pairs.has(`${port + 1} ${userId}`);
  });
}

/** The sockets with their domains and programs. */
export function withPrograms(sockets: readonly SystemSocket[], processes: readonly RosProcess[]): readonly DdsSocket[] {
  return sockets.flatMap(({ port, userId, inode }) => {
    const domainId = wellKnownPort(port)?.domainId;
    const process = processes.find(({ inodes }) => inodes.has(inode));
    return domainId === undefined ? [] : [{ domainId, userId, ...(process && { process }) }];
  });
}
