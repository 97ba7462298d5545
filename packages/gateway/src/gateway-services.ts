import type { Log, Model } from '@medkit/core';
import type { Clock, Files, HttpClient, Names, Random, WritableFiles } from '@medkit/edges';
import type { IncidentSource } from '@medkit/notify';
import {
  type BulkDataService,
  BulkDataStore,
  type ConditionEvaluators,
  createBulkDataService,
  createConfigurationService,
  createDataService,
  createFaultService,
  createLogService,
  createOperationService,
  createRecordingService,
  createSnapshotService,
  createStatusService,
  type OwnerProblem,
  openEntityFrames,
  type RemoteFaultSource,
} from '@medkit/services';
import type { AuditFile } from './audit/audit-file.ts';
import { gatewayAudit } from './audit/gateway-audit.ts';
import type { GatewayConfig } from './config/index.ts';
import type { GatewayDatabase } from './database/lazy-store.ts';
import type { GatewayDiscovery } from './discovery/open-discovery.ts';
import { gatewayFaultTriggers } from './fault-triggers/gateway-fault-triggers.ts';
import { entityFrameStorage } from './faults/entity-frame-storage.ts';
import { gatewayLocks } from './locks/gateway-locks.ts';
import { gatewayNotify } from './notify/gateway-notify.ts';
import type { GatewayPlugins } from './plugins/open-plugins.ts';
import { gatewayScripts, type ProgramHost } from './scripts/gateway-scripts.ts';
import { gatewaySubscriptions, type SubscriptionSources } from './subscriptions/gateway-subscriptions.ts';
import { gatewayTriggers } from './triggers/gateway-triggers.ts';
import { gatewayUpdates } from './updates/gateway-updates.ts';
import type { InstallHost } from './updates/open-installer.ts';
import { gatewayWebhooks, type WebhookSources } from './webhooks/gateway-webhooks.ts';

/** Dependencies of the services of a gateway. */
export interface GatewayServicesOptions {
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
  /** Source of the incidents that are sent to receivers. */
  readonly incidents?: IncidentSource;
  /** Called with each delivery to a webhook or receiver. */
  readonly onDelivered?: WebhookSources['onDelivered'];
  /** Where the tree comes from; the runtimes alone unless given. */
  readonly discovery?: Pick<GatewayDiscovery, 'health' | 'state' | 'scripts'>;
  /** Runtimes for whose entities the fault manager itself captures evidence. */
  readonly captured?: readonly string[];
  /** Services that plugins add. */
  readonly plugins?: Omit<GatewayPlugins, 'runtimes' | 'open'>;
  /** Returns why the owner of a trigger or subscription may no longer have it. Present if there are accounts. */
  readonly ownerProblem?: OwnerProblem;
  /** Fault events of peers; present if the gateway has peers. */
  readonly remoteFaultSource?: RemoteFaultSource;
  readonly joinSamplers?: SubscriptionSources['joinSamplers'] & {};
  readonly log: Log;
}

/** All services of a gateway. */
export type GatewayServices = Awaited<ReturnType<typeof openGatewayServices>>;

/**
 * Opens the services for the resources of a model; each has its own file. If one cannot be opened, closes the others.
 */
export async function openGatewayServices(options: GatewayServicesOptions) {
  const { config, model, clock, log, plugins } = options;
  await using begun = new AsyncDisposableStack();
  const begin = <T extends { close(): void | Promise<void> }>(service: T): T =>
    begun.adopt(service, () => service.close());
  const data = createDataService({
    model,
    clock,
    waitMs: config.topic_sample_timeout_sec * 1000,
    foreignItems: config.data_provider.foreign_topics,
  });
  const operations = createOperationService({ model, clock });
  const bulkData = await openBulkData(options);
  const faultTriggers = begin(gatewayFaultTriggers(options));
  const locks = begin(await gatewayLocks(options));
  const notify = await gatewayNotify(options);
  const { webhooks, outbox } = await gatewayWebhooks(options, notify?.requests);
  begun.defer(() => outbox?.close());
  const audit = begun.adopt(gatewayAudit(options), (opened) => opened.stop());
  const entityFrames = begin(
    await openEntityFrames({
      enabled: config.entity_freeze_frame.enabled,
      storage: entityFrameStorage(options.database, log),
      model,
      clock,
      log,
      ...(options.captured && { captured: options.captured }),
    }),
  );
  const configurations = createConfigurationService({ model, clock });
  const faults = createFaultService({ model, clock, entityFrames, locks: locks.access, log });
  const logs = createLogService({ model, clock, ...(plugins?.logs && { reader: plugins.logs }) });
  const evaluators = plugins?.conditions ?? NO_CONDITIONS;
  const triggers = begin(await gatewayTriggers({ ...options, data, logs, webhooks, evaluators }));
  const updates = begin(await gatewayUpdates(options));
  const served = {
    data,
    operations,
    configurations,
    faults,
    logs,
    ...(updates.enabled && { updates: { service: updates.service, events: model.events } }),
  };
  const subscriptions = begin(gatewaySubscriptions(options, served));
  const scripts = await gatewayScripts(options);
  begun.move();
  if (notify && outbox) {
    notify.start({ webhooks: outbox, source: options.incidents, events: model.events, tree: () => model.tree });
  }
  return {
    data,
    operations,
    configurations,
    bulkData,
    entityFrames,
    faults,
    faultTriggers,
    logs,
    locks,
    webhooks,
    outbox,
    notify,
    audit,
    triggers,
    updates,
    subscriptions,
    scripts,
    status: createStatusService({ model, clock }),
    /** Closes the sources of new deliveries before the queue that sends them. */
    close: async (): Promise<void> => {
      await using closing = new AsyncDisposableStack();
      closing.defer(() => subscriptions.close());
      closing.defer(() => outbox?.close());
      closing.defer(() => notify?.close());
      closing.defer(() => triggers.close());
      closing.defer(() => updates.close());
      closing.defer(() => scripts.close());
      closing.defer(() => faultTriggers.close());
      closing.defer(() => entityFrames.close());
      closing.defer(() => locks.close());
      closing.defer(() => audit.stop());
    },
  };
}

/** Used if there are no plugins. */
const NO_CONDITIONS: ConditionEvaluators = { get: () => undefined, names: () => [] };

async function openBulkData({
  config,
  model,
  clock,
  storage,
  random,
}: GatewayServicesOptions): Promise<BulkDataService> {
  const { storage_dir, categories, max_upload_size, max_total_size } = config.bulk_data;
  const store = new BulkDataStore({
    folder: storage_dir || `${config.data_dir}/bulk_data`,
    files: storage,
    clock,
    random,
    maxFileBytes: max_upload_size,
    maxTotalBytes: max_total_size,
  });
  await store.clean();
  const evidence = {
    rosbags: createRecordingService({ model, clock }),
    snapshots: createSnapshotService({ model, clock }),
  };
  return createBulkDataService({ model, store, evidence, categories });
}
