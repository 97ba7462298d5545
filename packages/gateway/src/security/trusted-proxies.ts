import { proxyList } from '../config/index.ts';

/** Returns whether the forwarding headers of this address are trusted, since it is a proxy. */
type Trust = (address: string | undefined) => boolean;

/**
 * Returns the check that decides for Fastify whose `X-Forwarded-…` headers it trusts; `undefined` if no proxy is
 * configured. It depends on the address only: a configured number of proxies would let any client forge as many
 * (CVE-2026-3635).
 */
export function trustedProxies(list: readonly string[]): Trust | undefined {
  if (list.length === 0) return undefined;
  const isTrusted = proxyList(list);
  return (address) => address !== undefined && isTrusted(address);
}
