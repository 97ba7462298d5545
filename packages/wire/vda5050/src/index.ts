export { MalformedMessage } from './message/malformed-message.ts';
export { MAX_MESSAGE_BYTES } from './message/parse-json.ts';
export { type Header, headerMaker } from './protocol/header.ts';
export type { Protocol, Received } from './protocol/protocol.ts';
export {
  addressProblem,
  type RobotAddress,
  TOPIC_NAMES,
  type TopicName,
  topicNameIn,
  topicOf,
} from './protocol/topics.ts';
export { PROTOCOL_VERSIONS, type ProtocolVersion } from './protocol/version.ts';
export type { ConnectionState } from './robot/connection.ts';
export type { InstantAction, Order, OrderEdge, OrderNode } from './robot/order.ts';
export {
  ERROR_LEVELS,
  type ErrorLevel,
  type Reference,
  type RobotError,
  type RobotInformation,
  type Translations,
} from './robot/robot-error.ts';
export {
  type ActionState,
  type ActionStatus,
  type Battery,
  EMERGENCY_STOPS,
  type EmergencyStop,
  OPERATING_MODES,
  type OperatingMode,
  type Position,
  type RobotState,
  type Velocity,
} from './robot/robot-state.ts';
export { protocolOf } from './select-protocol.ts';
