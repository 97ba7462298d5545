import { named, oneOf, optional } from './compose.ts';
import * as Type from './type.ts';

/**
 * Kinds of vital signs. `battery` is a fraction of 1, `speed` is in m/s, `goal` is an `action_msgs/msg/GoalStatusArray`,
 * and `value` is any other value that the configuration names.
 */
export const VITAL_SIGN_KINDS = ['battery', 'speed', 'goal', 'value'] as const;
export type VitalSignKind = (typeof VITAL_SIGN_KINDS)[number];

export const VitalSign = named(
  'VitalSign',
  Type.Object({
    kind: oneOf(...VITAL_SIGN_KINDS),
    value: Type.String({ description: 'The value, as `watch` of `x-medkit-live` expects it.' }),
    label: optional(Type.String({ description: 'The name in the configuration; absent if the gateway found it.' })),
    unit: optional(Type.String()),
    href: Type.String({ description: 'The data item.' }),
  }),
);
export type VitalSign = Type.Static<typeof VitalSign>;

export const VitalSignList = named(
  'VitalSignList',
  Type.Object({ items: Type.Array(VitalSign, { description: 'Those of the configuration first, in its order.' }) }),
);
export type VitalSignList = Type.Static<typeof VitalSignList>;
