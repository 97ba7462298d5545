export type { NotUnderstoodReason } from '@medkit/rtps';
export type * from './adapter/adapter.ts';
export type * from './adapter/graph.ts';
export { openRosAdapter, type RosAdapterOptions } from './adapter/open-ros-adapter.ts';
export {
  type DiscoveryRange,
  InvalidEnvironment,
  type RosEnvironment,
  readEnvironment,
  type Variables,
} from './environment/environment.ts';
export {
  AdapterUnavailable,
  AlreadyClosed,
  InvalidMessage,
  InvalidName,
  MalformedMessage,
  TopicTypeUnknown,
  UnknownType,
} from './errors.ts';
export { DEFAULT_PROFILE, SENSOR_DATA_PROFILE } from './qos/profiles.ts';
export { openWorkerRosAdapter, type WorkerRosAdapterOptions } from './worker/open-worker-ros-adapter.ts';
export type { JoinOptions } from './worker/protocol.ts';
export { recordedWhereAsked } from './worker/recorded-where-asked.ts';
export type { ThreadState, WorkerRosAdapter } from './worker/supervise-adapter.ts';
