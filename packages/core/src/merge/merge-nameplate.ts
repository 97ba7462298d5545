import { NAMEPLATE_FIELDS, type Nameplate } from '../entity/nameplate.ts';

/** Sources of nameplate fields, most trusted first: the device itself, then people, then guesses. */
const AUTHORITIES: readonly string[] = [
  'opcua',
  's7',
  'ethernet_ip',
  'modbus',
  'ads',
  'profinet',
  'manifest',
  'inventory',
  'config',
  'plugin',
  'runtime',
  'node',
  'topic',
  'heuristic',
];

/** A nameplate with the `source` of its entity. */
export interface SourcedNameplate {
  readonly source: string;
  readonly nameplate: Nameplate;
}

interface TrustedValue {
  readonly value: string;
  readonly origin: string;
}

/**
 * Merges nameplates field by field. The most trusted source wins; of equal ones the first. The provenance of a field
 * takes precedence over the source of the entity, so that forwarded fields keep their origin. Returns `undefined` if no
 * field is set.
 */
export function mergeNameplates(nameplates: readonly SourcedNameplate[]): Nameplate | undefined {
  const fields: Record<string, string> = {};
  const extra: Record<string, string> = {};
  const provenance: Record<string, string> = {};
  for (const [field, name] of NAMEPLATE_FIELDS) {
    const best = mostTrusted(nameplates, name, ({ [field]: value }) => value);
    if (!best) continue;
    fields[field] = best.value;
    provenance[name] = best.origin;
  }
  for (const key of new Set(nameplates.flatMap(({ nameplate }) => Object.keys(nameplate.extra ?? {})))) {
    const best = mostTrusted(nameplates, `extra.${key}`, (nameplate) => nameplate.extra?.[key]);
    if (!best) continue;
    extra[key] = best.value;
    provenance[`extra.${key}`] = best.origin;
  }
  if (Object.keys(provenance).length === 0) return undefined;
  return { ...fields, ...(Object.keys(extra).length > 0 && { extra }), provenance };
}

function mostTrusted(
  nameplates: readonly SourcedNameplate[],
  name: string,
  readField: (nameplate: Nameplate) => string | undefined,
): TrustedValue | undefined {
  let best: TrustedValue | undefined;
  for (const { source, nameplate } of nameplates) {
    const value = readField(nameplate);
    if (!value) continue;
    const origin = nameplate.provenance?.[name] ?? source;
    if (!best || rank(origin) < rank(best.origin)) best = { value, origin };
  }
  return best;
}

function rank(origin: string): number {
  const at = AUTHORITIES.indexOf(origin);
  return at < 0 ? AUTHORITIES.length : at;
}
