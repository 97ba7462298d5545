import type { Datagrams } from '@medkit/edges';

/** Offset of the vendor id in the header of an RTPS message (RTPS 2.5, 8.3.3.1). */
const VENDOR_AT = 6;

/** Wraps datagrams so that the sender appears as a participant of another vendor (four hex digits). */
export function asVendor(datagrams: Datagrams, vendorId: string): Datagrams {
  const vendor = Buffer.from(vendorId, 'hex');
  return {
    interfaces: () => datagrams.interfaces(),
    async bind(options) {
      const socket = await datagrams.bind(options);
      return {
        local: socket.local,
        receiveBufferBytes: socket.receiveBufferBytes,
        get sendFailures() {
          return socket.sendFailures;
        },
        send(parts, port, address) {
          const bytes = Buffer.concat(parts);
          bytes.set(vendor, VENDOR_AT);
          socket.send([bytes], port, address);
        },
        joinGroup: (group, interfaceAddress) => socket.joinGroup(group, interfaceAddress),
        setMulticastInterface: (interfaceAddress) => socket.setMulticastInterface(interfaceAddress),
        close: () => socket.close(),
      };
    },
  };
}
