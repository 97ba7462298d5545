import { type Static, Type } from 'typebox';
import { optionalText, Text } from '../message/field-types.ts';
import { omitEmpty } from '../message/omit-empty.ts';
import { ACTION_STATUSES, type ActionState } from '../robot/robot-state.ts';

/** 3.0.0, 7.8: for actions of the order and instant actions. */
export const ActionStateMessage = Type.Object({
  actionId: Text,
  actionType: optionalText,
  actionStatus: Type.Enum(ACTION_STATUSES),
  actionResult: optionalText,
});
type ActionStateMessage = Static<typeof ActionStateMessage>;

export const encodeActionState = (action: ActionState): ActionStateMessage => ({
  actionId: action.actionId,
  actionType: action.actionType,
  actionStatus: action.status,
  actionResult: action.result,
});

export const decodeActionState = (action: ActionStateMessage): ActionState =>
  omitEmpty({
    actionId: action.actionId,
    actionType: action.actionType,
    status: action.actionStatus,
    result: action.actionResult,
  });
