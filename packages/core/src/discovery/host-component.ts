import type { Component, ResourceAddress } from '../entity/entity.ts';
import { MAX_ENTITY_ID_LENGTH, toEntityId } from '../entity/entity-id.ts';

/** Facts about the machine that the gateway runs on. */
export interface HostFacts {
  readonly hostname: string;
  /** `Debian GNU/Linux 12 (bookworm)`: `PRETTY_NAME` of `/etc/os-release`. */
  readonly osName: string;
  /** `x86_64`, as `uname -m` prints it. */
  readonly machine: string;
}

/** Returns the component that stands for the machine the apps run on. */
export function hostComponent(host: HostFacts, address?: ResourceAddress): Component {
  const hostname = host.hostname || 'unknown';
  return {
    kind: 'component',
    id: hostId(hostname),
    name: hostname,
    type: 'Component',
    source: 'runtime',
    description: `${host.osName || 'Unknown OS'} on ${host.machine || 'unknown'}`,
    ...(address && { address }),
  };
}

/** Converts a host name to an entity id: `Dev.Machine 01-A!` becomes `dev_machine_01-a`. */
export function hostId(hostname: string): string {
  const id = hostname
    .replace(/[. ]/g, '_')
    .toLowerCase()
    .replace(/[^a-z0-9_-]/g, '');
  // A name in a non-Latin script would lose its letters and collide with other hosts.
  if (/\P{ASCII}/u.test(hostname)) return toEntityId(hostname);
  return id.slice(0, MAX_ENTITY_ID_LENGTH) || 'unknown_host';
}

/** Returns `PRETTY_NAME` from the text of `/etc/os-release` without its quotes, or `Unknown OS` if it is missing. */
export function osNameOf(osRelease: string | undefined): string {
  const line = osRelease?.split('\n').find((candidate) => candidate.startsWith('PRETTY_NAME='));
  const value = line?.slice('PRETTY_NAME='.length).trim() ?? '';
  return value.replace(/^(["'])(.*)\1$/, '$2') || 'Unknown OS';
}
