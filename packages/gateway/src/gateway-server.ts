import { resolve } from 'node:path';
import { ALL_ROUTES, type HealthStatus } from '@medkit/contract';
import { quotaBlock, type RuntimeHealth } from '@medkit/core';
import type { Files } from '@medkit/edges';
import type { FastifyInstance, onSendHookHandler } from 'fastify';
import { accessWatch } from './audit/access-watch.ts';
import { documentRoutes } from './docs/documents.ts';
import { swaggerUiRoutes } from './docs/swagger-ui.ts';
import { observedLogs } from './fault-stream/observed-logs.ts';
import { type FeatureOptions, openFeatures } from './gateway-features.ts';
import { gatewayHealth, minimalHealth } from './gateway-health.ts';
import { describedWarnings } from './health/described-warnings.ts';
import { invalidatingGuard, sharedHealth } from './health/shared-health.ts';
import type { ConnectionBounds } from './http/connection-bounds.ts';
import type { Handlers } from './http/exchange.ts';
import type { GatewayTls } from './http/gateway-tls.ts';
import { PageCache } from './http/page-cache.ts';
import { publicUrl } from './http/public-url.ts';
import { readOnlyBulkData } from './http/read-only-bulk-data.ts';
import { registerRoute } from './http/register-routes.ts';
import { allObservers } from './http/repeated-reads.ts';
import { createServer } from './http/server.ts';
import { StableBody } from './http/stable-body.ts';
import type { RequestLimits } from './limits/request-limits.ts';
import { webPages } from './page/web-pages.ts';
import { pluginHandler } from './plugins/serve-routes.ts';
import { routeReader, type Served } from './route-reader.ts';
import { overview, versionInfo } from './routes/overview.ts';
import { unlessScoped } from './scopes/scope-guards.ts';
import type { ScopeStep } from './security/account-limit.ts';
import { admissionCheck } from './security/admission.ts';
import { isAuthorised, isLimited } from './security/authorise.ts';
import type { Principals } from './security/identify.ts';
import { EventStreams } from './sse/event-streams.ts';

export interface GatewayServerOptions extends FeatureOptions {
  /** Files of the distribution: the pages and their assets. */
  readonly files: Files;
  /** Folder of the built web pages, `index.html` and `assets`. Without it, browsers receive build instructions. */
  readonly pagesFolder?: string | undefined;
  /** Identifies the client of a request and reports when a principal loses its access. */
  readonly principals: Pick<Principals, 'admit' | 'current' | 'identify' | 'onDismissal'>;
  /** Present if the gateway serves HTTPS. */
  readonly tls?: GatewayTls | undefined;
  /** Limits of the number of connections; the defaults unless given. */
  readonly bounds?: ConnectionBounds;
  readonly onSend?: onSendHookHandler;
}

/** Creates the HTTP server of a model with all its features; it does not listen yet. */
export async function createGatewayServer(options: GatewayServerOptions): Promise<FastifyInstance> {
  const { accounts, config, model, clock, files, bootId, machineName, log, onSend, tls } = options;
  const { identify, current, onDismissal } = options.principals;
  const endOf = admissionCheck(current);
  const streams = new EventStreams({
    clock,
    maxClients: config.sse.max_clients,
    endOf,
    countsFrames: config.metrics.enabled,
  });
  const stopJudging = onDismissal(() => streams.judge());
  const stopJudgingLimited = model.onChange(() => streams.judgeLimited());
  const observed = observedLogs({ model, clock, via: [], fanOut: [] });
  const { peers, traces, instance } = options;
  const faultTraces = traces?.followFaults({ events: model.events, observed: peers && observed, instance });
  let served: Served | undefined;
  const reader = routeReader({ clock, served: () => served! });
  const features = await openFeatures({ ...options, faultTraces, streams, observed, routes: reader });
  const { audit, data, operations, incidents, fleet, vendorRoutes } = features;
  const docs = config.docs.enabled;
  const pluginRoutes = options.plugins?.routes ?? [];
  const routes = [...ALL_ROUTES, ...pluginRoutes.map(({ route }) => route)];
  const apiOverview = overview({
    routes,
    publicUrl: publicUrl(config),
    docs,
    locking: config.locking.enabled,
    scripts: features.scripts,
    triggers: config.triggers.enabled,
    updates: features.updates,
    plugins: config.plugins.length > 0,
    aggregation: options.peers !== undefined,
    auth: accounts?.about,
    tlsMinVersion: tls?.minVersion,
  });
  const web = webPages({ files, folder: options.pagesFolder, overview: apiOverview, robots: fleet?.pages });
  const pages = new PageCache({ bootId, generation: () => model.tree.generation });
  const describe = describedWarnings(clock);
  let connectionHealth: { health(): RuntimeHealth } | undefined;
  /** Also of what was opened before the features; discovered peers are known only later. */
  const collectHealth = async () => {
    const { discovery, entityIds, logSinks, plugins } = options;
    const others = [
      streams,
      logSinks,
      traces,
      metrics,
      discovery,
      plugins,
      peers?.discovery?.found,
      tls,
      connectionHealth,
    ];
    const parts = [
      ...(await features.health()),
      ...others.flatMap((part) => part?.health() ?? []),
      ...(entityIds ? [entityIds.health(model)] : []),
    ];
    return gatewayHealth(model, clock, parts, discovery?.state(model), peers, describe);
  };
  const health = sharedHealth({ clock, generation: () => model.tree.generation, collect: collectHealth });
  const metrics = await metricsOf(options, () => health.status());
  // Neither changes while the gateway runs.
  const root = new StableBody(apiOverview, () => true);
  const version = new StableBody(versionInfo(), () => true);
  const steps = { guard: invalidatingGuard(health, features.guard), record: audit.record };
  const handlers: Handlers = {
    ...features.handlers,
    getRoot: () => root,
    getVersionInfo: () => version,
    // The health of a hub names robots, that of a robot names entities.
    getHealth: ({ principal }) =>
      isAuthorised(principal, 'read') && !isLimited(principal) ? health.read() : minimalHealth(clock),
  };
  served = { handlers, guard: steps.guard };
  const server = await createServer({
    config,
    clock,
    machineName,
    identify,
    roles: accounts?.accounts.roles,
    watch: accessWatch({
      access: audit.access,
      denied: audit.denied,
      limits: await limitsOf(options),
      quota: fleet?.admit,
      budget: options.hubs?.admit,
      clock,
    }),
    tls,
    observer: allObservers(metrics?.requests, traces?.requests),
    bounds: options.bounds,
    onConnections: (connections, held_bodies) => {
      connectionHealth = { health: () => ({ warnings: [], blocks: quotaBlock({ connections, held_bodies }) }) };
    },
    ...steps,
    ...(fleet && { guard: (route, handler) => unlessScoped(fleet.guard)(route, steps.guard(route, handler)) }),
    limit: fleet?.limit,
    scopes: await scopesOf(options),
    upgrade: fleet?.upgrade,
    rewriteUrl: fleet?.pages.withoutRobot,
    logError: (message, traceparent) => log('error', message, traceparent),
    pages,
    handlers,
    plugins: [
      documentRoutes({
        enabled: docs,
        tokenNeeded: config.server.token !== '' || accounts !== undefined,
        publicUrl: publicUrl(config),
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
      ...(vendorRoutes ? [vendorRoutes] : []),
      ...(metrics?.routes ? [metrics.routes] : []),
      ...(fleet ? [fleet.routes({ record: steps.record })] : []),
      (app) => app.addHook('preClose', async () => streams.close()),
      (app) => app.addHook('onClose', async () => stopJudging()),
      (app) => app.addHook('onClose', async () => stopJudgingLimited()),
      (app) => app.addHook('onClose', async () => metrics?.close()),
      (app) => app.addHook('onClose', () => features.close()),
      // Runs first: hooks run in reverse order.
      (app) => app.addHook('onClose', async () => incidents?.stop()),
      web.routes,
    ],
    unknown: web.addresses,
    ...(onSend && { onSend }),
  });
  incidents?.begin();
  return server;
}

/** The step for principals with scopes, which they have by their account or their role. Loaded only if there may be some. */
async function scopesOf({ accounts, config, model }: GatewayServerOptions): Promise<ScopeStep | undefined> {
  if (!accounts && Object.keys(config.roles).length === 0) return undefined;
  const { scopeStep } = await import('./scopes/scope-step.ts');
  return scopeStep(model);
}

/** The rate limits. Loaded only if they are enabled. */
async function limitsOf({ config, clock }: GatewayServerOptions): Promise<RequestLimits | undefined> {
  if (!config.rate_limiting.enabled) return undefined;
  const { requestLimits } = await import('./limits/request-limits.ts');
  return requestLimits({ config: config.rate_limiting, clock });
}

/** The metrics. Loaded only if they are served or sent to a collector. */
async function metricsOf(options: GatewayServerOptions, health: () => Promise<HealthStatus>) {
  const { config, model, clock, files, metricsTarget: target, http, random, log } = options;
  const { enabled, otlp } = config.metrics;
  if (!enabled && !target) return undefined;
  const { openMetrics } = await import('./metrics/open-metrics.ts');
  const metrics = openMetrics({
    config: config.metrics,
    model,
    clock,
    files,
    log,
    dataFolder: resolve(config.data_dir),
    health,
  });
  const push =
    target &&
    (await import('./metrics/push/metrics-push.ts')).openMetricsPush({
      target,
      intervalMs: otlp.interval_sec * 1000,
      reader: metrics.reader(),
      http,
      clock,
      random,
      log,
    });
  return {
    requests: metrics.requests,
    routes: enabled ? metrics.routes : undefined,
    health: () => push?.health() ?? { warnings: [], blocks: {} },
    close: async () => {
      await push?.close();
      await metrics.close();
    },
  };
}
