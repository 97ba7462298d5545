import { AddressRanges } from './address-ranges.ts';

/** Targets that deliveries may use although they are not public addresses. */
export interface AllowedTargets {
  /** Whether the name itself is allowed, whatever its address. */
  hasName(name: string): boolean;
  hasAddress(address: string): boolean;
}

/** Labels of letters, digits and hyphens; host names on a robot may also contain underscores. */
const NAME = /^(?!-)[a-z\d_-]{1,63}(?:\.[a-z\d_-]{1,63})*\.?$/i;
/** Looks like an address, but is not a valid one. */
const DIGITS_ONLY = /^[\d.]+$/;

/**
 * Parses names, addresses and ranges (`receiver.lan`, `10.0.0.5`, `10.0.0.0/8`). Returns invalid entries in
 * `notUnderstood`.
 */
export function allowedTargets(entries: readonly string[]): {
  readonly allowed: AllowedTargets;
  readonly notUnderstood: readonly string[];
} {
  const names = new Set<string>();
  const ranges = new AddressRanges();
  const notUnderstood: string[] = [];
  for (const entry of entries) {
    if (ranges.add(entry.replace(/^\[(.*)\]$/, '$1'))) continue;
    if (NAME.test(entry) && !DIGITS_ONLY.test(entry)) names.add(plainName(entry));
    else notUnderstood.push(entry);
  }
  return {
    allowed: {
      hasName: (name) => names.has(plainName(name)),
      hasAddress: (address) => ranges.has(address),
    },
    notUnderstood,
  };
}

/** Normalizes a name for comparison. */
export const plainName = (name: string): string => name.toLowerCase().replace(/\.$/, '');
