import type { BindOptions, DatagramSocket, Datagrams, NetworkInterface, SocketAddress } from '@medkit/edges';
import type { SimulatedClock } from '@medkit/edges/testing';
import type { CapturedDatagram } from '../capture/capture.ts';
import type { Participant } from '../model/api.ts';
import type { GuidPrefix } from '../model/guid.ts';
import { hexOf, octetsOf, PREFIX_BYTES } from '../wire/guid-octets.ts';
import { settled } from './scene.ts';

const ADDRESS = '10.0.0.1';

interface ReplayOptions {
  readonly datagrams: readonly CapturedDatagram[];
  /** The participant of the capture that is replaced. The replay delivers what the others sent. */
  readonly standsFor: GuidPrefix;
  readonly clock: SimulatedClock;
}

/** Replays a capture to one participant, which replaces a captured one. Its answers are discarded. */
export class Replay implements Datagrams {
  readonly #options: ReplayOptions;
  readonly #sockets: BindOptions[] = [];

  constructor(options: ReplayOptions) {
    this.#options = options;
  }

  interfaces(): readonly NetworkInterface[] {
    return [{ name: 'eth0', address: ADDRESS, netmask: '255.255.255.0', loopback: false }];
  }

  async bind(options: BindOptions): Promise<DatagramSocket> {
    const { address, port, receiveBufferBytes = 0 } = options;
    this.#sockets.push(options);
    return {
      local: { address, port },
      receiveBufferBytes,
      sendFailures: { count: 0, last: '' },
      send: () => undefined,
      joinGroup: () => undefined,
      setMulticastInterface: () => undefined,
      close: async () => void this.#sockets.splice(this.#sockets.indexOf(options), 1),
    };
  }

  /** Delivers all datagrams to `participant` under its own GUID prefix, at the original intervals. */
  async play(participant: Participant): Promise<void> {
    const { datagrams, standsFor, clock } = this.#options;
    const [before, after] = [octetsOf(standsFor), octetsOf(participant.guidPrefix)];
    let lastMs = datagrams[0]?.timeMs ?? 0;
    for (const { payload, from, to, timeMs } of datagrams) {
      if (payload.length < 20 || hexOf(payload, 8, PREFIX_BYTES) === standsFor) continue;
      if (timeMs > lastMs) {
        clock.advance(timeMs - lastMs);
        lastMs = timeMs;
      }
      this.#listener(to)?.(replaced(payload, before, after), from);
      await settled();
    }
  }

  /** Participant ids, and thus ports, may differ, so any unicast port is accepted. */
  #listener({ address, port }: SocketAddress): BindOptions['onDatagram'] | undefined {
    const isGroup = Number.parseInt(address, 10) >= 224;
    const candidates = this.#sockets.filter(({ shared }) => (shared === true) === isGroup);
    return (candidates.find((socket) => socket.port === port) ?? (isGroup ? undefined : candidates[0]))?.onDatagram;
  }
}

/** Returns a copy in which one GUID prefix is replaced everywhere. */
function replaced(bytes: Uint8Array, before: Uint8Array, after: Uint8Array): Uint8Array {
  const copy = Buffer.from(bytes);
  for (let at = copy.indexOf(before); at >= 0; at = copy.indexOf(before, at + before.length)) copy.set(after, at);
  return copy;
}
