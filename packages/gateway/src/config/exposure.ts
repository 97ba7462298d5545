import { ConfigRefused, type Notice } from './assignment.ts';
import type { FlatConfig } from './gateway-config.ts';
import { peerNetworkRefusals, proxyRefusals } from './proxy-list.ts';

/** Returns whether a host name or address is reachable from this machine only. */
export function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
}

const MAX_PORT = 65_535;
/** Minimum length of a token: a shorter one can be guessed over a network. */
const MIN_TOKEN_LENGTH = 16;

/**
 * Checks rules across the settings that control who can reach the robot. `hasAccounts` says that users or keys already
 * exist. Throws `ConfigRefused` if a rule is broken.
 */
export function validateExposure(config: FlatConfig, hasAccounts: boolean): readonly Notice[] {
  const host = config['server.host'];
  const token = config['server.token'];
  const refusals: string[] = [
    ...tlsRefusals(config),
    ...metricsRefusals(config, hasAccounts),
    ...proxyRefusals(config['server.trusted_proxies']),
    ...peerNetworkRefusals(config['aggregation.trusted_networks'], { allowsAll: config.compat !== '' }),
  ];
  const notices: Notice[] = [];
  if (config['cors.allow_credentials'] && config['cors.allowed_origins'].includes('*')) {
    refusals.push(
      'cors.allow_credentials with the origin "*" would let every web page act as the user: list the allowed origins',
    );
  }
  for (const key of ['server.token', 'metrics.token'] as const) {
    if (config[key] !== '' && (config[key].length < MIN_TOKEN_LENGTH || !/^[\x21-\x7e]+$/.test(config[key])))
      refusals.push(`${key} needs at least ${MIN_TOKEN_LENGTH} printable characters without spaces`);
  }
  if (!isLoopbackHost(host)) {
    const isGuarded = token !== '' || knowsWhoAsks(config, hasAccounts) || requestsCertificates(config);
    if (!isGuarded && !config['server.insecure']) {
      refusals.push(
        `server.host ${host} can be reached from other machines, and every client there could read and command the robot. ` +
          'Create a user with "medkit auth init", or start with --setup and create one in the web UI, or set server.token_file. ' +
          'To allow access without credentials, use --insecure',
      );
    } else if (!isGuarded) {
      notices.push({
        level: 'warning',
        text: `listening on ${host} without a token or accounts: every client that reaches this address can command the robot`,
      });
    } else if (!config['server.tls.enabled']) {
      notices.push({
        level: 'warning',
        text: `listening on ${host} without TLS: tokens and passwords are sent unencrypted`,
      });
    }
  }
  if (refusals.length > 0) throw new ConfigRefused(refusals);
  return notices;
}

/** Returns whether accounts are required to control the robot. */
function knowsWhoAsks(config: FlatConfig, hasAccounts: boolean): boolean {
  const isOn =
    hasAccounts ||
    config['auth.enabled'] ||
    config['auth.oidc.issuer'] !== '' ||
    config['auth.users_file'] !== '' ||
    config['auth.setup'];
  return isOn && config['auth.require_auth_for'].toLowerCase() !== 'none';
}

/** Returns whether client certificates identify clients, unless accounts allow unauthenticated access. */
function requestsCertificates(config: FlatConfig): boolean {
  const isOn = config['server.tls.enabled'] && config['server.tls.client_auth'] !== 'off';
  return isOn && config['auth.require_auth_for'].toLowerCase() !== 'none';
}

/** Checks who can read metrics. The token of metrics is stored in the scraper, so it must not control the robot. */
function metricsRefusals(config: FlatConfig, hasAccounts: boolean): readonly string[] {
  const refusals: string[] = [];
  const { 'metrics.token': token, 'server.token': serverToken, 'metrics.listen': listen } = config;
  if (token !== '' && token === serverToken) {
    refusals.push('metrics.token equals server.token, which permits everything: choose another token');
  }
  if (!config['metrics.enabled'] || listen === '') return refusals;
  const { host, port } = splitAddress(listen);
  if (port > MAX_PORT) refusals.push(`metrics.listen: ${port} is not a port: the maximum is ${MAX_PORT}`);
  const isGuarded =
    token !== '' || serverToken !== '' || knowsWhoAsks(config, hasAccounts) || requestsCertificates(config);
  if (!isLoopbackHost(host) && !isGuarded && !config['server.insecure']) {
    refusals.push(
      `metrics.listen ${listen} can be reached from other machines: set metrics.token_file, or use --insecure`,
    );
  }
  return refusals;
}

/** Splits `127.0.0.1:9464` or `[::1]:9464`; the host has no brackets. */
export function splitAddress(address: string): { readonly host: string; readonly port: number } {
  const colon = address.lastIndexOf(':');
  return { host: address.slice(0, colon).replace(/^\[(.*)\]$/, '$1'), port: Number(address.slice(colon + 1)) };
}

/** Checks rules across the TLS settings, if TLS is enabled. The gateway does not start if one is broken. */
function tlsRefusals(config: FlatConfig): readonly string[] {
  if (!config['server.tls.enabled']) return [];
  const files = ['server.tls.cert_file', 'server.tls.key_file'] as const;
  const [named, missing] = [files.filter((key) => config[key] !== ''), files.filter((key) => config[key] === '')];
  if (config['server.tls.self_signed']) {
    if (named.length === 0) return [];
    return [`server.tls.self_signed generates a certificate: remove it, or remove ${named.join(' and ')}`];
  }
  return missing.map(
    (key) => `${key} is not set: server.tls.enabled needs it, unless server.tls.self_signed generates a certificate`,
  );
}
