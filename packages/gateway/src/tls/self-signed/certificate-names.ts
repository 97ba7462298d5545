import { isIP } from 'node:net';

export interface OwnNames {
  readonly machineName: string;
  /** Where the gateway listens. */
  readonly boundHost: string;
  /** `server.public_url`; `''` for none. */
  readonly publicUrl: string;
  /** `server.allowed_hosts`. */
  readonly allowedHosts: readonly string[];
  /** Of this machine, in figures. */
  readonly addresses: readonly string[];
}

/** Names in a certificate: a machine with containers has dozens of addresses, and clients read all of them. */
const MAX_NAMES = 64;
/** A name as DNS has it (RFC 1123, 2.1), or a lower part of one behind a star. */
const DNS_NAME = /^(?:\*\.)?(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_-]{0,62})(?:\.[a-z0-9_](?:[a-z0-9_-]{0,62}))*$/;
/** Where one listens that listens everywhere. */
const EVERYWHERE = ['0.0.0.0', '::', ''];

/** Names that a certificate has to be for, or some client is refused that addresses this machine rightly. */
export function neededNames({ machineName, boundHost, publicUrl, allowedHosts }: OwnNames): readonly string[] {
  const machine = machineName.toLowerCase();
  const bound = boundHost.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  const outside = publicUrl === '' ? [] : [new URL(publicUrl).hostname.replace(/^\[(.*)\]$/, '$1')];
  const dotted = machine.endsWith('.local') ? [] : [`${machine}.local`];
  const wanted = [machine, ...dotted, 'localhost', ...(EVERYWHERE.includes(bound) ? [] : [bound]), ...outside];
  const all = [...wanted, ...allowedHosts.map((name) => name.toLowerCase())];
  return [...new Set(all.filter((name) => isIP(name) !== 0 || DNS_NAME.test(name)))].slice(0, MAX_NAMES);
}

/** The same with the addresses of the moment, which come and go. */
export function certificateNames(own: OwnNames): readonly string[] {
  const loopback = ['127.0.0.1', '::1'];
  return [...new Set([...neededNames(own), ...loopback, ...own.addresses])].slice(0, MAX_NAMES);
}
