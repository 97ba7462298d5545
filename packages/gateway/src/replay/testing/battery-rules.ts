import type { FaultTriggerRule } from '@medkit/faults/replay';
import type { TriggerRecord } from '@medkit/triggers';

/** The topic whose recordings the stored rules are tried on. */
export const VOLTAGE = '/battery/voltage';

/** Fires when the voltage falls below 22 V. */
export const LOW: TriggerRecord = {
  number: 1,
  entity: { kind: 'app', id: 'battery' },
  resource: '/api/v1/apps/battery/data/voltage',
  collection: 'data',
  item: 'voltage',
  condition: { type: 'EnterRange', parameters: { lower_bound: 0, upper_bound: 22 } },
  pointer: '',
  protocol: 'sse',
  multishot: true,
  persistent: true,
};

/** Reports the fault `EMPTY` below 21 V. */
export const EMPTY: FaultTriggerRule = {
  appId: 'battery',
  dataName: VOLTAGE,
  path: '',
  operator: '<',
  threshold: 21,
  faultCode: 'EMPTY',
  severity: 'ERROR',
  active: true,
};
