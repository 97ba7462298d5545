const signed = (bits: number) => ({ min: -(2n ** BigInt(bits - 1)), max: 2n ** BigInt(bits - 1) - 1n });
const unsigned = (bits: number) => ({ min: 0n, max: 2n ** BigInt(bits) - 1n });

/** Minimum and maximum of each integer type. */
export const INTEGER_RANGES = {
  byte: unsigned(8),
  uint8: unsigned(8),
  int8: signed(8),
  uint16: unsigned(16),
  int16: signed(16),
  uint32: unsigned(32),
  int32: signed(32),
  uint64: unsigned(64),
  int64: signed(64),
} as const;
