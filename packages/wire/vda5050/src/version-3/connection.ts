import { type Static, Type } from 'typebox';
import { headerFields, headerOf } from '../message/header-fields.ts';
import { messageReader } from '../message/message-reader.ts';
import type { Header } from '../protocol/header.ts';
import type { Received } from '../protocol/protocol.ts';
import { CONNECTION_STATES, type ConnectionState } from '../robot/connection.ts';

/** 3.0.0, 7.7. */
const ConnectionMessage = Type.Object({ ...headerFields, connectionState: Type.Enum(CONNECTION_STATES) });

export function encodeConnection(header: Header, state: ConnectionState): string {
  const message: Static<typeof ConnectionMessage> = { ...header, connectionState: state };
  return JSON.stringify(message);
}

const read = messageReader('connection', ConnectionMessage);

export function decodeConnection(octets: Uint8Array): Received<ConnectionState> {
  const message = read(octets);
  return { header: headerOf(message), content: message.connectionState };
}
