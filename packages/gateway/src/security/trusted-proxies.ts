import { proxyList } from '../config/index.ts';

/** Whether what an address says of others counts: where it is that of a proxy, for whom it asks. */
type Trust = (address: string | undefined) => boolean;

/**
 * Whom Fastify believes the headers `X-Forwarded-…`; `undefined` where nobody is named. By a function that looks at the address, and at
 * nothing else: a number of proxies would be believed to whoever sends as many (CVE-2026-3635).
 */
export function trustedProxies(list: readonly string[]): Trust | undefined {
  if (list.length === 0) return undefined;
  const isTrusted = proxyList(list);
  return (address) => address !== undefined && isTrusted(address);
}
