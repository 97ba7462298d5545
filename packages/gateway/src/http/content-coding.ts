import type { FastifyRequest } from 'fastify';

/** Octets of the shortest body that is compressed: a shorter one fits into a packet or two as it is. */
export const MIN_COMPRESSED_BYTES = 2048;

/** Whether the client takes a body that is coded so (RFC 9110, 12.5.3). */
export function takes({ headers }: Pick<FastifyRequest, 'headers'>, coding: 'gzip' | 'br'): boolean {
  const accepted = headers['accept-encoding'];
  return accepted !== undefined && ACCEPTS[coding].test(String(accepted));
}

const ACCEPTS = { gzip: accepting('gzip'), br: accepting('br') } as const;

function accepting(coding: string): RegExp {
  return new RegExp(`(?:^|[\\s,])${coding}\\s*(?:$|,|;(?!\\s*q=0(?:\\.0*)?\\s*(?:$|,)))`, 'i');
}

/** True for a client on this machine, to whom an octet costs less than to compress it. */
export function isNear({ ip }: Pick<FastifyRequest, 'ip'>): boolean {
  return ip === '::1' || /^(?:::ffff:)?127\./.test(ip);
}

/** `Vary` with `Accept-Encoding` besides what it says already. */
export function varying(vary: unknown): string {
  return vary === undefined ? 'Accept-Encoding' : `${String(vary)}, Accept-Encoding`;
}
