import { FAULT_SEVERITIES } from '@medkit/contract';
import { ERROR_LEVELS, PROTOCOL_VERSIONS } from '@medkit/vda5050';
import type { Section } from '../section.ts';
import { type Match, REPORT_TARGETS, type ReportSettings, type Rule, type RuleText } from './rule.ts';

/** Maximum number of rules; each fault is compared with all of them. */
const MAX_RULES = 1000;

/** Reads the rules of a file in order. */
export function readRules(file: Section): readonly Rule[] {
  const sections = file.sections('rules');
  if (sections.length > MAX_RULES) {
    file.refuse('rules', `more than ${MAX_RULES} rules`);
    return [];
  }
  return sections.map((section) => {
    const rule = { at: section.at, match: readMatch(section), reportSettings: readReportSettings(section) };
    section.finish();
    return rule;
  });
}

function readMatch(section: Section): Match {
  const severity = section.choice('severity', FAULT_SEVERITIES.names);
  return {
    ...optional('code', section.text('code')),
    ...optional('source', section.text('source')),
    ...optional('entity', section.text('entity')),
    ...optional('origin', section.text('origin')),
    ...optional('severity', severity),
  };
}

function readReportSettings(section: Section): ReportSettings {
  return {
    ...optional('send', section.choice('send', REPORT_TARGETS)),
    ...optional('type', section.text('type')),
    ...optional('level', readLevel(section)),
    ...optional('hint', readText(section, 'hint')),
    ...optional('description', readText(section, 'description')),
    ...optional('safety', section.flag('safety')),
    ...optional('references', readReferences(section)),
  };
}

/** `level: CRITICAL`, or `level: { 2.1.0: WARNING, 3.0.0: CRITICAL }`. */
function readLevel(section: Section): ReportSettings['level'] {
  if (section.part('level')?.kind !== 'map') return section.choice('level', ERROR_LEVELS);
  const levels = section.section('level');
  if (levels === undefined) return undefined;
  const byVersion = Object.fromEntries(
    PROTOCOL_VERSIONS.flatMap((version) => {
      const level = levels.choice(version, ERROR_LEVELS);
      return level === undefined ? [] : [[version, level] as const];
    }),
  );
  levels.finish();
  return byVersion;
}

/** ISO 639-1, as the standard requires. */
const LANGUAGE = /^[a-z]{2}$/;
/** Language of a text without translations. */
const MAIN_LANGUAGE = 'en';

/** `hint: text`, or `hint: { en: text, de: Text }`. */
function readText(section: Section, name: string): RuleText | undefined {
  if (section.part(name)?.kind !== 'map') return asText(section.text(name));
  const languages = section.section(name);
  if (languages === undefined) return undefined;
  const translations: [string, string][] = [];
  for (const language of languages.names) {
    const text = languages.text(language);
    if (!LANGUAGE.test(language)) languages.refuse(language, 'expected a language of two letters, such as de');
    else if (text !== undefined) translations.push([language, text]);
  }
  const main = translations.find(([language]) => language === MAIN_LANGUAGE) ?? translations[0];
  return main && { text: main[1], translations: Object.fromEntries(translations) };
}

const asText = (text: string | undefined): RuleText | undefined => (text === undefined ? undefined : { text });

function readReferences(section: Section): ReportSettings['references'] {
  const references = section.section('references');
  return references?.names.map((key) => ({ key, value: references.text(key) ?? '' }));
}

function optional<Name extends string, Value>(name: Name, value: Value | undefined): { readonly [N in Name]?: Value } {
  return (value === undefined ? {} : { [name]: value }) as { readonly [N in Name]?: Value };
}
