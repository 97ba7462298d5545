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
