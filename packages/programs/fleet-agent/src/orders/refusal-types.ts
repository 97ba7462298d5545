import type { ProtocolVersion } from '@medkit/vda5050';

const VERSION_2 = {
  malformed: 'validationError',
  order: 'orderError',
  cancel: 'noOrderToCancel',
  action: 'instantActionError',
};

/** Error types of rejections by version (2.1.0, 6.6.3.2 and 6.6.4; 3.0.0, 6.6.5.4). 2.1.0 has none for an action. */
export const REFUSAL_TYPES: Readonly<
  Record<ProtocolVersion, Readonly<Record<'malformed' | 'order' | 'cancel' | 'action', string>>>
> = {
  '2.0.0': VERSION_2,
  '2.1.0': VERSION_2,
  '3.0.0': {
    malformed: 'VALIDATION_FAILURE',
    order: 'MOBILE_ROBOT_NOT_AVAILABLE',
    cancel: 'NO_ORDER_TO_CANCEL',
    action: 'INVALID_INSTANT_ACTION',
  },
};
