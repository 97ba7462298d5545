import { hostname } from 'node:os';
import { errorMessage, type Log } from '@medkit/core';
import type { Timer } from '@medkit/edges';
import { systemClock } from '@medkit/edges/node';
import type { GatewayConfig, LoadedTenant } from '../config/index.ts';
import { localUrl } from '../http/local-url.ts';
import { checkListenAddress, StartRefused } from '../listen.ts';
import { openTls, operatorLogOf, type RunningGateway, type StartOptions, startGateway } from '../start-gateway.ts';
import { listenForTenants, type TenantListener } from './tenant-listener.ts';

/** Interval of the attempts to start a tenant that failed to start, for example while its database is not available. */
const RESTART_MS = 30_000;

export interface StartTenantsOptions extends Pick<StartOptions, 'environment' | 'log' | 'pagesFolder'> {
  /** The configuration of the hub, for the listener. */
  readonly config: GatewayConfig;
  readonly tenants: readonly LoadedTenant[];
}

export type RunningTenants = Pick<RunningGateway, 'close' | 'reload' | 'url'>;

/**
 * Starts a hub for each tenant, behind one listener. A tenant that fails does not end the others: the log names it, its host
 * names answer 503, and it is started again every 30 s. Throws `StartRefused` if the port or the certificate cannot be
 * used, or if no tenant starts.
 */
export async function startTenants(options: StartTenantsOptions): Promise<RunningTenants> {
  const { config, environment, tenants } = options;
  const log = options.log ?? operatorLogOf(environment);
  const { host, port } = config.server;
  await using opened = new AsyncDisposableStack();
  await checkListenAddress({ host, port, clock: systemClock });
  const tls = config.server.tls.enabled ? await openTls(config, hostname(), log) : undefined;
  opened.defer(() => tls?.close());
  const listener = await listenForTenants({ config, tenants, tls, clock: systemClock });
  opened.defer(() => listener.close());
  const hubs = tenants.map((tenant) => tenantHub(tenant, listener, { ...options, log }));
  opened.defer(async () => void (await Promise.all(hubs.map((hub) => hub.close()))));
  // One after the other: together they would need the memory of all starts.
  const failures: unknown[] = [];
  for (const hub of hubs) await hub.start().catch((error: unknown) => failures.push(error));
  if (failures.length === hubs.length) throw new StartRefused(`no tenant starts: ${errorMessage(failures[0])}`);
  const started = opened.move();
  return {
    url: localUrl(host, listener.port, tls ? 'https' : 'http'),
    reload: async () => void (await Promise.all([tls?.reload(), ...hubs.map((hub) => hub.reload())])),
    close: () => started.disposeAsync(),
  };
}

/** The hub of one tenant, and the attempts to start it. */
function tenantHub(
  tenant: LoadedTenant,
  listener: TenantListener,
  { environment, log, pagesFolder }: Omit<StartTenantsOptions, 'log'> & { readonly log: Log },
) {
  const { name, loaded } = tenant;
  const logOfTenant: Log = (level, message, traceparent) => log(level, `${name}: ${message}`, traceparent);
  let running: RunningGateway | undefined;
  let starting: Promise<void> | undefined;
  let timer: Timer | undefined;
  let closing = false;
  const attempt = async (): Promise<void> => {
    try {
      running = await startGateway({
        ...loaded,
        environment,
        pagesFolder,
        log: logOfTenant,
        sharedPort: listener.portOf(tenant),
      });
      void restartIfOutdated(running);
    } catch (error) {
      log('error', `the tenant ${name} does not start, and is tried again in 30 s: ${errorMessage(error)}`);
      timer = systemClock.after(RESTART_MS, () => void start().catch(() => undefined));
      throw error;
    }
  };
  const restartIfOutdated = async (gateway: RunningGateway): Promise<void> => {
    const reason = await gateway.outdated;
    if (closing) return;
    log('error', `the tenant ${name} is started again: ${reason}`);
    await gateway.close();
    await start().catch(() => undefined);
  };
  const start = (): Promise<void> => {
    if (closing) return Promise.resolve();
    starting = attempt();
    return starting;
  };
  return {
    start,
    reload: async () => running?.reload(),
    close: async () => {
      closing = true;
      // A failure to start was logged.
      await starting?.catch(() => undefined);
      timer?.cancel();
      await running?.close();
    },
  };
}
