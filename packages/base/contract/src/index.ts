export { firstOf, listed, shortened } from './errors/bounds.ts';
export { ERROR_CODES, type ErrorCode, type ErrorCodeEntry, isVendorCode, type VendorCode } from './errors/codes.ts';
export { errorsMarkdown } from './errors/markdown.ts';
export { SovdError, type SovdErrorInit } from './errors/sovd-error.ts';
export { type DocumentOptions, type OpenApiDocument, openApiDocument } from './openapi/document.ts';
export { routesOfOperation } from './openapi/operation-routes.ts';
export { routesOfCollection, routesOfDataItem, routesOfEntity, routesOfResource } from './openapi/scoped.ts';
export {
  FORWARDED_HEADERS,
  MAX_PEER_INSTANCES,
  OVER_BUDGET_HEADER,
  PEER_HEADERS,
  PEER_PATHS,
  RETURNED_HEADERS,
  TREE_EVENT,
} from './peers/peer-protocol.ts';
export { apiMarkdown } from './reference/api-markdown.ts';
export { capabilitiesOf, isServed, rootCapabilities } from './resources/capabilities.ts';
export { MAX_CLIENT_ID_LENGTH } from './routes/client-id.ts';
export {
  ALL_KINDS,
  type EntityKind,
  entityPath,
  KIND_TERMS,
  type KindTerms,
  kindOfCollection,
} from './routes/entity-kinds.ts';
export { type ConditionalResource, entityHref, entityUris, RESOURCES } from './routes/entity-uris.ts';
export { ENTITY_ERRORS, type Failure, failuresOf, RUNTIME_ERRORS } from './routes/errors.ts';
export { FAULT_LIST_JOIN, ITEM_LIST_JOIN, type Join, type ListJoin, LOG_LIST_JOIN, listJoin } from './routes/join.ts';
export { lockCollection } from './routes/lock-collection.ts';
export { type OwnedCollection, ownedCollection } from './routes/owned-collection.ts';
export { entityParameter } from './routes/parameters.ts';
export {
  isQueueable,
  MAX_QUEUEABLE_NAMES,
  QUEUEABLE_NAME,
  QUEUEABLE_PERMISSIONS,
  queueableName,
} from './routes/queueable.ts';
export {
  API_BASE,
  type BodyOf,
  isAboutResource,
  type Method,
  type Parameter,
  type Related,
  type RelationStep,
  type RequestBody,
  type ResultOf,
  type Route,
  type RouteFamily,
  SOVD_VERSION,
  type Success,
} from './routes/route.ts';
export { ALL_ROUTES, type RelationName, ROUTES, type RouteName } from './routes/routes.ts';
export { TAGS, type Tag } from './routes/tags.ts';
export * from './schemas/access-refusals.ts';
export * from './schemas/app.ts';
export * from './schemas/area.ts';
export * from './schemas/audit.ts';
export * from './schemas/auth.ts';
export * from './schemas/bulk-data.ts';
export { DroppedItem, FailedMember, Links, XMedkitCollection } from './schemas/collection.ts';
export * from './schemas/component.ts';
export * from './schemas/configurations.ts';
export * from './schemas/cyclic-subscriptions.ts';
export * from './schemas/data.ts';
export * from './schemas/data-picture.ts';
export { Capability, EntityType } from './schemas/entity.ts';
export * from './schemas/executions.ts';
export * from './schemas/fault-evidence.ts';
export { FAULT_SEVERITIES, parseFaultSeverity } from './schemas/fault-severity.ts';
export * from './schemas/fault-triggers.ts';
export * from './schemas/faults.ts';
export * from './schemas/fleet.ts';
export * from './schemas/fleet-artifacts.ts';
export * from './schemas/fleet-campaign-plan.ts';
export * from './schemas/fleet-campaigns.ts';
export * from './schemas/fleet-changes.ts';
export * from './schemas/fleet-evidence.ts';
export * from './schemas/fleet-export.ts';
export * from './schemas/fleet-issues.ts';
export * from './schemas/fleet-presence.ts';
export * from './schemas/fleet-queue.ts';
export { FLEET_RETENTION, type FleetRetention } from './schemas/fleet-retention.ts';
export * from './schemas/fleet-sites.ts';
export * from './schemas/function.ts';
export * from './schemas/generic-error.ts';
export * from './schemas/health.ts';
export * from './schemas/incidents.ts';
export * from './schemas/live.ts';
export * from './schemas/locks.ts';
export * from './schemas/logs.ts';
export * from './schemas/notify.ts';
export * from './schemas/operations.ts';
export * from './schemas/outbreaks.ts';
export * from './schemas/past-state.ts';
export * from './schemas/peers.ts';
export { type Need, PERMISSIONS, type Permission } from './schemas/permissions.ts';
export * from './schemas/replay.ts';
export * from './schemas/robot-presence.ts';
export * from './schemas/root.ts';
export * from './schemas/ros2.ts';
export * from './schemas/scripts.ts';
export * from './schemas/search.ts';
export * from './schemas/settings.ts';
export * from './schemas/status.ts';
export * from './schemas/tree.ts';
export * from './schemas/triggers.ts';
export * from './schemas/updates.ts';
export * from './schemas/uplink.ts';
export * from './schemas/version.ts';
export * from './schemas/vital-signs.ts';
export * from './schemas/webhooks.ts';
export { VERSION } from './version.ts';
