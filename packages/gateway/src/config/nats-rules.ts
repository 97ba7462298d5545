import { ConfigRefused, type Notice } from './assignment.ts';
import type { FlatConfig } from './gateway-config.ts';

const EXAMPLE = 'Example: nats://nats.example.com:4222';

/** Checks `fleet.nats`. Throws `ConfigRefused` with each problem and its remedy. */
export function validateNats(config: FlatConfig): readonly Notice[] {
  const servers = config['fleet.nats.servers'];
  const refusals = servers.flatMap((entry) => problemOf(entry) ?? []);
  const schemes = new Set(servers.map((entry) => entry.slice(0, entry.indexOf(':'))));
  if (refusals.length === 0 && schemes.size > 1) {
    refusals.push(
      'fleet.nats.servers has both nats:// and tls://: the servers of a cluster are all encrypted, or none',
    );
  }
  const rest = ['credentials_file', 'hub_name', 'stream'] as const;
  for (const name of rest) {
    if (servers.length === 0 && config[`fleet.nats.${name}`] !== '') {
      refusals.push(`fleet.nats.${name} needs servers: set fleet.nats.servers, too`);
    }
  }
  if (refusals.length > 0) throw new ConfigRefused(refusals);
  return [];
}

/** Returns the problem of an address. The message has no part of it that may be secret. */
function problemOf(entry: string): string | undefined {
  const url = URL.parse(entry);
  const problem = (text: string) => `fleet.nats.servers: ${text}. ${EXAMPLE}`;
  if (!url || !/^(?:nats|tls):$/.test(url.protocol) || url.hostname === '') {
    return problem(`"${entry.replace(/\/\/.*@/, '//…@')}" is not an address of a server`);
  }
  if (url.username !== '' || url.password !== '') {
    return problem(`the address of ${url.host} has a user or password: write them into fleet.nats.credentials_file`);
  }
  if (!/^\/?$/.test(url.pathname) || url.search !== '' || url.hash !== '') {
    return problem(`the address of ${url.host} has more than a host and a port`);
  }
  return undefined;
}
