import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Service } from './service-records.ts';

/**
 * What a gateway with a token adds to its announcement: that it knows the token, at this address and under this name, without
 * telling it. Whoever repeats it elsewhere proves nothing.
 */
export function keyProof({ label, address, port, instance = '' }: Omit<Service, 'proof'>, token: string): string {
  const said = ['medkit peer', label.toLowerCase(), address, port, instance].join('\n');
  return createHmac('sha256', token).update(said).digest('base64url');
}

/** Whether a gateway has shown that it knows a token. */
export function knowsKey(service: Service, token: string): boolean {
  const [told, right] = [Buffer.from(service.proof ?? ''), Buffer.from(keyProof(service, token))];
  return told.length === right.length && timingSafeEqual(told, right);
}
