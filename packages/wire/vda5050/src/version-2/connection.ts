import { type Static, Type } from 'typebox';
import { headerFields, headerOf } from '../message/header-fields.ts';
import { messageReader } from '../message/message-reader.ts';
import type { Header } from '../protocol/header.ts';
import type { Received } from '../protocol/protocol.ts';
import type { ConnectionState } from '../robot/connection.ts';

/** 2.1.0, 6.14. */
const ConnectionMessage = Type.Object({
  ...headerFields,
  connectionState: Type.Enum(['ONLINE', 'OFFLINE', 'CONNECTIONBROKEN']),
});
type ConnectionMessage = Static<typeof ConnectionMessage>;
type ConnectionWord = ConnectionMessage['connectionState'];

/** A hibernating robot is properly offline. */
const MESSAGE_STATES: Readonly<Record<ConnectionState, ConnectionWord>> = {
  ONLINE: 'ONLINE',
  OFFLINE: 'OFFLINE',
  HIBERNATING: 'OFFLINE',
  CONNECTION_BROKEN: 'CONNECTIONBROKEN',
};
const STATES: Readonly<Record<ConnectionWord, ConnectionState>> = {
  ONLINE: 'ONLINE',
  OFFLINE: 'OFFLINE',
  CONNECTIONBROKEN: 'CONNECTION_BROKEN',
};

export function encodeConnection(header: Header, state: ConnectionState): string {
  const message: ConnectionMessage = { ...header, connectionState: MESSAGE_STATES[state] };
  return JSON.stringify(message);
}

const read = messageReader('connection', ConnectionMessage);

export function decodeConnection(octets: Uint8Array): Received<ConnectionState> {
  const message = read(octets);
  return { header: headerOf(message), content: STATES[message.connectionState] };
}
