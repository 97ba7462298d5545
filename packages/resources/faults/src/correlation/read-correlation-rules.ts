import { LOCAL } from '@medkit/core';
import { DocumentRefused, entryOf, type Notice, readYaml } from '@medkit/documents';
import type { CorrelationRule, Representative } from './correlation-rule.ts';
import { originCode } from './explain-across.ts';
import { RuleFields } from './rule-fields.ts';

/** Usable rules, and a notice for each problem. Without rules, faults are not correlated. */
export interface CorrelationRulesReading {
  readonly rules: readonly CorrelationRule[];
  /** Rules for faults of several gateways, whose codes are `originCode`s. */
  readonly acrossOrigins: readonly CorrelationRule[];
  readonly notices: readonly Notice[];
}

const MODES: Readonly<Record<string, CorrelationRule['mode']>> = {
  hierarchical: 'hierarchical',
  auto_cluster: 'auto_cluster',
  autocluster: 'auto_cluster',
  cluster: 'auto_cluster',
};

const REPRESENTATIVES: Readonly<Record<string, Representative>> = {
  first: 'first',
  most_recent: 'most_recent',
  recent: 'most_recent',
  highest_severity: 'highest_severity',
  severity: 'highest_severity',
};

const DEFAULT_WINDOW_MS = 500;
/** A longer window would combine unrelated faults. */
const LONG_WINDOW_MS = 60_000;

type Patterns = ReadonlyMap<string, readonly string[]>;

/** Codes and the gateways of their faults; this gateway if absent. */
interface CodeSelection {
  readonly codes: readonly string[];
  readonly origins?: readonly string[];
}

interface ReadRule {
  readonly rule: CorrelationRule;
  readonly isAcross: boolean;
}

function readPatterns(fields: RuleFields | undefined): Patterns {
  return new Map(
    (fields?.named() ?? []).map(([name, pattern]) => {
      const codes = pattern.texts('codes');
      if (codes.length === 0) pattern.warn('no codes, so it matches nothing');
      pattern.warnOfOthers();
      return [name, codes];
    }),
  );
}

/** Reads `{ pattern: … }` or `{ codes: […] }`, optionally with `origins`. */
function readSelection(fields: RuleFields, patterns: Patterns): CodeSelection {
  const name = fields.text('pattern', '');
  const named = name === '' ? [] : patterns.get(name);
  if (named === undefined) fields.error(fields.at, `there is no pattern ${name}`);
  const codes = [...(named ?? []), ...fields.texts('codes')];
  const origins = fields.texts('origins', 'names of gateways');
  fields.warnOfOthers();
  return { codes, ...(fields.has('origins') && { origins }) };
}

function readRule(fields: RuleFields, patterns: Patterns, defaultWindowMs: number): ReadRule {
  const id = fields.text('id', '');
  const common = { id, name: fields.text('name', id), windowMs: fields.count('window_ms', defaultWindowMs) };
  if (id === '') fields.error(fields.at, 'a rule needs an id');
  if (common.windowMs > LONG_WINDOW_MS) fields.warn(`a window of ${common.windowMs} ms is longer than a minute`);
  const selectionsOf = (list: string) => fields.sections(list).map((section) => readSelection(section, patterns));

  if (fields.word('mode', MODES, 'hierarchical') === 'auto_cluster') {
    const selections = selectionsOf('match');
    const isAcross = namesOrigins(selections);
    const match = codesOf(selections, isAcross);
    const minCount = fields.count('min_count', 3);
    if (match.length === 0) fields.warn('no match, so it clusters nothing');
    if (minCount < 2) fields.warn('a min_count of 1 makes a cluster of every single fault');
    const showAsSingle = fields.flag('show_as_single', true);
    const representative = fields.word('representative', REPRESENTATIVES, 'highest_severity');
    return { rule: { ...common, mode: 'auto_cluster', match, minCount, showAsSingle, representative }, isAcross };
  }
  const root = fields.section('root_cause');
  const roots = root === undefined ? [] : [readSelection(root, patterns)];
  const explained = selectionsOf('symptoms');
  const isAcross = namesOrigins([...roots, ...explained]);
  const rootCause = codesOf(roots, isAcross);
  const symptoms = codesOf(explained, isAcross);
  if (rootCause.length === 0) fields.error(fields.at, 'a hierarchical rule needs codes of its root_cause');
  if (symptoms.length === 0) fields.warn('no symptoms, so it explains nothing');
  const muteSymptoms = fields.flag('mute_symptoms', true);
  const autoClearWithRoot = fields.flag('auto_clear_with_root', true);
  return { rule: { ...common, mode: 'hierarchical', rootCause, symptoms, muteSymptoms, autoClearWithRoot }, isAcross };
}

const namesOrigins = (selections: readonly CodeSelection[]): boolean =>
  selections.some(({ origins }) => origins !== undefined);

function codesOf(selections: readonly CodeSelection[], isAcross: boolean): readonly string[] {
  if (!isAcross) return selections.flatMap(({ codes }) => codes);
  return selections.flatMap(({ codes, origins = [LOCAL] }) =>
    origins.flatMap((origin) => codes.map((code) => originCode(origin, code))),
  );
}

function readRules(fields: RuleFields): readonly ReadRule[] {
  const patterns = readPatterns(fields.section('patterns'));
  const defaultWindowMs = fields.count('default_window_ms', DEFAULT_WINDOW_MS);
  const seen = new Set<string>();
  const rules = fields.sections('rules').map((section) => {
    const read = readRule(section, patterns, defaultWindowMs);
    const { id } = read.rule;
    if (seen.has(id)) section.error(section.at, `the id ${id} is used twice`);
    seen.add(id);
    section.warnOfOthers();
    return read;
  });
  if (rules.length === 0) fields.warn('no rules');
  fields.warnOfOthers();
  return rules;
}

function readDocument(text: string, file: string, notices: Notice[]): readonly ReadRule[] {
  const root = readYaml(text, file);
  const map = root.kind === 'map' ? entryOf(root, 'correlation') : undefined;
  if (map?.kind !== 'map') return [];
  const fields = new RuleFields(map, 'correlation', notices);
  // Disabled rules may be unfinished and are not validated.
  return fields.flag('enabled', false) ? readRules(fields) : [];
}

/**
 * Reads a file of correlation rules; `text` is `undefined` if the file does not exist. A single error disables the
 * correlation, since some of the rules might mute what the others show.
 */
export function readCorrelationRules(text: string | undefined, file: string): CorrelationRulesReading {
  const off = (problems: readonly string[]): Notice[] =>
    problems.map((problem) => ({ level: 'error', text: `${problem}; faults are not correlated` }));
  const none = { rules: [], acrossOrigins: [] };
  if (text === undefined) return { ...none, notices: off([`${file} does not exist`]) };
  const notices: Notice[] = [];
  try {
    const read = readDocument(text, file, notices);
    const broken = notices.some(({ level }) => level === 'error');
    if (broken) notices.push(...off([`${file} has errors`]));
    if (broken) return { ...none, notices };
    const of = (across: boolean) => read.flatMap(({ rule, isAcross }) => (isAcross === across ? [rule] : []));
    return { rules: of(false), acrossOrigins: of(true), notices };
  } catch (error) {
    if (error instanceof DocumentRefused) return { ...none, notices: off(error.lines) };
    throw error;
  }
}
