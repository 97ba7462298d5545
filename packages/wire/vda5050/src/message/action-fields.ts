import { type Static, Type } from 'typebox';
import type { InstantAction } from '../robot/order.ts';
import { list, Text } from './field-types.ts';

/** Any JSON value except null. */
const ParameterValue = Type.Unsafe<unknown>({ type: ['array', 'boolean', 'number', 'string', 'object'] });
const Parameters = list(Type.Object({ key: Text, value: ParameterValue }));

/** Fields of an action in an order and of an instant action. The blocking types depend on the version. */
export const actionFields = <const B extends string[]>(...blockingTypes: B) => ({
  actionId: Text,
  actionType: Text,
  blockingType: Type.Enum<B>(blockingTypes),
  actionParameters: Type.Optional(Parameters),
});

const InstantActionFields = Type.Object(actionFields('NONE'));

/** 3.0.0 allows only the blocking type `NONE` for instant actions (7.4). Parameters that are null are omitted. */
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
