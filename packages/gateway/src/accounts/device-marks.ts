import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Random } from '@medkit/edges';
import type { GatewayAccounts } from './gateway-accounts.ts';

const ID_BYTES = 12;

/**
 * Marks that a browser stores for each user who has logged in with it: `<device id>.<HMAC>`. The gateway stores nothing but the
 * key, so the marks are good for as long as that is.
 */
export function deviceMarks(key: Uint8Array, random: Pick<Random, 'bytes'>): GatewayAccounts['devices'] {
  const signed = (user: string, id: string): string =>
    `${id}.${createHmac('sha256', key).update(`${id} ${user}`).digest('base64url')}`;
  return {
    markOf: (user) => signed(user, Buffer.from(random.bytes(ID_BYTES)).toString('base64url')),
    idOf: (user, mark = '') => {
      const [id = ''] = mark.split('.', 1);
      const [right, given] = [Buffer.from(signed(user, id)), Buffer.from(mark)];
      return right.length === given.length && timingSafeEqual(right, given) ? id : undefined;
    },
  };
}
