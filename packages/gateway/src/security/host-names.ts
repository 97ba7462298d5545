import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

export interface HostNamesOptions {
  /** Where the gateway listens. */
  readonly boundHost: string;
  /** The machine's own name. */
  readonly machineName: string;
  /** `server.allowed_hosts`. */
  readonly allowedHosts: readonly string[];
}

/**
 * Tells by the `Host` of a request whether its sender means this gateway. A page whose DNS name was made to point here
 * (DNS rebinding) sends that name; an address in figures cannot be rebound, and a name listed here is nobody else's.
 */
export function hostNames({ boundHost, machineName, allowedHosts }: HostNamesOptions): (header: string) => boolean {
  const machine = machineName.toLowerCase();
  const names = new Set(
    ['localhost', boundHost, machine, `${machine}.local`, ...allowedHosts].map((name) => name.toLowerCase()),
  );
  /** The header that was last found to mean us: nearly all requests have the same. */
  let ours: string | undefined;
  return (header) => {
    if (header === ours) return true;
    const name = nameOf(header.toLowerCase());
    const isOurs = isIP(name) !== 0 || names.has(name);
    if (isOurs) ours = header;
    return isOurs;
  };
}

/** The host without its port and the brackets of IPv6. */
function nameOf(header: string): string {
  const [, bracketed, plain] = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::\d{1,5})?$/.exec(header) ?? [];
  return bracketed ?? plain ?? '';
}

/**
 * False where a request names several hosts, of which somebody in between may have gone by another than we do: in more than one
 * `Host` (RFC 9112, 3.2), or in an address with a host in it that is not the one of the header.
 */
export function isOfOneHost({
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
