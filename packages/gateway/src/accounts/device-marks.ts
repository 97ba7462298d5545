import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Random } from '@medkit/edges';
import type { GatewayAccounts } from './gateway-accounts.ts';

const KEY_BYTES = 32;

/** Marks that a browser keeps of the user who has logged in with it. They are good until the gateway is started again. */
export function deviceMarks(random: Random): GatewayAccounts['devices'] {
  const key = random.bytes(KEY_BYTES);
  const markOf = (user: string): string => createHmac('sha256', key).update(user).digest('base64url');
  return {
    markOf,
    isOf: (user, mark) => {
      const [right, given] = [Buffer.from(markOf(user)), Buffer.from(mark ?? '')];
      return right.length === given.length && timingSafeEqual(right, given);
    },
  };
}
