import { DocumentRefused, type LocatedMap, type Notice, readYaml } from '@medkit/documents';
import { FAULT_SETTINGS } from '../configuration/fault-settings.ts';
import { validateSetting } from '../configuration/validate-setting.ts';
import type { DebounceBand } from '../debounce/debounce-band.ts';
import { type BandOverride, type EntityThresholds, entityThresholds, normalizedPrefix } from './entity-thresholds.ts';

/** Usable thresholds, and a notice for everything that is used differently than written. */
export interface EntityThresholdsReading {
  readonly thresholds: EntityThresholds;
  readonly notices: readonly Notice[];
}

const FIELDS = {
  confirmation_threshold: 'confirmationThreshold',
  healing_enabled: 'healingEnabled',
  healing_threshold: 'healingThreshold',
} as const satisfies Readonly<Record<string, keyof DebounceBand>>;

const isField = (name: string): name is keyof typeof FIELDS => Object.hasOwn(FIELDS, name);

function readOverride(prefix: string, map: LocatedMap, notices: Notice[]): BandOverride {
  const override: Record<string, unknown> = {};
  for (const { name, at, value } of map.entries) {
    const key = `${prefix}: ${name}`;
    if (!isField(name)) {
      const reason = Object.hasOwn(FAULT_SETTINGS, name) ? 'can only be set for all entities' : 'is not a threshold';
      notices.push({ level: 'warning', text: `${at}: ${key} ${reason}; it is ignored` });
      continue;
    }
    const verdict = validateSetting(FAULT_SETTINGS[name], key, value);
    if ('refused' in verdict) {
      notices.push({ level: 'error', text: `${verdict.refused}; the value for all entities is used` });
    } else {
      override[FIELDS[name]] = verdict.value;
      if (verdict.notice !== undefined) notices.push(verdict.notice);
    }
  }
  return override;
}

/** Reads the entries of the file; if it cannot be read, the fault manager uses the global thresholds. */
function readOverrides(text: string, file: string, notices: Notice[]): ReadonlyMap<string, BandOverride> {
  const overrides = new Map<string, BandOverride>();
  const root = readYaml(text, file);
  if (root.kind !== 'map') throw new DocumentRefused([`${root.at}: expected prefixes, each with its thresholds`]);
  for (const { name, at, value } of root.entries) {
    const prefix = normalizedPrefix(name);
    if (value.kind !== 'map') {
      notices.push({ level: 'error', text: `${at}: ${name} must be a section of thresholds; it is ignored` });
    } else if (overrides.has(prefix)) {
      notices.push({ level: 'warning', text: `${at}: ${name} is set twice, the first is used` });
    } else overrides.set(prefix, readOverride(name, value, notices));
  }
  return overrides;
}

/** Reads a file of thresholds by prefix; `text` is `undefined` if the file does not exist. */
export function readEntityThresholds(
  text: string | undefined,
  file: string,
  global: DebounceBand,
): EntityThresholdsReading {
  const notices: Notice[] = [];
  const withoutOverrides = (problems: readonly string[]): EntityThresholdsReading => ({
    thresholds: entityThresholds(global),
    notices: problems.map((text) => ({ level: 'error', text: `${text}; the thresholds for all entities are used` })),
  });
  if (text === undefined) return withoutOverrides([`${file} does not exist`]);
  try {
    return { thresholds: entityThresholds(global, readOverrides(text, file, notices)), notices };
  } catch (error) {
    if (error instanceof DocumentRefused) return withoutOverrides(error.lines);
    throw error;
  }
}
