import type { Datagrams } from '@medkit/edges';

/**
 * UDP that drops everything sent for a moment after the first received datagram, like sending to a participant of Fast
 * DDS that announces itself some milliseconds before it reads its sockets.
 */
export function deafDatagrams(datagrams: Datagrams, { deafMs }: { readonly deafMs: number }): Datagrams {
  /** Time of the first received datagram. */
  let firstReceivedMs = Number.POSITIVE_INFINITY;
  return {
    interfaces: () => datagrams.interfaces(),
    async bind(options) {
      const socket = await datagrams.bind({
        ...options,
        onDatagram: (bytes, from) => {
          firstReceivedMs = Math.min(firstReceivedMs, performance.now());
          options.onDatagram(bytes, from);
        },
      });
      return {
        local: socket.local,
        receiveBufferBytes: socket.receiveBufferBytes,
        get sendFailures() {
          return socket.sendFailures;
        },
        send(parts, port, address) {
          if (performance.now() - firstReceivedMs < deafMs) return;
          socket.send(parts, port, address);
        },
        joinGroup: (group, address) => socket.joinGroup(group, address),
        setMulticastInterface: (address) => socket.setMulticastInterface(address),
        close: () => socket.close(),
      };
    },
  };
}
