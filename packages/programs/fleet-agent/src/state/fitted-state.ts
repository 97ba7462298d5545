import { type Header, MAX_MESSAGE_BYTES, type Protocol, type RobotState } from '@medkit/vda5050';
import { type FittedState, shortenedState } from './shortened-state.ts';

/** Octets of a packet beside its topic and payload: flags, lengths, properties (MQTT 5.0, 3.3). */
const PACKET_BYTES = 16;

export interface MessageRoom {
  readonly topic: string;
  /** What the broker takes as one packet, where it says so. */
  readonly maxPacketBytes: number | undefined;
}

/** A state as a message that the broker takes and others read. Throws, in words, where not even one without errors fits. */
export function fittedState(protocol: Protocol, header: Header, state: RobotState, room: MessageRoom): FittedState {
  const { topic, maxPacketBytes = Number.POSITIVE_INFINITY } = room;
  const maxBytes = Math.min(maxPacketBytes - Buffer.byteLength(topic) - PACKET_BYTES, MAX_MESSAGE_BYTES);
  const fitted = shortenedState(state, maxBytes, (shortened) => protocol.encodeState(header, shortened));
  if (fitted) return fitted;
  throw new Error(`the broker takes packets of ${maxPacketBytes} octets, in which no state fits: raise its limit`);
}
