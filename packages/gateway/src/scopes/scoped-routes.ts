import { ROUTES, type Route, type RouteName } from '@medkit/contract';

/**
 * How a route answers accounts with scopes:
 * - `entity`: judged by the entity in the path, which must have the resources of all entities that it contains in scope;
 * - `filtered`: the handler limits the reply to `exchange.visible`; an entity in the path must be in scope;
 * - `checked`: as `entity`, and the handler changes nothing of entities that are not in `exchange.visible`;
 * - `refused`: concerns more than entities in scope.
 */
export type ScopeRule = 'entity' | 'filtered' | 'checked' | 'refused';

const rules = <Rule extends ScopeRule>(rule: Rule, names: readonly RouteName[]) =>
  Object.fromEntries(names.map((name) => [name, rule])) as Readonly<Partial<Record<RouteName, Rule>>>;

/**
 * The rule of each route that a client calls about entities. Any other route is refused, as are those of plugins, until
 * its replies are known to have nothing of other entities: `test/security/entity-scopes.test.ts` searches them.
 */
const RULES: Readonly<Partial<Record<RouteName, ScopeRule>>> = {
  // The same for every client.
  ...rules('filtered', ['getRoot', 'getVersionInfo']),
  ...rules('filtered', ['listEntities', 'getEntity', 'getTree', 'streamTree', 'streamLive']),
  ...rules('filtered', ['listAreaComponents', 'listSubareas', 'listAreaContains', 'listSubcomponents']),
  ...rules('filtered', ['listComponentHosts', 'listComponentDependencies', 'getAppHost', 'getAppArea']),
  ...rules('filtered', ['listAppDependencies', 'listFunctionHosts']),
  ...rules('filtered', ['listAllFaults', 'listFaults', 'getFault', 'getFaultHistory', 'streamFaults']),
  ...rules('checked', ['clearFault', 'clearEntityFaults']),
  ...rules('entity', ['listData', 'getDataItem', 'getDataHistory', 'getDataPicture', 'putDataItem']),
  ...rules('entity', ['listDataCategories', 'listDataGroups']),
  ...rules('entity', ['listOperations', 'getOperation', 'listExecutions', 'executeOperation', 'getExecution']),
  ...rules('entity', ['updateExecution', 'cancelExecution']),
  ...rules('entity', ['listConfigurations', 'getConfiguration', 'setConfiguration', 'deleteConfiguration']),
  ...rules('entity', ['deleteAllConfigurations']),
  ...rules('entity', ['listLogs', 'getLogConfiguration', 'putLogConfiguration']),
  ...rules('entity', ['getStatus', 'putStatusStart', 'putStatusRestart', 'putStatusShutdown']),
  ...rules('entity', ['putStatusForceRestart', 'putStatusForceShutdown']),
  // A script runs on the machine, as an operation does. An upload could do what no entity offers.
  ...rules('entity', ['listScripts', 'getScript', 'deleteScript', 'listScriptExecutions', 'startScriptExecution']),
  ...rules('entity', ['getScriptExecution', 'controlScriptExecution', 'removeScriptExecution']),
  ...rules('checked', ['listBulkDataCategories', 'listBulkDataDescriptors', 'downloadBulkData', 'uploadBulkData']),
  ...rules('checked', ['deleteBulkData', 'listChildBulkDataCategories', 'listChildBulkDataDescriptors']),
  ...rules('checked', ['downloadChildBulkData']),
  ...rules('checked', ['listTriggers', 'createTrigger', 'getTrigger', 'updateTrigger', 'deleteTrigger', 'testTrigger']),
  ...rules('checked', ['streamTriggerEvents', 'listSubscriptions', 'createSubscription', 'getSubscription']),
  ...rules('checked', ['updateSubscription', 'deleteSubscription', 'streamSubscriptionEvents']),
  ...rules('checked', ['listLocks', 'getLock', 'acquireLock', 'extendLock', 'releaseLock']),
  ...rules('filtered', ['listAllLocks', 'listAllTriggers', 'listAllScripts', 'listAllExecutions', 'search']),
  ...rules('filtered', ['getTreeFaults', 'listRobotLogs', 'listRosout', 'listVitalSigns', 'listAllFaultTriggers']),
  ...rules('checked', ['listFaultTriggers']),
  // Concerns the robot as a whole, or the entities of any account.
  ...rules('refused', ['listSettings', 'listPeers', 'approvePeer', 'forgetPeer']),
  ...rules('refused', ['getPastState', 'clearAllFaults', 'getRobotFault', 'clearRobotFault']),
  // Replays the reports of all entities, whose correlation and counts its answer has.
  ...rules('refused', ['tryRules']),
  // A rule may report and clear a fault with the code of another entity's fault, which the account would then see.
  ...rules('refused', ['createFaultTrigger', 'deleteFaultTrigger']),
  ...rules('refused', ['uploadScript']),
};

/** Returns the names of the routes that have a rule. */
export const routesWithRule = (): readonly RouteName[] => Object.keys(RULES) as RouteName[];

const BY_ROUTE: ReadonlyMap<Route, ScopeRule> = new Map(
  Object.entries(RULES).flatMap(([name, rule]) =>
    ROUTES[name as RouteName].map((route: Route): [Route, ScopeRule] => [route, rule]),
  ),
);

/** Returns the rule of a route. Those of plugins are refused. */
export const scopeRuleOf = (route: Route): ScopeRule => BY_ROUTE.get(route) ?? 'refused';

/** Parameters of paths such as `/areas/{area_id}/subareas/{subarea_id}/bulk-data`. */
const CHILD_PARAMETERS: ReadonlySet<string> = new Set(['{subarea_id}', '{subcomponent_id}']);

/** Names of collections that belong to another one, and of lists of all its items. */
const PARTS_OF: Readonly<Record<string, string>> = {
  ...{ 'data-categories': 'data', 'data-groups': 'data' },
  ...{ 'x-medkit-locks': 'locks', 'x-medkit-triggers': 'triggers', 'x-medkit-scripts': 'scripts' },
  'x-medkit-fault-triggers': 'fault-triggers',
};

/** The collections of the routes of all entities that have none or another one in their address. */
const OF_ALL_ENTITIES: ReadonlyMap<string, string | undefined> = new Map([
  ['/x-medkit-tree', undefined],
  ['/x-medkit-tree/events', undefined],
  ['/x-medkit-tree/faults', 'faults'],
  ['/rosout', 'logs'],
  ['/x-medkit-vital-signs', 'data'],
  // The handler judges each collection.
  ['/x-medkit-executions', undefined],
  ['/x-medkit-live', undefined],
  ['/x-medkit-search', undefined],
]);

/** Returns the collection that a scope must include for a path; `undefined` for the entity itself and its relations. */
export function scopeCollection({ path, kind, related }: Pick<Route, 'path' | 'kind' | 'related'>): string | undefined {
  if (related) return undefined;
  if (OF_ALL_ENTITIES.has(path)) return OF_ALL_ENTITIES.get(path);
  const [, first, , ofEntity, child, ofChild] = path.split('/');
  const isOfChild = child !== undefined && CHILD_PARAMETERS.has(child);
  const collection = kind === undefined ? first : isOfChild ? ofChild : ofEntity;
  return collection === undefined ? undefined : (PARTS_OF[collection] ?? collection);
}
