import type { FastifyRequest } from 'fastify';

/** Minimum bytes of a body to compress: a shorter one fits into one or two packets. */
export const MIN_COMPRESSED_BYTES = 2048;

/** Returns whether the client accepts this content coding (RFC 9110, 12.5.3). */
export function acceptsCoding({ headers }: Pick<FastifyRequest, 'headers'>, coding: 'gzip' | 'br'): boolean {
  const accepted = headers['accept-encoding'];
  return accepted !== undefined && ACCEPTS[coding].test(String(accepted));
}

const ACCEPTS = { gzip: accepting('gzip'), br: accepting('br') } as const;

function accepting(coding: string): RegExp {
  return new RegExp(`(?:^|[\\s,])${coding}\\s*(?:$|,|;(?!\\s*q=0(?:\\.0*)?\\s*(?:$|,)))`, 'i');
}

/** Returns whether the client is on this machine, where compression costs more than it saves. */
export function isLocalClient({ ip }: Pick<FastifyRequest, 'ip'>): boolean {
  return ip === '::1' || /^(?:::ffff:)?127\./.test(ip);
}

/** Returns `Vary` with `Accept-Encoding` added. */
export function addVary(vary: unknown): string {
  return vary === undefined ? 'Accept-Encoding' : `${String(vary)}, Accept-Encoding`;
}
