import { type Static, Type } from 'typebox';
import { actionFields, decodeInstantAction, encodeInstantAction } from '../message/action-fields.ts';
import { list, optionalText } from '../message/field-types.ts';
import { headerFields, headerOf } from '../message/header-fields.ts';
import { messageReader } from '../message/message-reader.ts';
import type { Header } from '../protocol/header.ts';
import type { Received } from '../protocol/protocol.ts';
import type { InstantAction } from '../robot/order.ts';

/** 2.1.0, 6.9. */
const InstantActionsMessage = Type.Object({
  ...headerFields,
  actions: list(Type.Object({ ...actionFields('NONE', 'SOFT', 'HARD'), actionDescription: optionalText })),
});

export function encodeInstantActions(header: Header, actions: readonly InstantAction[]): string {
  const message: Static<typeof InstantActionsMessage> = { ...header, actions: actions.map(encodeInstantAction) };
  return JSON.stringify(message);
}

const read = messageReader('instantActions', InstantActionsMessage);

export function decodeInstantActions(octets: Uint8Array): Received<readonly InstantAction[]> {
  const message = read(octets);
  return { header: headerOf(message), content: message.actions.map(decodeInstantAction) };
}
