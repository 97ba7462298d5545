import {
  type ConditionalResource,
  type HealthStatus,
  type RelationName,
  ROUTES,
  type RootOverview,
  type Route,
} from '@medkit/contract';
import type { Entity, Model, Principal } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import * as services from '@medkit/services';
import type { AuthHandlers } from '../accounts/without-accounts.ts';
import { auditHandlers } from '../audit/audit-handlers.ts';
import type { GatewayAudit } from '../audit/gateway-audit.ts';
import type { FaultFeed } from '../fault-stream/fault-feed.ts';
import { faultTriggerHandlers } from '../fault-triggers/fault-trigger-handlers.ts';
import { faultHandlers } from '../faults/fault-handlers.ts';
import type { Exchange, Handlers } from '../http/exchange.ts';
import { type SharedPartsBody, StableBody } from '../http/stable-body.ts';
import type { GatewayIncidents } from '../incidents/gateway-incidents.ts';
import { incidentHandlers } from '../incidents/incident-handlers.ts';
import type { GatewayLive } from '../live/gateway-live.ts';
import { liveHandlers } from '../live/live-handlers.ts';
import { lockHandlers } from '../locks/lock-handlers.ts';
import { logHandlers } from '../logs/log-handlers.ts';
import { type NotifyHandlersOptions, notifyHandlers } from '../notify/notify-handlers.ts';
import type { GatewayPeers } from '../peers/open-peers.ts';
import { peerHandlers } from '../peers/peer-handlers.ts';
import { scriptHandlers } from '../scripts/script-handlers.ts';
import type { GatewaySearch } from '../search/gateway-search.ts';
import { searchHandlers } from '../search/search-handlers.ts';
import type { EventFeed } from '../sse/event-feed.ts';
import type { EventStreams } from '../sse/event-streams.ts';
import { subscriptionHandlers } from '../subscriptions/subscription-handlers.ts';
import { triggerHandlers } from '../triggers/trigger-handlers.ts';
import { updateHandlers } from '../updates/update-handlers.ts';
import { type WebhookHandlersOptions, webhookHandlers } from '../webhooks/webhook-handlers.ts';
import { bulkDataHandlers } from './bulk-data.ts';
import { configurationHandlers } from './configurations.ts';
import { dataHandlers } from './data.ts';
import { operationHandlers } from './operations.ts';
import { versionInfo } from './overview.ts';
import { statusHandlers } from './status.ts';
import { treeHandlers } from './tree.ts';

export interface HandlersOptions {
  readonly model: Model;
  readonly clock: Clock;
  readonly data: services.DataService;
  readonly operations: services.OperationService;
  readonly configurations: services.ConfigurationService;
  /** `service_call_timeout_sec`, in milliseconds. */
  readonly serviceCallTimeoutMs: number;
  readonly faults: services.FaultService;
  readonly faultTriggers: services.FaultTriggerService;
  readonly faultFeed: FaultFeed;
  /** `undefined` if incidents are disabled. */
  readonly incidents: GatewayIncidents | undefined;
  readonly locks: Pick<services.Locks, 'service' | 'isLockable'>;
  readonly audit: Pick<GatewayAudit, 'access' | 'feeds' | 'service'>;
  readonly triggers: services.TriggerService;
  /** Returns the event feed of a trigger. */
  readonly triggerFeed: (history: services.EventHistory) => EventFeed<services.TriggerEvent>;
  readonly bulkData: services.BulkDataService;
  readonly scripts: services.ScriptService;
  readonly status: services.StatusService;
  readonly logs: services.LogService;
  readonly subscriptions: services.SubscriptionService;
  readonly updates: services.UpdateService;
  /** The handlers of accounts. */
  readonly auth: AuthHandlers;
  readonly streams: EventStreams;
  readonly live: GatewayLive;
  readonly search: GatewaySearch;
  readonly webhooks: WebhookHandlersOptions;
  readonly notify: NotifyHandlersOptions;
  /** Distinguishes this start from every other. */
  readonly bootId: string;
  readonly instance: string;
  readonly health: (principal: Principal) => HealthStatus | Promise<SharedPartsBody<HealthStatus>>;
  /** `undefined` if the gateway has no peers. */
  readonly peers: GatewayPeers | undefined;
  /** The body of the root. */
  readonly overview: RootOverview;
}

/** Returns the handler of every route; each calls one service. */
export function createHandlers({
  model,
  clock,
  data,
  operations,
  configurations,
  serviceCallTimeoutMs,
  faults,
  faultTriggers,
  faultFeed,
  incidents,
  locks,
  audit,
  triggers,
  triggerFeed,
  bulkData,
  scripts,
  status,
  logs,
  subscriptions,
  updates,
  auth,
  streams,
  live,
  search,
  webhooks,
  notify,
  bootId,
  instance,
  health,
  peers,
  overview,
}: HandlersOptions): Handlers {
  // Neither changes while the gateway runs.
  const root = new StableBody(overview, () => true);
  const version = new StableBody(versionInfo(), () => true);
  const listAllExecutions = services.createExecutionList({ model, clock, scripts });
  const resourcesOf = (entity: Entity): readonly ConditionalResource[] => [
    ...(scripts.serves(entity) ? (['scripts'] as const) : []),
    ...(locks.isLockable(entity) ? (['locks'] as const) : []),
  ];
  return {
    getRoot: () => root,
    getVersionInfo: () => version,
    getHealth: ({ principal }) => health(principal),

    listEntities: ({ kind }) => services.entityList(model.tree, kind),
    getEntity: ({ kind, entityId }) => {
      const entity = services.entityOf(model.tree, kind, entityId);
      return services.entityDetail(entity, resourcesOf(entity), (collection) =>
        services.isServed(model, entity, collection),
      );
    },

    ...peerHandlers(peers),
    ...treeHandlers(model, streams, { bootId, instance }, resourcesOf),
    ...relationHandlers(model),
    ...dataHandlers(data),
    ...liveHandlers(live),
    ...searchHandlers(search),
    ...operationHandlers(operations, serviceCallTimeoutMs),
    listAllExecutions: ({ query, call }) => listAllExecutions(query, call()),
    ...configurationHandlers(configurations),
    ...bulkDataHandlers(model, bulkData),
    ...faultHandlers(faults, faultFeed, clock),
    ...faultTriggerHandlers(faultTriggers),
    ...incidentHandlers(incidents),
    ...lockHandlers(locks.service),
    ...triggerHandlers(triggers, triggerFeed),
    ...auditHandlers(audit, streams),
    ...logHandlers(logs, bootId),
    ...subscriptionHandlers(subscriptions, streams),
    ...scriptHandlers(scripts),
    ...updateHandlers(updates),
    ...statusHandlers(status),
    ...webhookHandlers(webhooks),
    ...notifyHandlers(notify),
    ...auth,
  };
}

/** Returns the handlers of all tree relations in the contract. */
function relationHandlers(model: HandlersOptions['model']): Pick<Handlers, RelationName> {
  const named = Object.entries<readonly Route[]>(ROUTES).flatMap(([name, [route]]) => {
    const relation = route && services.relationOf(route);
    if (!relation) return [];
    return [[name, ({ entityId }: Exchange<never>) => services.relatedEntities(model.tree, relation, entityId)]];
  });
  return Object.fromEntries(named) as Pick<Handlers, RelationName>;
}
