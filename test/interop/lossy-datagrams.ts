import type { Datagrams, Random } from '@medkit/edges';

/** UDP that loses a share of the datagrams, both ways, as a bad wireless link does. */
export function lossyDatagrams(datagrams: Datagrams, random: Random, share: number): Datagrams {
  const isLost = () => random.float() < share;
  return {
    interfaces: () => datagrams.interfaces(),
    async bind(options) {
      const socket = await datagrams.bind({
        ...options,
        onDatagram: (bytes, from) => isLost() || options.onDatagram(bytes, from),
      });
      return {
        local: socket.local,
        receiveBufferBytes: socket.receiveBufferBytes,
        get sendFailures() {
          return socket.sendFailures;
        },
        send: (parts, port, address) => isLost() || socket.send(parts, port, address),
        joinGroup: (group, address) => socket.joinGroup(group, address),
        setMulticastInterface: (address) => socket.setMulticastInterface(address),
        close: () => socket.close(),
      };
    },
  };
}
