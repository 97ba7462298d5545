import { ALL_ROUTES } from '@medkit/contract';
import type { Log, Model } from '@medkit/core';
import type { Clock, Files, HttpClient, Names, Random, WritableFiles } from '@medkit/edges';
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
  type LogSinks,
  openEntityFrames,
} from '@medkit/services';
import type { FastifyInstance, onSendHookHandler } from 'fastify';
import type { AuditFile } from './audit/audit-file.ts';
import { gatewayAudit } from './audit/gateway-audit.ts';
import type { GatewayConfig } from './config/index.ts';
import type { GatewayDatabase } from './database/gateway-database.ts';
import type { GatewayDiscovery } from './discovery/open-discovery.ts';
import { documentRoutes } from './docs/documents.ts';
import { swaggerUiRoutes } from './docs/swagger-ui.ts';
import { gatewayFaultTriggers } from './fault-triggers/gateway-fault-triggers.ts';
import { gatewayHealth } from './gateway-health.ts';
import { PageCache } from './http/page-cache.ts';
import { readOnlyBulkData } from './http/read-only-bulk-data.ts';
import { registerRoute } from './http/register-routes.ts';
import { createServer } from './http/server.ts';
import { gatewayLocks } from './locks/gateway-locks.ts';
import { lockGuard } from './locks/lock-guard.ts';
import { startPageRoute } from './page/start-page.ts';
import type { GatewayPlugins } from './plugins/open-plugins.ts';
import { pluginHandler } from './plugins/serve-routes.ts';
import { createHandlers } from './routes/handlers.ts';
import { overview } from './routes/overview.ts';
import { gatewayScripts, type ProgramHost } from './scripts/gateway-scripts.ts';
import type { Identify } from './security/identify.ts';
import { EventStreams } from './sse/event-streams.ts';
import { faultFeed } from './sse/fault-feed.ts';
import { gatewaySubscriptions } from './subscriptions/gateway-subscriptions.ts';
import { gatewayTriggers } from './triggers/gateway-triggers.ts';
import { triggerFeeds } from './triggers/trigger-feeds.ts';
import { gatewayUpdates } from './updates/gateway-updates.ts';
import type { InstallHost } from './updates/open-installer.ts';
import { gatewayWebhooks } from './webhooks/gateway-webhooks.ts';
import { webhookHealth } from './webhooks/webhook-health.ts';

export interface GatewayServerOptions {
  readonly config: GatewayConfig;
  readonly model: Model;
  readonly clock: Clock;
  /** The gateway's own files: pages and their assets. */
  readonly files: Files;
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
  /** Distinguishes this start from every other, for ETags. */
  readonly bootId: string;
  readonly machineName: string;
  /** Tells who asks. */
  readonly identify: Identify;
  /** Where the tree comes from; the runtimes alone unless given. */
  readonly discovery?: Pick<GatewayDiscovery, 'health' | 'state' | 'scripts'>;
  /** Where logs are forwarded to, for `/health`. */
  readonly logSinks?: Pick<LogSinks, 'health'>;
  /** Names of runtimes of whose entities the fault manager captures what they say itself. */
  readonly captured?: readonly string[];
  /** What is served besides by plugins. */
  readonly plugins?: Omit<GatewayPlugins, 'runtimes' | 'open'>;
  readonly log: Log;
  readonly onSend?: onSendHookHandler;
}

/** Everything that is served of a model over HTTP, not yet listening. */
export async function createGatewayServer(options: GatewayServerOptions): Promise<FastifyInstance> {
  const { config, model, clock, files, bootId, machineName, log, onSend } = options;
  const data = createDataService({
    model,
    clock,
    waitMs: config.topic_sample_timeout_sec * 1000,
    foreignTopics: config.data_provider.foreign_topics,
  });
  const operations = createOperationService({ model, clock });
  const bulkData = await openBulkData(options);
  const faultTriggers = gatewayFaultTriggers(options);
  const locks = await gatewayLocks(options);
  const webhooks = await gatewayWebhooks(options);
  const guard = lockGuard(locks.access, model, data);
  const audit = gatewayAudit(options);
  const entityFrames = openEntityFrames({
    enabled: config.entity_freeze_frame.enabled,
    model,
    clock,
    log,
    ...(options.captured && { captured: options.captured }),
  });
  const streams = new EventStreams({ clock, maxClients: config.sse.max_clients });
  const configurations = createConfigurationService({ model, clock });
  const faults = createFaultService({ model, clock, entityFrames, locks: locks.access, log });
  const logs = createLogService({ model, clock, ...(options.plugins?.logs && { reader: options.plugins.logs }) });
  const triggers = await gatewayTriggers({
    ...options,
    data,
    logs,
    webhooks,
    evaluators: options.plugins?.conditions ?? NO_CONDITIONS,
  });
  const updates = await gatewayUpdates(options);
  const subscriptions = gatewaySubscriptions(options, {
    data,
    operations,
    configurations,
    faults,
    logs,
    ...(updates.enabled && { updates: { service: updates.service, events: model.events } }),
  });
  const scripts = await gatewayScripts(options);
  const docs = config.docs.enabled;
  const pluginRoutes = options.plugins?.routes ?? [];
  const routes = [...ALL_ROUTES, ...pluginRoutes.map(({ route }) => route)];
  const shown = overview({
    routes,
    docs,
    locking: config.locking.enabled,
    scripts: scripts.enabled,
    triggers: config.triggers.enabled,
    updates: updates.enabled,
    plugins: config.plugins.length > 0,
  });
  const pages = new PageCache({ bootId, generation: () => model.tree.generation });
  const steps = { guard, record: audit.record };
  return createServer({
    config,
    clock,
    machineName,
    identify: options.identify,
    ...steps,
    logError: (message) => log('error', message),
    pages,
    handlers: createHandlers({
      model,
      data,
      configurations,
      operations,
      serviceCallTimeoutMs: config.service_call_timeout_sec * 1000,
      faults,
      faultTriggers,
      faultFeed: faultFeed(model, clock, streams),
      bulkData,
      scripts: scripts.service,
      logs,
      triggers: triggers.service,
      triggerFeed: triggerFeeds(clock, streams),
      subscriptions: subscriptions.service,
      updates: updates.service,
      streams,
      bootId,
      status: createStatusService({ model, clock }),
      webhooks: { webhooks, clock, random: options.random },
      locks,
      audit: audit.service,
      overview: shown,
      health: () =>
        gatewayHealth(
          model,
          clock,
          [
            streams,
            subscriptions,
            locks,
            scripts,
            updates,
            audit,
            triggers,
            webhooks && { health: () => webhookHealth(webhooks) },
            options.logSinks,
            options.discovery,
            options.plugins,
          ],
          options.discovery?.state(model),
        ),
    }),
    plugins: [
      documentRoutes({
        enabled: docs,
        tokenNeeded: config.server.token !== '',
        clock,
        routes,
        model,
        data,
        operations,
      }),
      swaggerUiRoutes({ enabled: docs, files }),
      readOnlyBulkData,
      (app) =>
        pluginRoutes.forEach((admitted) => {
          registerRoute(app, admitted.route, pluginHandler(admitted, model), { clock, pages, ...steps });
        }),
      (app) => app.addHook('preClose', async () => streams.close()),
      (app) => app.addHook('onClose', async () => subscriptions.close()),
      // What is registered first is closed last: until then there may be something new to be delivered.
      (app) => app.addHook('onClose', () => webhooks?.close()),
      (app) => app.addHook('onClose', () => triggers.close()),
      (app) => app.addHook('onClose', () => updates.close()),
      (app) => app.addHook('onClose', () => scripts.close()),
      (app) => app.addHook('onClose', () => faultTriggers.close()),
      (app) => app.addHook('onClose', () => entityFrames.close()),
      (app) => app.addHook('onClose', () => locks.close()),
      (app) => app.addHook('onClose', () => audit.stop()),
      await startPageRoute({ files, overview: shown }),
    ],
    ...(onSend && { onSend }),
  });
}

/** Where there are no plugins. */
const NO_CONDITIONS: ConditionEvaluators = { get: () => undefined, names: () => [] };

async function openBulkData({ config, model, clock, storage, random }: GatewayServerOptions): Promise<BulkDataService> {
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
