import type { IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';
import { hostKey, type Tenant } from '../config/index.ts';
import { hasSingleHost, nameOf } from '../security/host-names.ts';
import { trustedProxies } from '../security/trusted-proxies.ts';

type Request = Pick<IncomingMessage, 'headers' | 'rawHeaders' | 'socket' | 'url'>;

/**
 * Returns a function that chooses the tenant of each request by its host name, without port and case. Behind a proxy of
 * `trustedProxyList`, `X-Forwarded-Host` counts, as it does for the gateway of the tenant. Returns `undefined` if no tenant
 * has the name, if the request has several, or if the name in the TLS handshake (SNI) belongs to another tenant: a
 * connection that a browser reuses for another host name must not reach its tenant (RFC 9110, 7.4).
 */
export function tenantChooser<T extends Tenant>(
  tenants: readonly T[],
  trustedProxyList: readonly string[],
): (request: Request) => T | undefined {
  const byHost = new Map(tenants.flatMap((tenant) => tenant.hosts.map((host) => [host, tenant] as const)));
  const isTrusted = trustedProxies(trustedProxyList);
  const of = (host: string): T | undefined => byHost.get(hostKey(nameOf(host.toLowerCase())));
  return (request) => {
    const { headers, socket } = request;
    if (!hasSingleHost(request)) return undefined;
    const forwarded = headers['x-forwarded-host'];
    if (forwarded !== undefined && isTrusted?.(socket.remoteAddress)) {
      return of(String(forwarded).split(',').at(-1)?.trim() ?? '');
    }
    const tenant = of(headers.host ?? '');
    // `false` or absent without TLS and for addresses.
    const { servername } = socket as Partial<TLSSocket>;
    return servername && of(servername) !== tenant ? undefined : tenant;
  };
}
