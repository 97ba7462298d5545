import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

export interface HostNamesOptions {
  /** Address on which the gateway listens. */
  readonly boundHost: string;
  /** Host name of the machine. */
  readonly machineName: string;
  /** `server.allowed_hosts`. */
  readonly allowedHosts: readonly string[];
}

/**
 * Returns a function that checks whether a `Host` header names this gateway. A page with DNS rebinding sends its own
 * name. An IP address cannot be rebound, and the names listed here belong to this machine.
 */
export function hostNames({ boundHost, machineName, allowedHosts }: HostNamesOptions): (header: string) => boolean {
  const machine = machineName.toLowerCase();
  const names = new Set(
    ['localhost', boundHost, machine, `${machine}.local`, ...allowedHosts].map((name) => name.toLowerCase()),
  );
  /** Cache of the last accepted header: nearly all requests have the same. */
  let ours: string | undefined;
  return (header) => {
    if (header === ours) return true;
    const name = nameOf(header.toLowerCase());
    const isOurs = isIP(name) !== 0 || names.has(name);
    if (isOurs) ours = header;
    return isOurs;
  };
}

/** Returns the host without its port and the brackets of IPv6. */
export function nameOf(header: string): string {
  const [, bracketed, plain] = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::\d{1,5})?$/.exec(header) ?? [];
  return bracketed ?? plain ?? '';
}

/**
 * Returns `false` if a request names several hosts, since an intermediary may have used another than the gateway does:
 * more than one `Host` (RFC 9112, 3.2), or an absolute URL with a different host.
 */
export function hasSingleHost({
  url = '',
  headers,
  rawHeaders,
}: Pick<IncomingMessage, 'url' | 'headers' | 'rawHeaders'>) {
  let named = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] as string;
    if (name.length === 4 && name.toLowerCase() === 'host') named++;
  }
  if (named > 1) return false;
  if (url.startsWith('/') || url === '*') return true;
  const [, authority] = /^https?:\/\/([^/?#]*)/i.exec(url) ?? [];
  return authority !== undefined && authority.toLowerCase() === headers.host?.toLowerCase();
}
