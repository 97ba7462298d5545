export type { BridgeSettings } from './bridges/fault-bridges.ts';
export { REPORT_FAULT_TYPE, reportRequest } from './faults/report-message.ts';
export type { FaultOptions } from './join-options.ts';
export { ros2Runtime } from './ros2-runtime.ts';
export type { Ros2Settings } from './ros2-settings.ts';
