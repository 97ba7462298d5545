/** A socket as `/proc/net/udp` and `/proc/net/tcp` list it. */
export interface SystemSocket {
  readonly port: number;
  readonly state: number;
  readonly userId: number;
  /** By which its process holds it. */
  readonly inode: string;
}

/** More than a robot opens. */
const MAX_SOCKETS = 4096;

/** Of TCP (include/net/tcp_states.h). */
export const LISTENING = 0x0a;

/** The sockets in the text of one of these files, or of `tcp6`; lines that are none are left out. */
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

/** Datagrams of all programs that were lost for want of room in a receive buffer, since the start of the machine. */
export function readLostDatagrams(snmp: string): number {
  const [names, values] = snmp
    .split('\n')
    .filter((line) => line.startsWith('Udp: '))
    .map((line) => line.split(' '));
  return Number(values?.[names?.indexOf('RcvbufErrors') ?? -1]) || 0;
}
