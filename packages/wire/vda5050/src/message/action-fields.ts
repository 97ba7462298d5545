import { type Static, Type } from 'typebox';
import type { InstantAction } from '../robot/order.ts';
import { list, Text } from './field-types.ts';

/** Anything but null. */
const ParameterValue = Type.Unsafe<unknown>({ type: ['array', 'boolean', 'number', 'string', 'object'] });
const Parameters = list(Type.Object({ key: Text, value: ParameterValue }));

/** Of an action in an order and of an instant one; each version has other ways in which they block. */
export const actionFields = <const B extends string[]>(...blockingTypes: B) => ({
  actionId: Text,
  actionType: Text,
  blockingType: Type.Enum<B>(blockingTypes),
  actionParameters: Type.Optional(Parameters),
});

const InstantActionFields = Type.Object(actionFields('NONE'));

/** Of the ways to block, 3.0.0 allows an instant action none (7.4); parameters that are null are left out. */
export const encodeInstantAction = (action: InstantAction): Static<typeof InstantActionFields> => ({
  actionId: action.actionId,
  actionType: action.actionType,
  blockingType: 'NONE',
  actionParameters: Object.entries(action.parameters)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([key, value]) => ({ key, value })),
});

export const decodeInstantAction = (
  action: Pick<Static<typeof InstantActionFields>, 'actionId' | 'actionType' | 'actionParameters'>,
): InstantAction => ({
  actionId: action.actionId,
  actionType: action.actionType,
  parameters: Object.fromEntries((action.actionParameters ?? []).map(({ key, value }) => [key, value])),
});
