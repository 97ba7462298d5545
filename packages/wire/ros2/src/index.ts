export { type DomainWatch, type NotUnderstoodReason, watchDomains, wellKnownPort } from '@medkit/rtps';
export type * from './actions/action-client.ts';
export type * from './actions/action-server.ts';
export { actionsIn, goalServiceOf, isActionInternal } from './actions/actions-in-graph.ts';
export type { CancelOutcome } from './actions/cancel-request.ts';
export type * from './actions/goal.ts';
export { goalStates, type StatusArrayMessage } from './actions/goal-messages.ts';
export { type GoalStatus, isActive } from './actions/goal-status.ts';
export { type ActionServerChoice, openActionClient } from './actions/open-action-client.ts';
export { openActionServer } from './actions/open-action-server.ts';
export type * from './adapter/adapter.ts';
export { followGraph } from './adapter/follow-graph.ts';
export type * from './adapter/service.ts';
export { type SourceTime, sourceMsOf, sourceNsOf } from './adapter/source-time.ts';
export { compileCodec, type MessageCodec } from './codec/message-codec.ts';
export { type TimeMessage, timeMessage } from './codec/time-message.ts';
export { type RosEnvironment, readEnvironment } from './environment/environment.ts';
export {
  AdapterUnavailable,
  AlreadyClosed,
  CallAborted,
  CallLost,
  CallTimeout,
  InvalidMessage,
  InvalidName,
  MalformedMessage,
  ServerLost,
  ServiceUnavailable,
  TooManyCalls,
  TopicTypeUnknown,
  UnknownType,
} from './errors.ts';
export { vendorName } from './graph/vendors.ts';
export type * from './graph.ts';
export type * from './lifecycle/lifecycle.ts';
export { isManagedNode, lifecycleNames } from './lifecycle/managed-node.ts';
export { openLifecycleClient } from './lifecycle/open-lifecycle-client.ts';
export { openLifecycleServer } from './lifecycle/open-lifecycle-server.ts';
export { openRosAdapter } from './local-adapter/open-ros-adapter.ts';
export { isInternalNode } from './names/graph-names.ts';
export * from './parameters/parameter.ts';
export { type KnownParameter, openParameterClient, type ParameterClient } from './parameters/parameter-client.ts';
export { onParameterEvent } from './parameters/parameter-events.ts';
export { inferParameter, parameterFromJson, parameterToJson } from './parameters/parameter-json.ts';
export { openParameterServer, type ParameterServer } from './parameters/parameter-server.ts';
export type { BeforeSet, ParameterDeclaration } from './parameters/parameter-store.ts';
export { incompatiblePolicies } from './qos/policies.ts';
export { DEFAULT_PROFILE, SENSOR_DATA_PROFILE } from './qos/profiles.ts';
export type * from './types/message.ts';
export { ROS_ERRORS } from './worker/link-errors.ts';
export { openWorkerRosAdapter } from './worker/open-worker-ros-adapter.ts';
export { recordIfEnabled } from './worker/optional-recording.ts';
export type { JoinOptions } from './worker/protocol.ts';
export type { ThreadState } from './worker/supervise-adapter.ts';
