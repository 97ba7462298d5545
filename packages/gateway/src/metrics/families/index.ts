import type { Family } from '../family.ts';
import type { MetricsSource } from '../metrics-source.ts';
import { FAULT_FAMILIES } from './fault-families.ts';
import { DELIVERY_FAMILIES, GATEWAY_FAMILIES, HTTP_FAMILIES } from './gateway-families.ts';
import { PROCESS_FAMILIES } from './process-families.ts';
import { ROBOT_FAMILIES } from './robot-families.ts';
import { TOPIC_FAMILIES } from './topic-families.ts';

/**
 * All families of `GET /metrics`, in the order of the exposition: if it reaches the maximum of series, the last ones are
 * left out. Documents and dashboards are tested against this table.
 */
export const FAMILIES: readonly Family<MetricsSource>[] = [
  ...GATEWAY_FAMILIES,
  ...PROCESS_FAMILIES,
  ...FAULT_FAMILIES,
  ...ROBOT_FAMILIES,
  ...TOPIC_FAMILIES,
  ...DELIVERY_FAMILIES,
  ...HTTP_FAMILIES,
];
