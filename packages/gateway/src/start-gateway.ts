import { fstatSync } from 'node:fs';
import { hostname, networkInterfaces } from 'node:os';
import { resolve } from 'node:path';
import type { AuditFile } from '@medkit/audit';
import { errorMessage, GATEWAY, type Log, logBuffers, openModel, type Runtime } from '@medkit/core';
import {
  systemClock,
  systemFiles,
  systemHttpClient,
  systemNames,
  systemPrograms,
  systemRandom,
  systemWritableFiles,
  udpDatagrams,
  watchSystemFolder,
} from '@medkit/edges/node';
import { openLogSinks } from '@medkit/entities';
import type { IslandRuntime } from '@medkit/island';
import type { HeldUplinks } from '@medkit/tunnel/front';
import type { FastifyInstance } from 'fastify';
import type { OpenAccounts, OpenAccountsOptions } from './accounts/open-accounts.ts';
import { auditFile } from './audit/audit-file.ts';
import { type ConfigReading, type Environment, type GatewayConfig, isLoopbackHost } from './config/index.ts';
import { configuredHubDatabase } from './database/configured-hub-database.ts';
import { lockDataFolder } from './database/data-folder.ts';
import { gatewayInstance } from './database/gateway-instance.ts';
import { openDiscovery } from './discovery/open-discovery.ts';
import { openEntityIds } from './entities/entity-ids.ts';
import type { FaultSources, GatewayFaults } from './faults/fault-options.ts';
import { recordedLogSource } from './faults/recorded-log-source.ts';
import type { FrontLinks } from './fleet/front-links.ts';
import { gatewayDatabase } from './gateway-database.ts';
import { createGatewayServer } from './gateway-server.ts';
import { closeServer } from './http/close-server.ts';
import type { GatewayTls } from './http/gateway-tls.ts';
import { localUrl } from './http/local-url.ts';
import { checkListenAddress, listen, StartRefused } from './listen.ts';
import { configuredSinks } from './logs/configured-sinks.ts';
import { openDebugLogs } from './logs/debug-logs.ts';
import { gatewayLog } from './logs/gateway-log.ts';
import { type OperatorLog, operatorLog } from './logs/operator-log.ts';
import type { MetricsListener } from './metrics/metrics-listener.ts';
import type { OtlpSignal, OtlpTarget, OtlpTargetOptions } from './otlp/otlp-target.ts';
import { systemPeers } from './peers/system-peers.ts';
import { gatewayHostOf } from './plugins/gateway-host.ts';
import { openGatewayPlugins } from './plugins/gateway-plugins.ts';
import { joinRobot } from './runtimes/join-robot.ts';
import { localRuntime } from './runtimes/local-runtime.ts';
import { scriptEnvironment } from './scripts/script-environment.ts';
import type { CertificateOptions } from './security/certificate-identity.ts';
import { openPrincipals, type Principals } from './security/identify.ts';
import type { SharedPort } from './tenants/tenant-listener.ts';
import type { GatewayTraces } from './traces/open-traces.ts';
import { openUplink } from './uplink/open-uplink.ts';

/** The files of the machine, for reading and writing. */
const systemStorage = { ...systemFiles, ...systemWritableFiles };

export interface StartOptions {
  readonly config: GatewayConfig;
  /** Where the values of `config` come from. Without it, the gateway does not list its settings. */
  readonly reading?: ConfigReading;
  /** Environment variables that the ROS side reads: `ROS_AUTOMATIC_DISCOVERY_RANGE`, `AMENT_PREFIX_PATH`, … */
  readonly environment: Environment;
  /** Log for the operator; standard error unless given. */
  readonly log?: Log;
  /** Runtimes that the gateway shows; the ROS 2 graph unless given. */
  readonly runtimes?: readonly Runtime[];
  /** Folder of the built web pages, `index.html` and `assets`. Without it, browsers receive build instructions. */
  readonly pagesFolder?: string | undefined;
  /** The uplinks of robots that this process held as a standby, before it took over. */
  readonly held?: HeldUplinks | undefined;
  /** The port of a process with several gateways; without it, the gateway listens itself. */
  readonly sharedPort?: SharedPort;
}

export interface RunningGateway {
  /** URL for programs on this machine: `http://127.0.0.1:8080`. */
  readonly url: string;
  /** URL of the separate address of the metrics, if one is configured. */
  readonly metricsUrl?: string;
  /** Token with which this process can call its gateway while it runs, also if accounts are enabled. */
  readonly processToken: string;
  /**
   * Reloads what can change at run time: certificates, users and keys. Logs what is invalid and retains the previous
   * state.
   */
  reload(): Promise<void>;
  /** Resolves with the reason if this gateway cannot continue: close it and start it again. */
  readonly outdated: Promise<string>;
  /** Finishes the running requests within a time limit and leaves the graph. */
  close(): Promise<void>;
}

/** Starts the gateway and resolves when it responds. Throws an error with a one-line message for the operator. */
export async function startGateway(options: StartOptions): Promise<RunningGateway> {
  const { config, sharedPort } = options;
  const lines = gatewayLog(options.log ?? operatorLogOf(options.environment));
  const { log } = lines;
  if (config.logs.debug.length > 0)
    openDebugLogs(config.logs.debug, operatorLogOf(options.environment), systemClock.wallMs);
  const { host, port } = config.server;
  await refuseExposure(config);

  // Closed in reverse order, also if a later part cannot start.
  await using opened = new AsyncDisposableStack();
  const dataFolder = lockDataFolder({ folder: resolve(config.data_dir), clock: systemClock, log });
  opened.defer(() => dataFolder.release());
  if (!sharedPort) await checkListenAddress({ host, port, clock: systemClock });
  const machineName = hostname();
  const separateTls = !sharedPort && config.server.tls.enabled ? await openTls(config, machineName, log) : undefined;
  opened.defer(() => separateTls?.close());
  const tls = sharedPort ? sharedPort.tls : separateTls;
  const hubDatabase = await configuredHubDatabase({ config, clock: systemClock, log });
  const audit = auditFile({
    place: async () => (await import('./audit/audit-location.ts')).auditLocation(config, systemFiles),
    hub: hubDatabase && { database: hubDatabase, waitingPath: resolve(config.data_dir, 'audit_waiting.db') },
    files: systemFiles,
    clock: systemClock,
    log,
  });
  opened.defer(() => audit.close());
  const entityIds = await openEntityIds({
    folder: resolve(config.data_dir),
    files: systemStorage,
    clock: systemClock,
    log,
  });
  opened.defer(() => entityIds.close());
  const { ids, boundNodes } = entityIds;
  const discovery = await openDiscovery({ config, files: systemFiles, clock: systemClock, log, boundNodes });
  const { topicsWanted } = discovery;
  const instance = await gatewayInstance({
    folder: resolve(config.data_dir),
    files: systemStorage,
    random: systemRandom,
    machine: { hostname: machineName, macs: macAddresses() },
    log,
  });
  const otlp = { config, environment: options.environment, instance, machineName };
  const traces = await openTraces(otlp, log);
  opened.defer(() => traces?.close());
  if (traces) lines.useTraces(traces.current);
  const { uplink, hubs } = await openUplink(config, localAddresses, log);
  const { meaningOf } = discovery;
  const onCaptured = traces?.onCaptured;
  const faults = options.runtimes ? undefined : await openFaults({ config, audit, log, uplink, meaningOf, onCaptured });
  const joins = faults !== undefined && config.ros.enabled;
  const robot = joins
    ? await joinRobot(config, options.environment, opened, { faults, topicsWanted, onGatewayLine: lines.onLine, ids })
    : undefined;
  const island = config.island.enabled ? await openIsland(config, faults) : undefined;
  const logs = logBuffers({ entriesPerLogger: config.logs.buffer_size, log });
  const local = localRuntime({
    ...(faults && { faults: { host: faults.host, mode: faults.settings.mode } }),
    ...(faults && !robot && { gatewayLog: lines }),
    logs,
    clock: systemClock,
  });
  const parts = [
    ...(options.runtimes ?? []),
    ...(robot ? [robot.runtime] : []),
    ...(island ? [island] : []),
    local,
    ...discovery.runtimes,
  ];
  const plugins = await openGatewayPlugins({ config, log, taken: parts.map(({ name }) => name), ros: robot?.ros });
  const bootId = Buffer.from(systemRandom.bytes(6)).toString('hex');
  const localRuntimes = [...parts, ...plugins.runtimes];
  const database = gatewayDatabase({
    path: resolve(config.data_dir, 'gateway.db'),
    hub: hubDatabase,
    files: systemFiles,
    clock: systemClock,
    log,
  });
  opened.defer(() => database.close());
  const peers = await systemPeers({ config, gateway: instance, localRuntimes, database, log });
  const runtimes = [...localRuntimes, ...(peers?.runtimes ?? [])];
  const { arrange } = discovery;
  const model = await openModel({
    runtimes,
    clock: systemClock,
    log,
    gateway: instance,
    arrange,
    logs,
    ids,
    spansOf: traces?.spansOf,
  });
  opened.defer(() => model.close());
  // Closes before the runtimes whose topics are evidence: a running capture is left for the next start.
  opened.defer(() => faults?.host.close());
  const captured = [robot?.runtime, island].flatMap((runtime) => runtime?.name ?? []);
  faults?.host.addLog(recordedLogSource(model, captured));
  const logSinks = openLogSinks({
    model,
    sinks: configuredSinks({ config, model, robot: machineName, bootId }),
    http: systemHttpClient,
    clock: systemClock,
    random: systemRandom,
    log,
  });
  opened.defer(() => logSinks.close());
  const accounts = (await hasAccounts(config))
    ? await openAccounts({ config, hostName: machineName, instance, isSecure: tls !== undefined, hubDatabase, log })
    : undefined;
  opened.defer(() => accounts?.close());
  const clientCertificates = tls?.clients;
  const fromCredentials = openPrincipals({
    token: config.server.token,
    ...(config.metrics.enabled && { metricsToken: config.metrics.token }),
    random: systemRandom,
    ...(accounts && { known: accounts }),
    hub: hubs?.access,
    hasCertificates: clientCertificates !== undefined,
  });
  const principals = clientCertificates
    ? await withCertificates(fromCredentials, { config, certificates: clientCertificates, clock: systemClock, log })
    : fromCredentials;
  const frontLinks = await openFrontLinks(config, options.held);
  const server = await createGatewayServer({
    principals,
    ...(accounts && { accounts }),
    config,
    model,
    clock: systemClock,
    files: systemFiles,
    pagesFolder: options.pagesFolder,
    storage: systemStorage,
    programHost: {
      programs: systemPrograms,
      environment: scriptEnvironment(options.environment),
      isRoot: process.getuid?.() === 0,
    },
    installHost: {
      files: systemStorage,
      programs: systemPrograms,
      environment: { ...scriptEnvironment(options.environment), HOME: options.environment['HOME'] || '/' },
    },
    database,
    hubDatabase,
    frontLinks,
    auditFile: audit,
    random: systemRandom,
    http: systemHttpClient,
    names: systemNames,
    bootId,
    instance,
    machineName,
    discovery,
    plugins,
    logSinks,
    ...(traces && { traces }),
    metricsTarget: config.metrics.otlp.enabled ? await targetOf('metrics', otlp, log) : undefined,
    ...(peers && { peers }),
    ...(uplink && { uplink }),
    ...(hubs && { hubs }),
    tls,
    reading: options.reading,
    faultDocuments: faults?.documents,
    ...(faults && { rulesAcrossOrigins: faults.acrossOrigins }),
    configuresBlockingThreshold: () =>
      faults?.snapshotsBlockMotion === true || discovery.hasBlockingChannel() || island?.hasBlockingPort() === true,
    entityIds,
    captured,
    log,
  });
  opened.defer(() => closeServer(server, systemClock, () => model.endCalls()));
  plugins.open(gatewayHostOf({ model, server, principals, clock: systemClock }));
  if (frontLinks) await listenForReplicas({ config, app: server, links: frontLinks, log });
  await sharedPort?.attach(server);
  const bound = sharedPort?.port ?? (await listen(server, { host, port, clock: systemClock }));
  const url = sharedPort?.url ?? localUrl(host, bound, tls ? 'https' : 'http');
  dataFolder.publishAddress(url);
  const metrics = await listenForMetrics(config, server, tls);
  opened.defer(() => metrics?.close());
  if (metrics) log('info', `metrics are served at ${metrics.url}`);
  opened.defer(() => peers?.close());
  await peers?.discover({
    config,
    environment: options.environment,
    model,
    database,
    port: bound,
    machineName,
    datagrams: udpDatagrams,
    random: systemRandom,
  });
  hubs?.connect(server);
  opened.defer(() => hubs?.close());
  // Opens the audit log early, so that the first change does not wait for it.
  if (config.audit.requests !== 'off') void openEarly(audit, log);

  const started = opened.move();
  return {
    url,
    ...(metrics && { metricsUrl: metrics.url }),
    processToken: principals.admit(GATEWAY).slice('Bearer '.length),
    reload: async () => {
      await Promise.all([tls?.reload(), reloadAccounts(config, accounts, log)]);
    },
    outdated: hubDatabase?.outdated ?? new Promise<string>(() => undefined),
    close: () => started.disposeAsync(),
  };
}

/** The traces. Loaded only if they are enabled. */
async function openTraces(
  options: OtlpTargetOptions & { readonly config: GatewayConfig },
  log: Log,
): Promise<GatewayTraces | undefined> {
  const { traces } = options.config;
  const target = traces.enabled ? await targetOf('traces', options, log) : undefined;
  if (!target) return undefined;
  const { openTraces } = await import('./traces/open-traces.ts');
  return openTraces({
    target,
    ratio: traces.sample_ratio,
    http: systemHttpClient,
    clock: systemClock,
    random: systemRandom,
    log,
  });
}

/** Returns where a signal is sent; `undefined` if the environment disables OpenTelemetry. */
async function targetOf(signal: OtlpSignal, options: OtlpTargetOptions, log: Log): Promise<OtlpTarget | undefined> {
  const { disablesOpenTelemetry, otlpTarget } = await import('./otlp/otlp-target.ts');
  if (!disablesOpenTelemetry(options.environment)) return otlpTarget(signal, options);
  log('info', `${signal} are not sent: OTEL_SDK_DISABLED is set`);
  return undefined;
}

/** Reloads users and keys after a command changed them. If they are invalid, retains the previous ones. */
async function reloadAccounts(config: GatewayConfig, accounts: OpenAccounts | undefined, log: Log): Promise<void> {
  try {
    if (accounts) {
      await accounts.reload();
      log('info', 'users and keys were reloaded');
    } else if (await hasAccounts(config)) {
      log(
        'warn',
        'users were created after the gateway started without accounts: restart the gateway to require credentials',
      );
    }
  } catch (error) {
    log('error', `users and keys could not be reloaded and are unchanged: ${errorMessage(error)}`);
  }
}

/** Serves the metrics at a separate address. Loaded only if one is configured. */
async function listenForMetrics(
  { metrics }: GatewayConfig,
  app: FastifyInstance,
  tls: GatewayTls | undefined,
): Promise<MetricsListener | undefined> {
  if (!metrics.enabled || metrics.listen === '') return undefined;
  const listener = await import('./metrics/metrics-listener.ts');
  return listener.listenForMetrics({ app, address: metrics.listen, tls, clock: systemClock });
}

/** Joins the fleet with its standbys. Loaded only if `fleet.replica_address` is set. */
async function openFrontLinks({ fleet }: GatewayConfig, held: HeldUplinks | undefined) {
  if (!fleet.enabled || fleet.replica_address === '') return undefined;
  const { frontLinks } = await import('./fleet/front-links.ts');
  return frontLinks(held);
}

interface ReplicaSources {
  readonly config: GatewayConfig;
  readonly app: FastifyInstance;
  readonly links: FrontLinks;
  readonly log: Log;
}

/** Serves standbys. Loaded only if `fleet.replica_address` is set. */
async function listenForReplicas({ config, app, links, log }: ReplicaSources): Promise<void> {
  const [{ serveReplicas }, { replicaKey }, { fleetSecret }] = await Promise.all([
    import('./standby/serve-replicas.ts'),
    import('./standby/replica-handshake.ts'),
    import('./fleet/fleet-secret.ts'),
  ]);
  const key = replicaKey(
    await fleetSecret({ config, files: systemStorage, random: systemRandom, log: () => undefined }),
  );
  const address = config.fleet.replica_address;
  await serveReplicas({ app, address, key, links, clock: systemClock, random: systemRandom, log });
}

/** MAC addresses of the network interfaces of this machine, without loopback. */
function macAddresses(): readonly string[] {
  const all = Object.values(networkInterfaces()).flatMap((addresses = []) => addresses);
  return [...new Set(all.flatMap(({ internal, mac }) => (internal ? [] : [mac])))];
}

/** Opens TLS. Loaded only if HTTPS is enabled. Throws `StartRefused` if the certificate cannot be used. */
export async function openTls(config: GatewayConfig, machineName: string, log: Log): Promise<GatewayTls> {
  const { openTls } = await import('./tls/open-tls.ts');
  try {
    return await openTls({
      config,
      files: systemStorage,
      watchFolder: watchSystemFolder,
      clock: systemClock,
      random: systemRandom,
      machineName,
      addresses: localAddresses(),
      log,
    });
  } catch (error) {
    throw new StartRefused(errorMessage(error));
  }
}

/** IP addresses of this machine, without link-local ones: those are valid on one network only. */
function localAddresses(): readonly string[] {
  const all = Object.values(networkInterfaces()).flatMap((addresses = []) => addresses);
  return all.flatMap(({ address, scopeid }) => (scopeid ? [] : [address]));
}

/** Adds the clients that their certificates identify. Loaded only if the gateway requests certificates. */
async function withCertificates(principals: Principals, options: CertificateOptions): Promise<Principals> {
  const { certificatePrincipals } = await import('./security/certificate-principals.ts');
  return certificatePrincipals(principals, options);
}

/** The options of the fault manager, which is not open yet. Loaded only if the gateway has one. */
async function openFaults(options: Omit<FaultSources, 'clock' | 'files'>): Promise<GatewayFaults> {
  const { faultOptions } = await import('./faults/fault-options.ts');
  return faultOptions({ ...options, files: systemStorage, clock: systemClock });
}

/** Returns whether the gateway has accounts: enabled by the configuration, or created by a command. */
async function hasAccounts(config: GatewayConfig): Promise<boolean> {
  const { enabled, oidc, setup, users_file } = config.auth;
  if (enabled || setup || users_file !== '' || oidc.issuer !== '') return true;
  const hub = await configuredHubDatabase({ config, clock: systemClock, log: () => undefined });
  if (!hub) return (await systemFiles.stateOf(resolve(config.data_dir, 'auth.db'))) !== undefined;
  try {
    return await hub.exists('accounts');
  } catch (error) {
    throw new StartRefused(errorMessage(error));
  }
}

/** Opens the accounts. Loaded only if the gateway has any. */
async function openAccounts(
  options: Pick<OpenAccountsOptions, 'config' | 'hostName' | 'hubDatabase' | 'instance' | 'isSecure' | 'log'>,
): Promise<OpenAccounts> {
  const { openGatewayAccounts } = await import('./accounts/open-accounts.ts');
  return openGatewayAccounts({
    ...options,
    files: systemStorage,
    clock: systemClock,
    random: systemRandom,
    http: systemHttpClient,
  });
}

/** A runtime outside of ROS. Loaded only if one is configured. */
async function openIsland(config: GatewayConfig, faults: GatewayFaults | undefined): Promise<IslandRuntime> {
  const { joinIsland } = await import('./runtimes/join-island.ts');
  return joinIsland({ config, files: systemStorage, clock: systemClock, ...(faults && { faults: faults.host }) });
}

/** Opens the audit log. If that fails, logs the reason; the first request tries again. */
async function openEarly(audit: AuditFile, log: Log): Promise<void> {
  try {
    const store = await audit.store();
    // The first write counts all records, for the limits. An empty write does so before a request waits for it.
    await store.write([], {}, 'system');
  } catch (error) {
    log('error', `the audit log cannot be opened: ${errorMessage(error)}`);
  }
}

/** Returns the log on standard error. */
export function operatorLogOf(environment: Environment): OperatorLog {
  return operatorLog(environment, fstatSync(process.stderr.fd), (line) => process.stderr.write(line));
}

/** Last check before the gateway listens, for configurations that did not come through `loadConfig`. */
async function refuseExposure(config: GatewayConfig): Promise<void> {
  const { host, token, insecure, tls } = config.server;
  const hasCertificates = tls.enabled && tls.client_auth !== 'off';
  if (isLoopbackHost(host) || token !== '' || insecure || hasCertificates || (await hasAccounts(config))) return;
  throw new StartRefused(
    `${host} can be reached from other machines: create a user, set server.token, or use --insecure`,
  );
}
