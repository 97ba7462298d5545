import { ConfigRefused, type Notice } from './assignment.ts';
import type { FlatConfig } from './gateway-config.ts';

/** A value that the configuration names. */
export interface DeclaredSign {
  readonly label: string;
  readonly unit: string | undefined;
  /** As `watch` of `x-medkit-live` expects it. */
  readonly value: string;
}

const ENTRY =
  /^\s*([^=[\]]{1,60}?)\s*(?:\[([^\][]{1,24})\])?\s*=\s*((?:area|component|app|function)s\/[^/\s,]+\/data\/[^\s,]+)\s*$/;

/** Parses an entry of `vital_signs`; `undefined` if it is malformed. */
export function declaredSign(entry: string): DeclaredSign | undefined {
  const [, label, unit, value] = ENTRY.exec(entry) ?? [];
  return label && value ? { label, unit, value } : undefined;
}

/** Checks the entries of `vital_signs`. Throws `ConfigRefused` for malformed entries. */
export function validateVitalSigns(config: FlatConfig): readonly Notice[] {
  const malformed = config.vital_signs.filter((entry) => declaredSign(entry) === undefined);
  if (malformed.length === 0) return [];
  throw new ConfigRefused(
    malformed.map(
      (entry) =>
        `vital_signs: "${entry}" is not a name with a value, such as Nearest obstacle [m] = apps/safety_gate/data/min_range_m`,
    ),
  );
}
