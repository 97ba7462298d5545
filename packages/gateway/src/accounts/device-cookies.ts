import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Random } from '@medkit/edges';
import type { GatewayAccounts } from './gateway-accounts.ts';

const ID_BYTES = 12;

/**
 * Device cookies for users who logged in with a browser: `<device id>.<HMAC>`. The gateway stores only the key, so
 * cookies are valid as long as the key.
 */
export function deviceCookies(key: Uint8Array, random: Pick<Random, 'bytes'>): GatewayAccounts['devices'] {
  const signed = (user: string, id: string): string =>
    `${id}.${createHmac('sha256', key).update(`${id} ${user}`).digest('base64url')}`;
  return {
    markOf: (user) => signed(user, Buffer.from(random.bytes(ID_BYTES)).toString('base64url')),
    idOf: (user, mark = '') => {
      const [id = ''] = mark.split('.', 1);
      const [right, presented] = [Buffer.from(signed(user, id)), Buffer.from(mark)];
      return right.length === presented.length && timingSafeEqual(right, presented) ? id : undefined;
    },
  };
}
