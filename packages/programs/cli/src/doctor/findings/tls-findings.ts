import { type Finding, finding } from './finding.ts';

/** That a gateway is asked over HTTP from another machine, by the address under which it is. */
export function tlsFindings(url: string): readonly Finding[] {
  const { protocol, hostname, origin } = new URL(url);
  if (protocol === 'https:' || LOOPBACK.test(hostname)) return [];
  return [finding('tls_off', `Requests go to ${origin}.`)];
}

const LOOPBACK = /^(?:localhost|127\.[\d.]+|\[::1\])$/;
