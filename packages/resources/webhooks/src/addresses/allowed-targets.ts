import { AddressRanges } from './address-ranges.ts';

/** Where deliveries may go although it is no public address. */
export interface AllowedTargets {
  /** Whether a name was allowed as such, wherever it leads to. */
  hasName(name: string): boolean;
  hasAddress(address: string): boolean;
}

/** Labels of letters, digits and hyphens; names of machines on a robot may have an underscore as well. */
const NAME = /^(?!-)[a-z\d_-]{1,63}(?:\.[a-z\d_-]{1,63})*\.?$/i;
/** Written like an address, but none. */
const DIGITS_ONLY = /^[\d.]+$/;

/** Reads names, addresses and ranges (`receiver.lan`, `10.0.0.5`, `10.0.0.0/8`); those that are none of it are given back. */
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

/** A name as it is compared. */
export const plainName = (name: string): string => name.toLowerCase().replace(/\.$/, '');
