import { resolve } from 'node:path';
import { ALL_ROUTES } from '@medkit/contract';
import { GATEWAY, quotaBlock, type RuntimeHealth } from '@medkit/core';
import type { Files } from '@medkit/edges';
import type { CorrelationRule } from '@medkit/faults';
import type { AuditService, LogSinks, ResourceSampler } from '@medkit/services';
import type { FastifyInstance, onSendHookHandler } from 'fastify';
import { accountsHealth } from './accounts/accounts-health.ts';
import type { GatewayAccounts } from './accounts/gateway-accounts.ts';
import { type AuthHandlers, withoutAccounts } from './accounts/without-accounts.ts';
import type { AccessAudit } from './audit/access-audit.ts';
import { accessWatch } from './audit/access-watch.ts';
import { documentRoutes } from './docs/documents.ts';
import { swaggerUiRoutes } from './docs/swagger-ui.ts';
import type { EntityIds } from './entities/entity-ids.ts';
import { idUseGuard } from './entities/id-use-guard.ts';
import { faultFeed } from './fault-stream/fault-feed.ts';
import { type ObservedLogs, observedLogs } from './fault-stream/observed-logs.ts';
import { gatewayHealth, minimalHealth } from './gateway-health.ts';
import { type GatewayServicesOptions, openGatewayServices } from './gateway-services.ts';
import { describedWarnings } from './health/described-warnings.ts';
import { invalidatingGuard, sharedHealth } from './health/shared-health.ts';
import type { Guard } from './http/chain.ts';
import type { ConnectionBounds } from './http/connection-bounds.ts';
import { CALL_TIMEOUT_MS } from './http/exchange.ts';
import type { GatewayTls } from './http/gateway-tls.ts';
import { PageCache } from './http/page-cache.ts';
import { publicUrl } from './http/public-url.ts';
import { readOnlyBulkData } from './http/read-only-bulk-data.ts';
import { registerRoute } from './http/register-routes.ts';
import { createServer } from './http/server.ts';
import type { RequestLimits } from './limits/request-limits.ts';
import { gatewayLive } from './live/gateway-live.ts';
import { lockGuard } from './locks/lock-guard.ts';
import { webPages } from './page/web-pages.ts';
import type { GatewayPeers } from './peers/open-peers.ts';
import { pluginHandler } from './plugins/serve-routes.ts';
import { createHandlers } from './routes/handlers.ts';
import { overview } from './routes/overview.ts';
import { ownershipGuard } from './routes/ownership-guard.ts';
import { gatewaySearch } from './search/gateway-search.ts';
import { admissionCheck } from './security/admission.ts';
import { isAuthorised } from './security/authorise.ts';
import type { Principals } from './security/identify.ts';
import { EventStreams } from './sse/event-streams.ts';
import { triggerFeeds } from './triggers/trigger-feeds.ts';
import { webhookHealth } from './webhooks/webhook-health.ts';

export interface GatewayServerOptions extends GatewayServicesOptions {
  /** Files of the distribution: the pages and their assets. */
  readonly files: Files;
  /** Folder of the built web pages, `index.html` and `assets`. Without it, browsers receive build instructions. */
  readonly pagesFolder?: string | undefined;
  /** Distinguishes this start of the gateway from every other, for ETags. */
  readonly bootId: string;
  /** Identifies the client of a request and reports when a principal loses its access. */
  readonly principals: Pick<Principals, 'admit' | 'current' | 'identify' | 'onDismissal'>;
  /** Present if the gateway has accounts. */
  readonly accounts?: GatewayAccounts;
  /** The log sinks, for `/health`. */
  readonly logSinks?: Pick<LogSinks, 'health'>;
  /** Peers whose entities the gateway shows; present if it aggregates. */
  readonly peers?: GatewayPeers;
  /** Correlation rules over faults of this gateway and its peers. */
  readonly rulesAcrossOrigins?: readonly CorrelationRule[];
  /**
   * Returns whether the manifest, the snapshot file or the island declaration now marks a threshold with
   * `blocks_motion`.
   */
  readonly configuresBlockingThreshold?: () => boolean;
  /** The assigned entity ids. */
  readonly entityIds?: Pick<EntityIds, 'ids' | 'health'>;
  /** Present if the gateway serves HTTPS. */
  readonly tls?: GatewayTls | undefined;
  /** Limits of the number of connections; the defaults unless given. */
  readonly bounds?: ConnectionBounds;
  readonly onSend?: onSendHookHandler;
}

/** Creates the HTTP server of a model with all its services; it does not listen yet. */
export async function createGatewayServer(options: GatewayServerOptions): Promise<FastifyInstance> {
  const { accounts, config, model, clock, files, bootId, machineName, log, onSend, tls } = options;
  const observed = observedLogs({ model, clock, via: [], fanOut: [] });
  const incidents = await incidentsOf(options, observed);
  const services = await openGatewayServices({
    ...options,
    ...(incidents && { incidents: incidents.source, onDelivered: incidents.delivered }),
    ...(accounts && { ownerProblem: (owner: string) => accounts.accounts.ownerProblem(owner) }),
    ...(await remoteSources(options, observed)),
  });
  const { audit, data, locks, notify, outbox, scripts, subscriptions, triggers, updates, webhooks } = services;
  const notifyHealth = notify && (await healthOfNotify());
  const { identify, current, onDismissal } = options.principals;
  const endOf = admissionCheck(current);
  const streams = new EventStreams({ clock, maxClients: config.sse.max_clients, endOf });
  const stopJudging = onDismissal(() => streams.judge());
  const live = gatewayLive({ model, data, clock, streams, observed, bootId, showsOthers: options.peers !== undefined });
  const search = gatewaySearch({ model, clock, faults: services.faults });
  const docs = config.docs.enabled;
  const pluginRoutes = options.plugins?.routes ?? [];
  const routes = [...ALL_ROUTES, ...pluginRoutes.map(({ route }) => route)];
  const apiOverview = overview({
    routes,
    publicUrl: publicUrl(config),
    docs,
    locking: config.locking.enabled,
    scripts: scripts.enabled,
    triggers: config.triggers.enabled,
    updates: updates.enabled,
    plugins: config.plugins.length > 0,
    aggregation: options.peers !== undefined,
    auth: options.accounts?.about,
    tlsMinVersion: tls?.minVersion,
  });
  const web = webPages({ files, folder: options.pagesFolder, overview: apiOverview });
  const pages = new PageCache({ bootId, generation: () => model.tree.generation });
  const [owned, locked] = [ownershipGuard(model), lockGuard(locks.access, model, data)];
  const forwarding =
    options.peers && (await peersServing(options, options.peers, { streams, observed, audit: audit.service }));
  const { entityIds } = options;
  const marked: Guard = entityIds ? idUseGuard(model, entityIds.ids) : (_route, handler) => handler;
  const guard: Guard = (route, handler) => {
    const here = owned(route, locked(route, handler));
    return marked(route, forwarding ? forwarding.guard(route, here) : here);
  };
  const describe = describedWarnings(clock);
  let connectionHealth: { health(): RuntimeHealth } | undefined;
  const collectHealth = () =>
    gatewayHealth(
      model,
      clock,
      [
        streams,
        live,
        subscriptions,
        locks,
        scripts,
        updates,
        audit,
        triggers,
        services.faultTriggers,
        services.bulkData,
        services.entityFrames,
        services.logs,
        incidents,
        webhooks && { health: () => webhookHealth(webhooks, config.webhooks.max_queued) },
        notifyHealth && outbox && { health: () => notifyHealth(notify, outbox.facts()) },
        accounts && { health: () => accountsHealth(accounts) },
        options.logSinks,
        options.discovery,
        entityIds && { health: () => entityIds.health(model) },
        options.plugins,
        options.peers?.discovery?.found,
        forwarding,
        tls,
        connectionHealth,
      ],
      options.discovery?.state(model),
      options.peers,
      describe,
    );
  const health = sharedHealth({ clock, generation: () => model.tree.generation, collect: collectHealth });
  const steps = { guard: invalidatingGuard(health, guard), record: audit.record };
  const stopWatching = options.peers && (await watchedPeers(options, options.peers));
  const server = await createServer({
    config,
    clock,
    machineName,
    identify,
    watch: accessWatch({ access: audit.access, denied: audit.denied, limits: await limitsOf(options), clock }),
    tls,
    bounds: options.bounds,
    onConnections: (connections, held_bodies) => {
      connectionHealth = { health: () => ({ warnings: [], blocks: quotaBlock({ connections, held_bodies }) }) };
    },
    ...steps,
    logError: (message) => log('error', message),
    pages,
    handlers: createHandlers({
      ...services,
      model,
      clock,
      serviceCallTimeoutMs: config.service_call_timeout_sec * 1000,
      faultFeed: faultFeed(model, clock, streams, observed),
      incidents,
      scripts: scripts.service,
      triggers: triggers.service,
      triggerFeed: triggerFeeds(clock, streams),
      subscriptions: subscriptions.service,
      updates: updates.service,
      auth: options.accounts ? await withAccounts(options.accounts, audit.access) : withoutAccounts(),
      streams,
      live,
      search,
      bootId,
      instance: options.instance,
      webhooks: { webhooks, clock, random: options.random },
      notify: { notify, outbox },
      audit,
      overview: apiOverview,
      peers: options.peers,
      health: (principal) => (isAuthorised(principal, 'read') ? health.read() : minimalHealth(clock)),
    }),
    plugins: [
      documentRoutes({
        enabled: docs,
        tokenNeeded: config.server.token !== '' || options.accounts !== undefined,
        publicUrl: publicUrl(config),
        clock,
        routes,
        model,
        data,
        operations: services.operations,
      }),
      swaggerUiRoutes({ enabled: docs, files }),
      readOnlyBulkData,
      (app) =>
        pluginRoutes.forEach((admitted) => {
          registerRoute(app, admitted.route, pluginHandler(admitted, model), { clock, pages, ...steps });
        }),
      ...(forwarding ? [forwarding.vendorRoutes(audit.record)] : []),
      (app) =>
        app.addHook('preClose', async () => {
          stopWatching?.();
          streams.close();
        }),
      (app) => app.addHook('onClose', async () => stopJudging()),
      (app) => app.addHook('onClose', () => search.close()),
      (app) => app.addHook('onClose', async () => forwarding?.close()),
      (app) => app.addHook('onClose', () => services.close()),
      (app) => app.addHook('onClose', () => incidents?.close()),
      web.routes,
    ],
    unknown: web.addresses,
    ...(onSend && { onSend }),
  });
  incidents?.begin(server, options.principals.admit(GATEWAY));
  return server;
}

/** The incidents. Loaded only if they are enabled. */
async function incidentsOf(options: GatewayServerOptions, observed: ObservedLogs) {
  const { config, peers } = options;
  if (!config.incidents.enabled) return undefined;
  const { gatewayIncidents } = await import('./incidents/gateway-incidents.ts');
  const aheadOf = peers ? (await import('./peers/clock-offsets.ts')).clockOffsets(peers) : () => 0;
  return gatewayIncidents({ ...options, observed, aheadOf });
}

/** Health of the notification channels. Loaded only if a receiver is configured. */
async function healthOfNotify() {
  return (await import('./notify/notify-health.ts')).notifyHealth;
}

/** Handlers of accounts and logins. Loaded only if the gateway has accounts. */
async function withAccounts(known: GatewayAccounts, access: Pick<AccessAudit, 'refused'>): Promise<AuthHandlers> {
  const [{ authHandlers }, { accountHandlers }, { logInHandlers }] = await Promise.all([
    import('./accounts/auth-handlers.ts'),
    import('./accounts/account-handlers.ts'),
    import('./accounts/log-in-handlers.ts'),
  ]);
  const door = {
    ...known,
    onWrongLogin: (address: string, principal: string | undefined) =>
      access.refused({ reason: 'wrong-login', address, principal }),
  };
  return { ...authHandlers(door), ...accountHandlers(door), ...logInHandlers(door) };
}

/** The rate limits. Loaded only if they are enabled. */
async function limitsOf({ config, clock }: GatewayServerOptions): Promise<RequestLimits | undefined> {
  if (!config.rate_limiting.enabled) return undefined;
  const { requestLimits } = await import('./limits/request-limits.ts');
  return requestLimits({ config: config.rate_limiting, clock });
}

/** Reports peers that do not respond. Loaded only if the gateway has peers. */
async function watchedPeers({ model, clock, config, log }: GatewayServerOptions, peers: GatewayPeers) {
  const { watchPeers } = await import('./peers/unresponsive-peers.ts');
  return watchPeers({ peers, model, clock, log, source: config.ros.node });
}

/** Sources of faults and samples of peers, for triggers and subscriptions. Loaded only if the gateway has peers. */
async function remoteSources({ model, clock, peers }: GatewayServerOptions, observed: ObservedLogs) {
  if (!peers) return {};
  const [{ remoteFaultSource }, { mergedSamplers }] = await Promise.all([
    import('./peers/remote-fault-source.ts'),
    import('./peers/aggregates/merged-samplers.ts'),
  ]);
  return {
    remoteFaultSource: remoteFaultSource(model, observed),
    joinSamplers: (samplers: ReadonlyMap<string, ResourceSampler>) => mergedSamplers({ model, clock }, samplers),
  };
}

const MEGABYTE = 1_000_000;

/** Forwards requests to peers and merges their replies. Loaded only if the gateway has peers. */
async function peersServing(
  options: GatewayServerOptions,
  peers: GatewayPeers,
  parts: { readonly streams: EventStreams; readonly observed: ObservedLogs; readonly audit: AuditService },
) {
  const { config, instance: gateway } = options;
  const { openForwarding } = await import('./peers/open-forwarding.ts');
  const changeTimeoutMs = CALL_TIMEOUT_MS + config.service_call_timeout_sec * 1000;
  const clockOf = (runtime: string) => peers.runtimes.find(({ name }) => name === runtime)?.clockHistory() ?? [];
  const { fault_copies_mb, recording_copies_mb, recording_copy_max_mb, recording_copy_severity } = config.aggregation;
  const copying = {
    maxCopyBytes: fault_copies_mb * MEGABYTE,
    recordings: {
      maxBytes: recording_copies_mb * MEGABYTE,
      maxOneBytes: Math.min(recording_copy_max_mb, recording_copies_mb) * MEGABYTE,
      leastSeverity: recording_copy_severity,
      folder: resolve(config.data_dir, 'recording_copies'),
    },
  };
  const { rulesAcrossOrigins: rules = [] } = options;
  return openForwarding({ ...options, ...parts, ...copying, rules, peers, gateway, clockOf, changeTimeoutMs });
}
