import { type Static, Type } from 'typebox';
import { optionalText, Text } from '../message/field-types.ts';
import { omitEmpty } from '../message/omit-empty.ts';
import type { ActionState, ActionStatus } from '../robot/robot-state.ts';

/** 2.1.0, 6.10.6. The text has `PAUSED`, the published schema does not. */
const STATUSES = ['WAITING', 'INITIALIZING', 'RUNNING', 'PAUSED', 'FINISHED', 'FAILED'] as const;
type Status = (typeof STATUSES)[number];

export const ActionStateMessage = Type.Object({
  actionId: Text,
  actionType: optionalText,
  actionStatus: Type.Enum(STATUSES),
  resultDescription: optionalText,
});
type ActionStateMessage = Static<typeof ActionStateMessage>;

/** Statuses that every reader of 2.1.0 knows: a paused action will continue, and a failed one cannot be retried. */
const MESSAGE_STATUSES: Readonly<Record<ActionStatus, Status>> = {
  WAITING: 'WAITING',
  INITIALIZING: 'INITIALIZING',
  RUNNING: 'RUNNING',
  PAUSED: 'RUNNING',
  RETRIABLE: 'FAILED',
  FINISHED: 'FINISHED',
  FAILED: 'FAILED',
};

export const encodeActionState = (action: ActionState): ActionStateMessage => ({
  actionId: action.actionId,
  actionType: action.actionType,
  actionStatus: MESSAGE_STATUSES[action.status],
  resultDescription: action.result,
});

export const decodeActionState = (action: ActionStateMessage): ActionState =>
  omitEmpty({
    actionId: action.actionId,
    actionType: action.actionType,
    status: action.actionStatus,
    result: action.resultDescription,
  });
