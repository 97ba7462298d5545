export { appIds, type NamedNode } from './discovery/app-ids.ts';
export { type HostFacts, hostComponent, hostId, osNameOf } from './discovery/host-component.ts';
export { isInternalNode } from './discovery/internal-node.ts';
export { namespaceFunctions } from './discovery/namespace-functions.ts';
export type { Contribution } from './entity/contribution.ts';
export type {
  App,
  Area,
  Component,
  Entity,
  EntityKind,
  EntityLists,
  EntityOf,
  EntityRef,
  FunctionEntity,
  ResourceAddress,
} from './entity/entity.ts';
export { ENTITY_KINDS } from './entity/entity.ts';
export { entityIdProblem, isEntityId, MAX_ENTITY_ID_LENGTH, toEntityId } from './entity/entity-id.ts';
export { indexEntities } from './entity/index-entities.ts';
export type { EntityTree } from './entity/tree.ts';
export type { CoreEvents, EntitiesChanged } from './events/core-events.ts';
export { type EventBus, eventBus } from './events/event-bus.ts';
export {
  type DroppedEntity,
  type MergeReport,
  type MergeResult,
  mergeContributions,
  provenance,
} from './merge/merge-contributions.ts';
export type { UnresolvedReference } from './merge/references.ts';
export { type CallContext, callContext } from './runtime/call-context.ts';
export type {
  DataEntry,
  DataOrigin,
  DataProvider,
  DataReading,
  DataWrite,
  DataWritten,
  JsonObject,
  JsonValue,
  TypeInfo,
} from './runtime/data-provider.ts';
export { type Model, type ModelOptions, openModel } from './runtime/model.ts';
export { reasonOf } from './runtime/reason-of.ts';
export type { Log, Providers, Runtime, RuntimeHealth, RuntimeHost, Warning } from './runtime/runtime.ts';
