import type { FlatConfig } from './gateway-config.ts';

/** Checks rules across the TLS settings, if TLS is enabled. The gateway does not start if one is broken. */
export function tlsRefusals(config: FlatConfig): readonly string[] {
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
