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
  type FaultsElsewhere,
  type OwnerProblem,
  openEntityFrames,
} from '@medkit/services';
import type { AuditFile } from './audit/audit-file.ts';
import { gatewayAudit } from './audit/gateway-audit.ts';
import type { GatewayConfig } from './config/index.ts';
import type { GatewayDatabase } from './database/gateway-database.ts';
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

/** What the services of a gateway are made of. */
export interface GatewayServicesOptions {
  readonly config: GatewayConfig;
  readonly model: Model;
  readonly clock: Clock;
  /** Where it keeps what is entrusted to it. */
  readonly storage: Files & WritableFiles;
  /** What runs scripts. */
  readonly programHost: ProgramHost;
  /** Where software is installed. */
  readonly installHost: InstallHost;
  /** Where it keeps what clients have asked of it. */
  readonly database: GatewayDatabase;
  /** Where it writes down what was changed. */
  readonly auditFile: AuditFile;
  readonly random: Random;
  /** How other programs are reached. */
  readonly http: HttpClient;
  readonly names: Names;
  readonly machineName: string;
  /** What it is called among gateways that show each other; none other has this name. */
  readonly instance: string;
  /** Where incidents are kept, of which receivers are told. */
  readonly incidents?: IncidentSource;
  /** Hears of what webhooks and receivers got. */
  readonly onDelivered?: WebhookSources['onDelivered'];
  /** Where the tree comes from; the runtimes alone unless given. */
  readonly discovery?: Pick<GatewayDiscovery, 'health' | 'state' | 'scripts'>;
  /** Names of runtimes of whose entities the fault manager captures what they say itself. */
  readonly captured?: readonly string[];
  /** What is served besides by plugins. */
  readonly plugins?: Omit<GatewayPlugins, 'runtimes' | 'open'>;
  /** Why the owner of a trigger or subscription cannot have it any more, if there are accounts. */
  readonly ownerProblem?: OwnerProblem;
  /** What happens to faults at other gateways, where some are shown. */
  readonly faultsElsewhere?: FaultsElsewhere;
  readonly joinSamplers?: SubscriptionSources['joinSamplers'] & {};
  readonly log: Log;
}

/** All services of a gateway. */
export type GatewayServices = Awaited<ReturnType<typeof openGatewayServices>>;

/**
 * Opens what can be done with the resources of a model, each service by the file of its own area. Where one cannot be opened
 * none of them stays open.
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
    /** What may still be delivered is closed after what may still make something new. */
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

/** Where there are no plugins. */
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
