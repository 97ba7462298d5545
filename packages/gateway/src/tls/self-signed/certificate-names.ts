import { isIP } from 'node:net';

export interface MachineNames {
  readonly machineName: string;
  /** Address on which the gateway listens. */
  readonly boundHost: string;
  /** `server.public_url`; `''` for none. */
  readonly publicUrl: string;
  /** `server.allowed_hosts`. */
  readonly allowedHosts: readonly string[];
  /** IP addresses of this machine. */
  readonly addresses: readonly string[];
}

/** Maximum names in a certificate: a machine with containers has dozens of addresses, and clients read all of them. */
const MAX_NAMES = 64;
/** A DNS name (RFC 1123, 2.1), or a wildcard name. */
const DNS_NAME = /^(?:\*\.)?(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_-]{0,62})(?:\.[a-z0-9_](?:[a-z0-9_-]{0,62}))*$/;
/** Wildcard listening addresses. */
const EVERYWHERE = ['0.0.0.0', '::', ''];

/** Returns the names that the certificate must include for clients that use a valid name of this machine. */
export function requiredNames({ machineName, boundHost, publicUrl, allowedHosts }: MachineNames): readonly string[] {
  const machine = machineName.toLowerCase();
  const bound = boundHost.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  const outside = publicUrl === '' ? [] : [new URL(publicUrl).hostname.replace(/^\[(.*)\]$/, '$1')];
  const dotted = machine.endsWith('.local') ? [] : [`${machine}.local`];
  const wanted = [machine, ...dotted, 'localhost', ...(EVERYWHERE.includes(bound) ? [] : [bound]), ...outside];
  const all = [...wanted, ...allowedHosts.map((name) => name.toLowerCase())];
  return [...new Set(all.filter((name) => isIP(name) !== 0 || DNS_NAME.test(name)))].slice(0, MAX_NAMES);
}

/** Returns those names and the current IP addresses, which change over time. */
export function certificateNames(machine: MachineNames): readonly string[] {
  const loopback = ['127.0.0.1', '::1'];
  return [...new Set([...requiredNames(machine), ...loopback, ...machine.addresses])].slice(0, MAX_NAMES);
}
