import { type Finding, finding } from './finding.ts';

/** Finding for a gateway on another machine that is addressed over HTTP. */
export function tlsFindings(url: string): readonly Finding[] {
  const { protocol, hostname, origin } = new URL(url);
  if (protocol === 'https:' || LOOPBACK.test(hostname)) return [];
  return [finding('tls_off', `Requests go to ${origin}.`)];
}

const LOOPBACK = /^(?:localhost|127\.[\d.]+|\[::1\])$/;
