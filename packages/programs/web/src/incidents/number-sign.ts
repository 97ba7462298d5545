/**
 * Returns `①` to `⑳`, then `(21)` and so on. The numbers identify faults of an incident where their codes do not fit.
 */
export function numberSign(number: number): string {
  return number >= 1 && number <= 20 ? String.fromCodePoint(0x245f + number) : `(${number})`;
}
