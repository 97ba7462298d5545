import type { Random } from '@medkit/edges';

/** 128 random bits in the form of a UUID, as ros2_medkit has them in `jti`. */
export function tokenId(random: Random): string {
  const hex = Buffer.from(random.bytes(16)).toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
