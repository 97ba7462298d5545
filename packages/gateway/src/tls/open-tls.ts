import type { Server } from 'node:https';
import type { Socket } from 'node:net';
import { resolve } from 'node:path';
import type { Log } from '@medkit/core';
import type { Clock, Files, Random, WatchFolder, WritableFiles } from '@medkit/edges';
import type { GatewayConfig } from '../config/index.ts';
import type { GatewayTls } from '../http/gateway-tls.ts';
import type { ClientAuthentication, ClientAuthenticationOptions } from './clients/client-authentication.ts';
import { readCredentialFiles } from './credential-files.ts';
import { type SecuredPort, securePort } from './first-byte.ts';
import { type CredentialReader, serveCertificate } from './served-certificate.ts';
import type { TlsCredentials } from './tls-credentials.ts';
import { tlsHealth } from './tls-health.ts';
import { contextOptions, tlsOptions } from './tls-options.ts';
import { watchFiles } from './watched-files.ts';

// Not imported, as in the HTTP client of `edges/node`.
const https = process.getBuiltinModule('node:https');

/**
 * Interval of checks without a change event: some file systems send none, a self-signed certificate expires, and the
 * clock may be set.
 */
const LOOK_PERIOD_MS = 600_000;

export interface TlsSources {
  readonly config: Pick<GatewayConfig, 'data_dir' | 'server'>;
  readonly files: Files & WritableFiles;
  readonly watchFolder: WatchFolder;
  readonly clock: Clock;
  readonly random: Random;
  readonly machineName: string;
  /** IP addresses of this machine. */
  readonly addresses: readonly string[];
  readonly log: Log;
}

/** Opens TLS as configured. Throws an error with a one-line message if the certificate cannot be used. */
export async function openTls(sources: TlsSources): Promise<GatewayTls> {
  const { config, files, watchFolder, clock, random, log } = sources;
  const settings = config.server.tls;
  const { min_version: minVersion } = settings;
  const servers: Server[] = [];
  const ports: SecuredPort[] = [];
  const rawSockets = new WeakMap<Socket, Socket>();
  const clients = await clientAuthentication({ settings, files, clock, random, log });
  const useContext = (credentials: TlsCredentials): void => {
    for (const server of servers) server.setSecureContext(contextOptions(credentials, minVersion, clients?.authority));
  };
  const served = await serveCertificate({
    read: await credentialSource(sources),
    clock,
    log,
    onChange: useContext,
  });
  const reload = async (): Promise<void> => {
    await served.reload();
    if (await clients?.reload()) {
      useContext(served.credentials);
      for (const server of servers) clients?.renew(server);
      clients?.endConnections();
    }
    await watched.renew();
  };
  const { cert_file, key_file, ca_file, client_ca_file, client_crl_file } = settings;
  const clientFiles = clients ? [client_ca_file, client_crl_file] : [];
  const watched = watchFiles({
    paths: [cert_file, key_file, ca_file, ...clientFiles].filter((path) => path !== ''),
    files,
    watchFolder,
    clock,
    onSettled: () => void reload(),
  });
  await watched.renew();
  const looking = clock.every(LOOK_PERIOD_MS, () => void reload());
  return {
    minVersion,
    ...(clients && { clients: clients.certificates }),
    get isSelfSigned() {
      return served.credentials.facts.isSelfSigned;
    },
    createServer: (handler, { connectionTimeout, ...limits }) => {
      const options = tlsOptions(served.credentials, minVersion, clients?.authority);
      const server = https.createServer({ ...limits, ...options }, clients?.renewing(handler) ?? handler);
      server.setTimeout(connectionTimeout);
      ports.push(
        securePort(server, (raw, secured) => {
          rawSockets.set(secured, raw);
          clients?.add(secured);
        }),
      );
      servers.push(server);
      return server;
    },
    rawOf: (socket) => rawSockets.get(socket) ?? socket,
    cutOff: () => {
      for (const port of ports) port.cutOff();
    },
    health: () => {
      const { warnings, blocks } = tlsHealth(served, settings, clock.wallMs());
      return { warnings: [...warnings, ...(clients?.warnings ?? [])], blocks };
    },
    reload,
    close: () => {
      looking.cancel();
      watched.close();
      clients?.close();
    },
  };
}

/** The authentication of clients. Loaded only if it is enabled. */
async function clientAuthentication(options: ClientAuthenticationOptions): Promise<ClientAuthentication | undefined> {
  if (options.settings.client_auth === 'off') return undefined;
  const { openClientAuthentication } = await import('./clients/client-authentication.ts');
  return openClientAuthentication(options);
}

/** Returns the source of the certificate. The code that creates one is loaded only if needed. */
async function credentialSource({ config, ...sources }: TlsSources): Promise<CredentialReader> {
  const { data_dir, server } = config;
  const { tls, host: boundHost, public_url: publicUrl, allowed_hosts: allowedHosts } = server;
  const { files, clock } = sources;
  if (tls.self_signed) {
    const { selfSignedCertificate } = await import('./self-signed/self-signed-certificate.ts');
    return selfSignedCertificate({
      ...sources,
      folder: resolve(data_dir, 'tls'),
      machine: { ...sources, boundHost, publicUrl, allowedHosts },
    });
  }
  return () => readCredentialFiles(tls, files, clock.wallMs());
}
