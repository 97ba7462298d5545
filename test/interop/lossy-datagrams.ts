import type { Clock, DatagramSocket, Datagrams, Random } from '@medkit/edges';
import type { NetworkConditions } from '@medkit/edges/testing';

interface Trouble extends Required<Pick<NetworkConditions, 'loss' | 'duplication' | 'reordering' | 'reorderMs'>> {
  readonly random: Random;
  readonly clock: Clock;
}

/** UDP that loses, duplicates and delays datagrams in both directions, like a bad wireless link. */
export function lossyDatagrams(datagrams: Datagrams, trouble: Trouble): Datagrams {
  const { random, clock } = trouble;
  const pass = (carry: () => void): void => {
    if (random.float() < trouble.loss) return;
    const copies = random.float() < trouble.duplication ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) {
      if (random.float() < trouble.reordering) clock.after(random.float() * trouble.reorderMs, carry);
      else carry();
    }
  };
  return {
    interfaces: () => datagrams.interfaces(),
    async bind(options) {
      let open = true;
      const whileOpen = (carry: () => void) => () => {
        if (open) carry();
      };
      const socket = await datagrams.bind({
        ...options,
        // A receiver that keeps views of a datagram owns it, so the second must be a copy.
        onDatagram: (bytes, from) => pass(whileOpen(() => options.onDatagram(bytes.slice(), from))),
      });
      const troubled: DatagramSocket = {
        local: socket.local,
        receiveBufferBytes: socket.receiveBufferBytes,
        get sendFailures() {
          return socket.sendFailures;
        },
        send(parts, port, address) {
          pass(whileOpen(() => socket.send(parts, port, address)));
        },
        joinGroup: (group, address) => socket.joinGroup(group, address),
        setMulticastInterface: (address) => socket.setMulticastInterface(address),
        close() {
          open = false;
          return socket.close();
        },
      };
      return troubled;
    },
  };
}
