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
  AlreadyClosed,
  InvalidMessage,
  InvalidName,
  MalformedMessage,
  TopicTypeUnknown,
  UnknownType,
} from './errors.ts';
export { DEFAULT_PROFILE, SENSOR_DATA_PROFILE } from './qos/profiles.ts';
