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
const readEither = messageReader('instantActions', InstantActionsMessage, withActionTypes);

export function decodeInstantActions(octets: Uint8Array): Received<readonly InstantAction[]> {
  return received(read(octets));
}

/** Accepts `actionName`, as in the published schema of 2.0.0, and `actionType`, as in the text of the standard. */
export function decodeInstantActions20(octets: Uint8Array): Received<readonly InstantAction[]> {
  return received(readEither(octets));
}

function received(message: Static<typeof InstantActionsMessage>): Received<readonly InstantAction[]> {
  return { header: headerOf(message), content: message.actions.map(decodeInstantAction) };
}

function withActionTypes(message: unknown): unknown {
  const { actions } = (message ?? {}) as { readonly actions?: unknown };
  if (!Array.isArray(actions)) return message;
  const typed = actions.map((action: unknown) => {
    if (typeof action !== 'object' || action === null || !('actionName' in action) || 'actionType' in action)
      return action;
    return { ...action, actionType: action.actionName };
  });
  return { ...(message as object), actions: typed };
}
