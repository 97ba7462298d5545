import type { AuditFile } from '@medkit/audit';
import type { ConditionalResource } from '@medkit/contract';
import type { Entity, Log, Model } from '@medkit/core';
import type { Clock, Files, HttpClient, Names, Random, WritableFiles } from '@medkit/edges';
import {
  createConfigurationService,
  createDataService,
  createLogService,
  createOperationService,
  createStatusService,
  type LogSinks,
} from '@medkit/entities';
import { type CorrelationRule, createFaultService, openEntityFrames } from '@medkit/faults';
import type { IncidentPlaces, IncidentSource } from '@medkit/notify';
import { createExecutionList } from '@medkit/scripts';
import type { Store } from '@medkit/store';
import type { ConditionEvaluators } from '@medkit/triggers';
import { updateSampler } from '@medkit/updates';
import type { WebhookTraces } from '@medkit/webhooks';
import { accountFeature } from './accounts/account-feature.ts';
import type { GatewayAccounts } from './accounts/gateway-accounts.ts';
import { auditHandlers } from './audit/audit-handlers.ts';
import { type GatewayAudit, gatewayAudit, type LaterRequests } from './audit/gateway-audit.ts';
import { bulkDataHandlers } from './bulk-data/bulk-data-handlers.ts';
import { gatewayBulkData } from './bulk-data/gateway-bulk-data.ts';
import type { GatewayConfig } from './config/index.ts';
import type { HubDatabase } from './database/hub-database.ts';
import type { GatewayDatabase } from './database/lazy-store.ts';
import type { GatewayDiscovery } from './discovery/open-discovery.ts';
import type { EntityIds } from './entities/entity-ids.ts';
import { idUseGuard } from './entities/id-use-guard.ts';
import { faultFeed } from './fault-stream/fault-feed.ts';
import type { ObservedLogs } from './fault-stream/observed-logs.ts';
import { faultTriggerHandlers } from './fault-triggers/fault-trigger-handlers.ts';
import { gatewayFaultTriggers } from './fault-triggers/gateway-fault-triggers.ts';
import { entityFrameStorage } from './faults/entity-frame-storage.ts';
import { faultHandlers } from './faults/fault-handlers.ts';
import { Features } from './features.ts';
import type { FrontLinks } from './fleet/front-links.ts';
import { withoutFleet } from './fleet/without-fleet.ts';
import type { GatewayHistory } from './history/gateway-history.ts';
import { historyHandlers } from './history/history-handlers.ts';
import type { Guard } from './http/chain.ts';
import { idempotencyGuard } from './idempotency/idempotency-guard.ts';
import type { GatewayIncidents } from './incidents/gateway-incidents.ts';
import { incidentHandlers } from './incidents/incident-handlers.ts';
import { type GatewayLiveOptions, gatewayLive, liveHandlers } from './live/gateway-live.ts';
import { gatewayLocks } from './locks/gateway-locks.ts';
import { lockGuard } from './locks/lock-guard.ts';
import { lockHandlers } from './locks/lock-handlers.ts';
import { logHandlers } from './logs/log-handlers.ts';
import { gatewayNotify, startNotify } from './notify/gateway-notify.ts';
import { notifyHandlers } from './notify/notify-handlers.ts';
import type { OtlpTarget } from './otlp/otlp-target.ts';
import type { GatewayPeers, OpenPeers } from './peers/open-peers.ts';
import { peerHandlers } from './peers/peer-handlers.ts';
import { peerSources, servePeers } from './peers/serve-peers.ts';
import type { GatewayPlugins } from './plugins/open-plugins.ts';
import { gatewayReplay } from './replay/gateway-replay.ts';
import type { RouteReader } from './route-reader.ts';
import { configurationHandlers } from './routes/configurations.ts';
import { dataHandlers } from './routes/data.ts';
import { operationHandlers } from './routes/operations.ts';
import { ownershipGuard } from './routes/ownership-guard.ts';
import { statusHandlers } from './routes/status.ts';
import { treeHandlers } from './routes/tree.ts';
import { unlessScoped, withoutLockedEntity } from './scopes/scope-guards.ts';
import type { ScopedFaults } from './scopes/scoped-faults.ts';
import { gatewayScripts, type ProgramHost } from './scripts/gateway-scripts.ts';
import { scriptHandlers } from './scripts/script-handlers.ts';
import { gatewaySearch } from './search/gateway-search.ts';
import type { Principals } from './security/identify.ts';
import { principalById } from './security/principal-by-id.ts';
import { type SettingsOptions, settingsHandlers } from './settings/settings-handlers.ts';
import type { EventStreams } from './sse/event-streams.ts';
import { gatewaySubscriptions } from './subscriptions/gateway-subscriptions.ts';
import { subscriptionHandlers } from './subscriptions/subscription-handlers.ts';
import type { GatewayTraces } from './traces/open-traces.ts';
import { gatewayTriggers } from './triggers/gateway-triggers.ts';
import { triggerFeeds } from './triggers/trigger-feeds.ts';
import { triggerHandlers } from './triggers/trigger-handlers.ts';
import { gatewayUpdates } from './updates/gateway-updates.ts';
import type { InstallHost } from './updates/open-installer.ts';
import { updateHandlers } from './updates/update-handlers.ts';
import type { GatewayHubs } from './uplink/gateway-hubs.ts';
import type { GatewayUplink } from './uplink/gateway-uplink.ts';
import { queuedGuard } from './uplink/queued-guard.ts';
import { uplinkHandlers } from './uplink/uplink-handlers.ts';
import { gatewayVitalSigns } from './vital-signs/gateway-vital-signs.ts';
import { gatewayWebhooks } from './webhooks/gateway-webhooks.ts';
import { webhookHandlers } from './webhooks/webhook-handlers.ts';

/** Dependencies of the features of a gateway. */
export interface FeatureOptions extends Omit<SettingsOptions, 'storage'> {
  readonly config: GatewayConfig;
  readonly model: Model;
  readonly clock: Clock;
  /** Stores uploaded files. */
  readonly storage: Files & WritableFiles;
  /** Runs scripts. */
  readonly programHost: ProgramHost;
  /** Installs software updates. */
  readonly installHost: InstallHost;
  /** Stores what clients create, such as triggers and locks. */
  readonly database: GatewayDatabase;
  /** The audit log of changes. */
  readonly auditFile: AuditFile;
  readonly random: Random;
  /** Client for HTTP calls to other programs. */
  readonly http: HttpClient;
  readonly names: Names;
  readonly machineName: string;
  /** Name of this gateway among its peers; unique. */
  readonly instance: string;
  /** Distinguishes this start of the gateway from every other, for ETags. */
  readonly bootId: string;
  /** Source of the incidents that are sent to receivers; the incidents of this gateway unless given. */
  readonly incidents?: IncidentSource;
  /** Where the tree comes from; the runtimes alone unless given. */
  readonly discovery?: Pick<GatewayDiscovery, 'health' | 'state' | 'scripts'>;
  /** Runtimes for whose entities the fault manager itself captures evidence. */
  readonly captured?: readonly string[];
  /** Services that plugins add. */
  readonly plugins?: Omit<GatewayPlugins, 'runtimes' | 'open'>;
  /** Present if the gateway has accounts. */
  readonly accounts?: GatewayAccounts;
  /** Where metrics are sent; absent if they are not. */
  readonly metricsTarget?: OtlpTarget | undefined;
  /** The traces; absent if they are disabled. */
  readonly traces?: GatewayTraces;
  /** The log sinks, for `/health`. */
  readonly logSinks?: Pick<LogSinks, 'health'>;
  /** Peers whose entities the gateway shows; present if it aggregates. */
  readonly peers?: GatewayPeers & Partial<Pick<OpenPeers, 'join' | 'leave'>>;
  /** Correlation rules over faults of this gateway and its peers. */
  readonly rulesAcrossOrigins?: readonly CorrelationRule[];
  /**
   * Returns whether the manifest, the snapshot file or the island declaration now marks a threshold with
   * `blocks_motion`.
   */
  readonly configuresBlockingThreshold?: () => boolean;
  /** The log for a fleet hub, if one is configured. */
  readonly uplink?: GatewayUplink;
  /** The database of a hub in PostgreSQL. */
  readonly hubDatabase?: HubDatabase | undefined;
  /** What standbys of this hub hold, and what this process held as one. */
  readonly frontLinks?: FrontLinks | undefined;
  /** Opens another database of the fleet. */
  readonly openFleetStore?: () => Promise<Store>;
  /** The fleet hubs and the connections to them; present with `uplink`. */
  readonly hubs?: GatewayHubs;
  /** The assigned entity ids. */
  readonly entityIds?: Pick<EntityIds, 'ids' | 'health'>;
  readonly log: Log;
}

/** What the features share. */
interface Shared {
  readonly streams: EventStreams;
  /** Fault events of peers, as this gateway follows them. */
  readonly observed: ObservedLogs;
  /** Continues the traces of faults in webhooks and notifications; absent if traces are disabled. */
  readonly faultTraces?: WebhookTraces | undefined;
  /** Reads routes once the gateway serves them. */
  readonly routes: RouteReader;
  /** Returns the principal for which a credential is valid now. */
  readonly principals: Pick<Principals, 'current'>;
}

/**
 * Opens the features of a gateway, each after those that it uses. If one cannot be opened, closes the others. The server
 * does not change for a new feature.
 */
export async function openFeatures(options: FeatureOptions & Shared) {
  const { accounts, config, model, clock, log, observed, peers, plugins, streams } = options;
  await using begun = new AsyncDisposableStack();
  const features = new Features(begun);
  const context = {
    ...options,
    ...(accounts && (await observationOf(model, accounts))),
    ...(await peerSources(options)),
  };

  const audit = features.add(gatewayAudit(context));
  features.serve(auditHandlers(audit, streams));
  const incidents = features.add(await openIncidents(options));
  features.serve(incidentHandlers(incidents));

  const history = features.add(await openHistory(options));
  features.serve(historyHandlers(history));

  const { data, operations, configurations } = await openResources(features, { ...context, history });

  const faultTriggers = features.add(gatewayFaultTriggers(context));
  features.serve(faultTriggerHandlers(faultTriggers));

  const locks = features.add(await gatewayLocks(context));
  features.serve(lockHandlers(locks.service));

  const fleet = await openHub(features, { ...options, audit: audit.later }, incidents);
  const { webhooks } = await openDeliveries(features, { ...context, places: fleet?.places }, incidents);

  const entityFrames = features.add(
    await openEntityFrames({
      ...context,
      enabled: config.entity_freeze_frame.enabled,
      storage: entityFrameStorage(options.database, log),
    }),
  );
  const faults = createFaultService({ model, clock, entityFrames, locks: locks.access, log });
  const feed = faultFeed(model, clock, streams, observed);
  features.serve(faultHandlers({ faults, feed, scoped: scopedFaultsOf(options), clock }));

  const logs = features.add(createLogService({ model, clock, ...(plugins?.logs && { reader: plugins.logs }) }));
  features.serve(logHandlers(logs, options.bootId));

  const evaluators = plugins?.conditions ?? NO_CONDITIONS;
  const triggers = features.add(await gatewayTriggers({ ...context, data, logs, webhooks, evaluators }));
  features.serve(triggerHandlers(triggers.service, triggerFeeds(clock, streams)));

  const updates = features.add(await gatewayUpdates(context));
  features.serve(updateHandlers(updates.service));

  const sampled = updates.enabled && { updates: updateSampler(updates.service, model.events) };
  const subscriptions = features.add(
    gatewaySubscriptions(context, { data, operations, configurations, faults, logs, ...sampled }),
  );
  features.serve(subscriptionHandlers(subscriptions.service, streams));

  const scripts = features.add(await gatewayScripts(context));
  const listAllExecutions = createExecutionList({ model, clock, scripts: scripts.service });
  features.serve(scriptHandlers(scripts.service));
  features.serve({ listAllExecutions: ({ query, call, readable }) => listAllExecutions(query, call(), readable) });

  features.serve(liveHandlers(features.add(gatewayLive({ ...options, data, openScoped, showsOthers: !!peers }))));

  const search = features.add(gatewaySearch({ model, clock, faults }));
  features.serve({ search: ({ query, call, readable }) => search.search(query, call(), readable) });

  features.serve(features.add(gatewayVitalSigns(options)).handlers);
  const triggerRules = async () => ({ triggers: await triggers.inUse(), faultTriggers: await faultTriggers.inUse() });
  features.serve(features.add(gatewayReplay({ ...options, triggerRules })).handlers);

  features.serve(uplinkHandlers(features.add(await openUplink({ ...options, audit }))));

  const resourcesOf = (entity: Entity): readonly ConditionalResource[] => [
    ...(scripts.service.serves(entity) ? (['scripts'] as const) : []),
    ...(locks.isLockable(entity) ? (['locks'] as const) : []),
  ];
  features.serve(treeHandlers({ ...options, resourcesOf, limitedTree: fleet?.limitedTree }));
  features.serve(features.add(await accountFeature(accounts, audit.access, fleet?.grantPlaces)).handlers);

  const forwarding = features.add(peers && (await servePeers({ ...options, peers, audit: audit.service })));
  features.serve(peerHandlers(peers));
  features.serve(settingsHandlers(options));

  const first = [withoutLockedEntity, queuedGuard(config.hub.queueable), markIds(options)];
  const checks = [idempotencyGuard(options), ownershipGuard(model), lockGuard(locks.access, model, data)];
  const guard = guards(...first, unlessScoped(forwarding?.guard ?? NO_GUARD), ...checks);

  const opened = begun.move();
  return {
    handlers: features.handlers,
    guard,
    audit,
    data,
    operations,
    incidents,
    fleet,
    /** Whether the gateway runs scripts and installs updates. */
    scripts: scripts.enabled,
    updates: updates.enabled,
    /** Routes for resources that only peers know. */
    vendorRoutes: forwarding?.vendorRoutes(audit.record),
    health: () => features.health(),
    close: () => opened.disposeAsync(),
  };
}

/** Opens the resources of entities that their runtimes serve. */
async function openResources(
  features: Features,
  { config, model, clock, history, ...sources }: FeatureOptions & { readonly history: GatewayHistory | undefined },
) {
  const data = createDataService({
    model,
    clock,
    waitMs: config.topic_sample_timeout_sec * 1000,
    foreignItems: config.data_provider.foreign_topics,
  });
  features.serve(dataHandlers(data));

  const operations = createOperationService({ model, clock });
  features.serve(operationHandlers(operations, config.service_call_timeout_sec * 1000));

  const configurations = createConfigurationService({ model, clock, observer: history?.observer });
  features.serve(configurationHandlers(configurations));
  features.serve(statusHandlers(createStatusService({ model, clock })));

  const bulkData = features.add(await gatewayBulkData({ ...sources, config, model, clock }));
  features.serve(bulkDataHandlers(model, bulkData));
  return { data, operations, configurations };
}

/** Opens webhooks, and the notifications of incidents that use their queue. */
async function openDeliveries(
  features: Features,
  options: FeatureOptions & Pick<Shared, 'faultTraces'> & { readonly places: IncidentPlaces | undefined },
  incidents: Pick<GatewayIncidents, 'delivered' | 'source'> | undefined,
) {
  const { clock, model, random, places } = options;
  const notify = await gatewayNotify(options);
  const sources = { ...options, onDelivered: incidents?.delivered, traces: options.faultTraces };
  const { webhooks, outbox } = features.add(await gatewayWebhooks(sources, notify?.requests));
  features.serve(webhookHandlers({ webhooks, clock, random }));

  const source = options.incidents ?? incidents?.source;
  features.add(await startNotify(notify, outbox, { source, events: model.events, tree: () => model.tree, places }));
  features.serve(notifyHandlers({ notify, outbox }));
  return { webhooks };
}

/** The incidents. Loaded only if they are enabled. */
async function openIncidents(options: FeatureOptions & Shared) {
  const { config, peers } = options;
  if (!config.incidents.enabled) return undefined;
  const { gatewayIncidents } = await import('./incidents/gateway-incidents.ts');
  const aheadOf = peers ? (await import('./peers/clock-offsets.ts')).clockOffsets(peers) : () => 0;
  return gatewayIncidents({ ...options, aheadOf });
}

/** The history of the robot. Loaded only if it is enabled. */
async function openHistory(options: FeatureOptions): Promise<GatewayHistory | undefined> {
  if (!options.config.history.enabled) return undefined;
  const { gatewayHistory } = await import('./history/gateway-history.ts');
  return gatewayHistory(options);
}

/** The uplink. Loaded only if the robot has a hub. */
async function openUplink({ uplink, ...options }: FeatureOptions & Shared & { readonly audit: GatewayAudit }) {
  if (!uplink) return undefined;
  const { uplinkFeature } = await import('./uplink/uplink-feature.ts');
  return uplinkFeature({ ...options, uplink });
}

/** The fleet of a hub. Loaded only if it is enabled. */
async function openHub(
  features: Features,
  options: FeatureOptions & Shared & { readonly audit: LaterRequests },
  incidents: Pick<GatewayIncidents, 'book'> | undefined,
) {
  features.add(options.hubDatabase);
  if (!options.config.fleet.enabled) {
    features.serve(withoutFleet());
    return undefined;
  }
  const { fleetFeature } = await import('./fleet/fleet-feature.ts');
  const fleet = features.add(await fleetFeature({ ...options, incidents, principalById: principalById(options) }));
  features.serve(fleet.handlers);
  return fleet;
}

/** What accounts may observe. Loaded only if there are accounts. */
async function observationOf(model: Model, { accounts }: GatewayAccounts) {
  const { observationLimits } = await import('./scopes/observation-limits.ts');
  const limits = observationLimits(model, accounts);
  return { observationLimits: limits, ownerProblem: limits.ownerProblem };
}

/** Opens the live streams of accounts with scopes. Loaded with the first of them. */
const openScoped: GatewayLiveOptions['openScoped'] = async (options) => {
  const { scopedLive } = await import('./scopes/scoped-live.ts');
  return scopedLive(options);
};

/** Returns a function that opens the fault stream of accounts with scopes when the first client needs it. */
function scopedFaultsOf({ accounts, random, ...options }: FeatureOptions & Shared): () => Promise<ScopedFaults> {
  let opened: Promise<ScopedFaults> | undefined;
  const open = async (): Promise<ScopedFaults> => {
    const { positionSeal, POSITION_KEY_BYTES } = await import('./scopes/position-seal.ts');
    const { scopedFaults } = await import('./scopes/scoped-faults.ts');
    const key = (await accounts?.positionKey()) ?? random.bytes(POSITION_KEY_BYTES);
    return scopedFaults({ ...options, seal: positionSeal(key) });
  };
  return () => {
    opened ??= open().catch((error: unknown) => {
      // The next client tries again.
      opened = undefined;
      throw error;
    });
    return opened;
  };
}

/** Returns a guard that runs these in order. */
const guards =
  (...steps: readonly Guard[]): Guard =>
  (route, handler) =>
    steps.reduceRight((inner, step) => step(route, inner), handler);

const markIds = ({ entityIds, model }: Pick<FeatureOptions & Shared, 'entityIds' | 'model'>): Guard =>
  entityIds ? idUseGuard(model, entityIds.ids) : NO_GUARD;

const NO_GUARD: Guard = (_route, handler) => handler;

/** Used if there are no plugins. */
const NO_CONDITIONS: ConditionEvaluators = { get: () => undefined, names: () => [] };
