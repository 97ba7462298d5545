import type { HealthStatus, RootOverview } from '@medkit/contract';
import type { EntityTree, FaultEvent, Model } from '@medkit/core';
import * as services from '@medkit/services';
import type { Exchange, Handlers } from '../http/exchange.ts';
import type { EventFeed } from '../sse/event-feed.ts';
import { bulkDataHandlers } from './bulk-data.ts';
import { configurationHandlers } from './configurations.ts';
import { dataHandlers } from './data.ts';
import { faultTriggerHandlers } from './fault-triggers.ts';
import { faultHandlers } from './faults.ts';
import { lockHandlers } from './locks.ts';
import { logHandlers } from './logs.ts';
import { operationHandlers } from './operations.ts';
import { versionInfo } from './overview.ts';
import { statusHandlers } from './status.ts';

export interface HandlersOptions {
  readonly model: Pick<Model, 'tree'>;
  readonly data: services.DataService;
  readonly operations: services.OperationService;
  readonly configurations: services.ConfigurationService;
  /** `service_call_timeout_sec`, in milliseconds. */
  readonly serviceCallTimeoutMs: number;
  readonly faults: services.FaultService;
  readonly faultTriggers: services.FaultTriggerService;
  readonly faultFeed: EventFeed<FaultEvent>;
  readonly locks: Pick<services.Locks, 'service' | 'isLockable'>;
  readonly bulkData: services.BulkDataService;
  readonly status: services.StatusService;
  readonly logs: services.LogService;
  /** Distinguishes this start from every other. */
  readonly bootId: string;
  readonly health: () => Promise<HealthStatus>;
  /** The body of the root. */
  readonly overview: RootOverview;
}

/** The handler of every route: each asks one service. */
export function createHandlers({
  model,
  data,
  operations,
  configurations,
  serviceCallTimeoutMs,
  faults,
  faultTriggers,
  faultFeed,
  locks,
  bulkData,
  status,
  logs,
  bootId,
  health,
  overview,
}: HandlersOptions): Handlers {
  const version = versionInfo();
  const relation =
    <List>(related: (tree: EntityTree, id: string) => List) =>
    ({ entityId }: Exchange<never>) =>
      related(model.tree, entityId);

  return {
    getRoot: () => overview,
    getVersionInfo: () => version,
    getHealth: health,

    listEntities: ({ kind }) => services.entityList(model.tree, kind),
    getEntity: ({ kind, entityId }) => {
      const entity = services.entityOf(model.tree, kind, entityId);
      return services.entityDetail(entity, locks.isLockable(entity) ? ['locks'] : []);
    },

    listAreaComponents: relation(services.listAreaComponents),
    listSubareas: relation(services.listSubareas),
    listAreaContains: relation(services.listAreaContains),
    listSubcomponents: relation(services.listSubcomponents),
    listComponentHosts: relation(services.listComponentHosts),
    listComponentDependencies: relation(services.listComponentDependencies),
    getAppHost: relation(services.getAppHost),
    getAppArea: relation(services.getAppArea),
    listAppDependencies: relation(services.listAppDependencies),
    listFunctionHosts: relation(services.listFunctionHosts),

    ...dataHandlers(data),
    ...operationHandlers(operations, serviceCallTimeoutMs),
    ...configurationHandlers(configurations),
    ...bulkDataHandlers(model, bulkData),
    ...faultHandlers(faults, faultFeed),
    ...faultTriggerHandlers(faultTriggers),
    ...lockHandlers(locks.service),
    ...logHandlers(logs, bootId),
    ...statusHandlers(status),
  };
}
