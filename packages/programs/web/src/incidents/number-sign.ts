/** `①` to `⑳`, `(21)` from there on: how the faults of an incident are told apart where there is no room for their codes. */
export function numberSign(number: number): string {
  return number >= 1 && number <= 20 ? String.fromCodePoint(0x245f + number) : `(${number})`;
}
