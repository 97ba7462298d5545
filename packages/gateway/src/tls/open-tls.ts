import type { Server } from 'node:https';
import type { Socket } from 'node:net';
import { resolve } from 'node:path';
import type { Log } from '@medkit/core';
import type { Clock, Files, Random, WatchFolder, WritableFiles } from '@medkit/edges';
import type { GatewayConfig } from '../config/index.ts';
import type { GatewayTls } from '../http/gateway-tls.ts';
import { readCredentialFiles } from './credential-files.ts';
import { type SecuredPort, securePort } from './first-byte.ts';
import { type CredentialReader, serveCertificate } from './served-certificate.ts';
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
  const { config, files, watchFolder, clock, log } = sources;
  const settings = config.server.tls;
  const { min_version: minVersion } = settings;
  const servers: Server[] = [];
  const ports: SecuredPort[] = [];
  const rawSockets = new WeakMap<Socket, Socket>();
  const served = await serveCertificate({
    read: await credentialSource(sources),
    clock,
    log,
    onChange: (credentials) => {
      for (const server of servers) server.setSecureContext(contextOptions(credentials, minVersion));
    },
  });
  const reload = async (): Promise<void> => {
    await served.reload();
    await watched.renew();
  };
  const watched = watchFiles({
    paths: [settings.cert_file, settings.key_file, settings.ca_file].filter((path) => path !== ''),
    files,
    watchFolder,
    clock,
    onSettled: () => void reload(),
  });
  await watched.renew();
  const looking = clock.every(LOOK_PERIOD_MS, () => void reload());
  return {
    minVersion,
    get isSelfSigned() {
      return served.credentials.facts.isSelfSigned;
    },
    createServer: (handler, { connectionTimeout, ...limits }) => {
      const server = https.createServer({ ...limits, ...tlsOptions(served.credentials, minVersion) }, handler);
      server.setTimeout(connectionTimeout);
      ports.push(securePort(server, (raw, secured) => rawSockets.set(secured, raw)));
      servers.push(server);
      return server;
    },
    rawOf: (socket) => rawSockets.get(socket) ?? socket,
    cutOff: () => {
      for (const port of ports) port.cutOff();
    },
    health: () => tlsHealth(served, minVersion, clock.wallMs()),
    reload,
    close: () => {
      looking.cancel();
      watched.close();
    },
  };
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
