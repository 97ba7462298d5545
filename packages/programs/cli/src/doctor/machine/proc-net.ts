/** A socket as `/proc/net/udp` and `/proc/net/tcp` list it. */
export interface SystemSocket {
  readonly port: number;
  readonly state: number;
  readonly userId: number;
  /** Identifies the socket among the file descriptors of its process. */
  readonly inode: string;
}

/** Maximum number of sockets, more than a robot opens. */
const MAX_SOCKETS = 4096;

/** State of a listening TCP socket (include/net/tcp_states.h). */
export const LISTENING = 0x0a;

/** Parses the sockets in one of these files or `tcp6`. Skips other lines. */
export function readSockets(text: string): readonly SystemSocket[] {
  return text
    .split('\n', MAX_SOCKETS)
    .map((line) => line.trim().split(/\s+/))
    .flatMap(([, local = '', , state = '', , , , userId, , inode = '']) => {
      const port = /^[\dA-F]+:([\dA-F]{4})$/.exec(local)?.[1];
      if (port === undefined || inode === '') return [];
      return { port: Number.parseInt(port, 16), state: Number.parseInt(state, 16), userId: Number(userId), inode };
    });
}

/** Datagrams of all programs that were lost because a receive buffer was full, since boot. */
export function readLostDatagrams(snmp: string): number {
  const [names, values] = snmp
    .split('\n')
    .filter((line) => line.startsWith('Udp: '))
    .map((line) => line.split(' '));
  return Number(values?.[names?.indexOf('RcvbufErrors') ?? -1]) || 0;
}
