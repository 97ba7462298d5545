import { type Header, MAX_MESSAGE_BYTES, type Protocol, type RobotState } from '@medkit/vda5050';
import { shortenState, type TruncatedState } from './shorten-state.ts';

/** Bytes of a packet besides topic and payload: flags, lengths, properties (MQTT 5.0, 3.3). */
const PACKET_BYTES = 16;

export interface MessageLimit {
  readonly topic: string;
  /** Maximum packet size of the broker, if it announces one. */
  readonly maxPacketBytes: number | undefined;
}

/** Encodes a state within the limits of the broker. Throws if it does not fit even without errors. */
export function truncateState(
  protocol: Protocol,
  header: Header,
  state: RobotState,
  room: MessageLimit,
): TruncatedState {
  const { topic, maxPacketBytes = Number.POSITIVE_INFINITY } = room;
  const maxBytes = Math.min(maxPacketBytes - Buffer.byteLength(topic) - PACKET_BYTES, MAX_MESSAGE_BYTES);
  const fitted = shortenState(state, maxBytes, (shortened) => protocol.encodeState(header, shortened));
  if (fitted) return fitted;
  throw new Error(`no state fits into ${maxPacketBytes} bytes, the packet limit of the broker: raise the limit`);
}
