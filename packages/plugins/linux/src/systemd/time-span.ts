/** Microseconds of the units in systemd time spans (systemd.time(7)). */
const UNIT_US: Readonly<Record<string, number>> = {
  y: 31_557_600_000_000,
  month: 2_629_800_000_000,
  w: 604_800_000_000,
  d: 86_400_000_000,
  h: 3_600_000_000,
  min: 60_000_000,
  s: 1_000_000,
  ms: 1000,
  us: 1,
};

/** `USEC_INFINITY` of systemd. */
const INFINITY_US = 2n ** 64n - 1n;

/** Parses a time span of `systemctl show`, such as `1min 30s`, to microseconds; `undefined` if invalid. */
export function timeSpanUs(text: string): number | bigint | undefined {
  if (text === 'infinity') return INFINITY_US;
  if (text === '0') return 0;
  let total = 0;
  for (const part of text.split(' ')) {
    const [, amount, unit] = /^(\d+(?:\.\d+)?)([a-z]+)$/.exec(part) ?? [];
    const scale = UNIT_US[unit ?? ''];
    if (amount === undefined || scale === undefined) return undefined;
    total += Number(amount) * scale;
  }
  return Math.round(total);
}
