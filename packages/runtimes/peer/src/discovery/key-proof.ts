import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Service } from './service-records.ts';

/**
 * Returns the proof in the announcement of a gateway that it knows the token, bound to this address and name, without
 * revealing the token. A repeated proof from elsewhere is worthless.
 */
export function keyProof({ label, address, port, instance = '' }: Omit<Service, 'proof'>, token: string): string {
  const said = ['medkit peer', label.toLowerCase(), address, port, instance].join('\n');
  return createHmac('sha256', token).update(said).digest('base64url');
}

/** Returns whether a gateway has proved that it knows a token. */
export function knowsKey(service: Service, token: string): boolean {
  const [claimed, expected] = [Buffer.from(service.proof ?? ''), Buffer.from(keyProof(service, token))];
  return claimed.length === expected.length && timingSafeEqual(claimed, expected);
}
