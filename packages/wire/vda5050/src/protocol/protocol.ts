import type { ConnectionState } from '../robot/connection.ts';
import type { InstantAction, Order } from '../robot/order.ts';
import type { RobotState } from '../robot/robot-state.ts';
import type { Header } from './header.ts';
import type { ProtocolVersion } from './version.ts';

/** A message as it came: its header, and what it says. */
export interface Received<T> {
  readonly header: Header;
  readonly content: T;
}

/**
 * One version of VDA 5050. What encodes gives the text of a message, and throws a `RangeError` where a number that the message
 * must have is none. What decodes takes the octets of one and throws `MalformedMessage` where they are more than
 * `MAX_MESSAGE_BYTES`, or where what is read of them is not as the schema of that version has it.
 */
export interface Protocol {
  readonly version: ProtocolVersion;
  encodeConnection(header: Header, state: ConnectionState): string;
  encodeState(header: Header, state: RobotState): string;
  /** `content` is a factsheet in the words of this version, without its header: see `factsheetProblem`. */
  encodeFactsheet(header: Header, content: object): string;
  encodeOrder(header: Header, order: Order): string;
  encodeInstantActions(header: Header, actions: readonly InstantAction[]): string;
  decodeConnection(octets: Uint8Array): Received<ConnectionState>;
  decodeState(octets: Uint8Array): Received<RobotState>;
  decodeOrder(octets: Uint8Array): Received<Order>;
  decodeInstantActions(octets: Uint8Array): Received<readonly InstantAction[]>;
  /** What a factsheet lacks of what this version asks for, in words with its path; `undefined` where nothing. */
  factsheetProblem(content: unknown): string | undefined;
}
