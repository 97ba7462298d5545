import type { Random } from '@medkit/edges';

/** Typical wrong values of lengths and counts. */
const BOUNDARY_VALUES: readonly number[] = [
  0, 1, 3, 5, 255, 256, 0xffff, 0x1_0000, 0x7fff_ffff, 0x8000_0000, 0xffff_fffe, 0xffff_ffff,
];

/** Corrupts serialized data: flipped bits, wrong counts, a truncated or extended end, sometimes noise. */
export function corruptPayload(original: Uint8Array, random: Random): Uint8Array {
  const pick = (limit: number) => Math.floor(random.float() * limit);
  if (random.float() < 0.05) return random.bytes(pick(200));
  const bytes = new Uint8Array(original);
  const view = new DataView(bytes.buffer);
  for (let changes = pick(4); changes > 0 && bytes.length >= 8; changes -= 1) {
    const at = pick(bytes.length);
    if (random.float() < 0.5) bytes[at] ^= 1 << pick(8);
    // Counts are aligned to four bytes.
    else
      view.setUint32(
        at - (at % 4) > bytes.length - 4 ? 4 : at - (at % 4),
        BOUNDARY_VALUES[pick(BOUNDARY_VALUES.length)],
        true,
      );
  }
  const choice = random.float();
  if (choice < 0.2) return bytes.slice(0, pick(bytes.length + 1));
  if (choice < 0.3) return Uint8Array.from([...bytes, ...random.bytes(1 + pick(40))]);
  return bytes;
}
