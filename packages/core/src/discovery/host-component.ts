import type { Component, ResourceAddress } from '../entity/entity.ts';
import { MAX_ENTITY_ID_LENGTH, toEntityId } from '../entity/entity-id.ts';

/** What the machine says of itself. */
export interface HostFacts {
  readonly hostname: string;
  /** `Debian GNU/Linux 12 (bookworm)`: `PRETTY_NAME` of `/etc/os-release`. */
  readonly osName: string;
  /** `x86_64`, as `uname -m` prints it. */
  readonly machine: string;
}

/** The machine that the apps run on, as a component. */
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

/** A host name as an entity id: `Dev.Machine 01-A!` becomes `dev_machine_01-a`. */
export function hostId(hostname: string): string {
  const id = hostname
    .replace(/[. ]/g, '_')
    .toLowerCase()
    .replace(/[^a-z0-9_-]/g, '');
  // A name in another script would lose its letters, and be that of other hosts.
  if (/\P{ASCII}/u.test(hostname)) return toEntityId(hostname);
  return id.slice(0, MAX_ENTITY_ID_LENGTH) || 'unknown_host';
}

/** `PRETTY_NAME` in the text of `/etc/os-release`, without its quotes; `Unknown OS` where there is none. */
export function osNameOf(osRelease: string | undefined): string {
  const line = osRelease?.split('\n').find((candidate) => candidate.startsWith('PRETTY_NAME='));
  const value = line?.slice('PRETTY_NAME='.length).trim() ?? '';
  return value.replace(/^(["'])(.*)\1$/, '$2') || 'Unknown OS';
}
