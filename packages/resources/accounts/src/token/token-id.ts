import type { Random } from '@medkit/edges';

/** Returns 128 random bits formatted as a UUID, the format of `jti` in ros2_medkit. */
export function tokenId(random: Random): string {
  const hex = Buffer.from(random.bytes(16)).toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
