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
export interface SaidNameplate {
  readonly source: string;
  readonly nameplate: Nameplate;
}

interface Believed {
  readonly value: string;
  readonly giver: string;
}

/**
 * Merges nameplates field by field. The most trusted source wins; of equal ones the first. The provenance of a field
 * takes precedence over the source of the entity, so that forwarded fields keep their origin. Returns `undefined` if no
 * field is set.
 */
export function mergeNameplates(said: readonly SaidNameplate[]): Nameplate | undefined {
  const fields: Record<string, string> = {};
  const extra: Record<string, string> = {};
  const provenance: Record<string, string> = {};
  for (const [field, name] of NAMEPLATE_FIELDS) {
    const best = mostBelieved(said, name, ({ [field]: value }) => value);
    if (!best) continue;
    fields[field] = best.value;
    provenance[name] = best.giver;
  }
  for (const key of new Set(said.flatMap(({ nameplate }) => Object.keys(nameplate.extra ?? {})))) {
    const best = mostBelieved(said, `extra.${key}`, (nameplate) => nameplate.extra?.[key]);
    if (!best) continue;
    extra[key] = best.value;
    provenance[`extra.${key}`] = best.giver;
  }
  if (Object.keys(provenance).length === 0) return undefined;
  return { ...fields, ...(Object.keys(extra).length > 0 && { extra }), provenance };
}

function mostBelieved(
  said: readonly SaidNameplate[],
  name: string,
  readField: (nameplate: Nameplate) => string | undefined,
): Believed | undefined {
  let best: Believed | undefined;
  for (const { source, nameplate } of said) {
    const value = readField(nameplate);
    if (!value) continue;
    const giver = nameplate.provenance?.[name] ?? source;
    if (!best || rank(giver) < rank(best.giver)) best = { value, giver };
  }
  return best;
}

function rank(giver: string): number {
  const at = AUTHORITIES.indexOf(giver);
  return at < 0 ? AUTHORITIES.length : at;
}
