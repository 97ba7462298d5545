import type { ConnectionState } from '../robot/connection.ts';
import type { InstantAction, Order } from '../robot/order.ts';
import type { RobotState } from '../robot/robot-state.ts';
import type { Header } from './header.ts';
import type { ProtocolVersion } from './version.ts';

/** A received message: its header and content. */
export interface Received<T> {
  readonly header: Header;
  readonly content: T;
}

/**
 * Encodes and decodes one version of VDA 5050. Encoders return the text of a message and throw a `RangeError` if a
 * required number is not finite. Decoders throw `MalformedMessage` if the octets exceed `MAX_MESSAGE_BYTES` or violate
 * the schema of the version.
 */
export interface Protocol {
  readonly version: ProtocolVersion;
  encodeConnection(header: Header, state: ConnectionState): string;
  encodeState(header: Header, state: RobotState): string;
  /** `content` is a factsheet with the member names of this version, without header; see `factsheetProblem`. */
  encodeFactsheet(header: Header, content: object): string;
  encodeOrder(header: Header, order: Order): string;
  encodeInstantActions(header: Header, actions: readonly InstantAction[]): string;
  decodeConnection(octets: Uint8Array): Received<ConnectionState>;
  decodeState(octets: Uint8Array): Received<RobotState>;
  decodeOrder(octets: Uint8Array): Received<Order>;
  decodeInstantActions(octets: Uint8Array): Received<readonly InstantAction[]>;
  /** Returns what a factsheet lacks in this version, as text with its path, or `undefined` if it is valid. */
  factsheetProblem(content: unknown): string | undefined;
}
