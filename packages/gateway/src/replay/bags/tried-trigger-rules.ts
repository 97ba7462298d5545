import { SovdError } from '@medkit/contract';
import { isJsonObject, type JsonObject, type JsonValue } from '@medkit/core';
import {
  DocumentRefused,
  type LocatedEntry,
  type LocatedMap,
  nearestName,
  readYaml,
  toPlainData,
} from '@medkit/documents';
import { triedFaultTrigger } from '@medkit/faults/replay';
import { triedTrigger } from '@medkit/triggers/replay';
import type { TriggerRules } from './trigger-rules.ts';

/** Maximum rules of a document; a gateway has as many triggers by default. */
export const MAX_TRIED_RULES = 1000;

const SECTIONS = ['triggers', 'fault_triggers'] as const;

/**
 * Applies a document of changed rules, YAML or JSON. A section `triggers` or `fault_triggers` maps ids to changed
 * members: an id in use changes that rule, another name adds a rule, and an empty value removes the rule. Rejects with
 * `DocumentRefused`, which names the line of each problem.
 */
export async function triedTriggerRules(inUse: TriggerRules, text: string, file: string): Promise<TriggerRules> {
  const document = readYaml(text, file);
  if (document.kind !== 'map') throw new DocumentRefused([`${file}: expected the sections ${SECTIONS.join(' and ')}`]);
  const problems: string[] = [];
  for (const { name, at } of document.entries) {
    if (SECTIONS.some((known) => known === name)) continue;
    const nearest = nearestName(name, SECTIONS);
    problems.push(
      `${at}: there is no section ${name}. ${nearest ? `Did you mean ${nearest}?` : `Known are ${SECTIONS.join(', ')}`}`,
    );
  }
  const entries = (section: (typeof SECTIONS)[number]) => entriesOf(document, section, problems);
  const [triggers, faultTriggers] = [entries('triggers'), entries('fault_triggers')];
  if (triggers.length + faultTriggers.length > MAX_TRIED_RULES)
    throw new DocumentRefused([`${file}: more than ${MAX_TRIED_RULES} rules`]);
  const rules: TriggerRules = {
    triggers: await changed(inUse.triggers, triggers, /^trig_\d+$/, triedTrigger, problems),
    faultTriggers: await changed(inUse.faultTriggers, faultTriggers, /^ftr_\d+$/, triedFaultTrigger, problems),
  };
  const codes = [...rules.faultTriggers.values()].map(({ faultCode }) => faultCode);
  const twice = codes.find((code, at) => codes.indexOf(code) !== at);
  if (twice !== undefined) problems.push(`${file}: two fault triggers have the fault code ${twice}; it must be unique`);
  if (problems.length > 0) throw new DocumentRefused(problems);
  return rules;
}

function entriesOf(document: LocatedMap, section: string, problems: string[]): readonly LocatedEntry[] {
  const found = document.entries.find(({ name }) => name === section);
  if (found === undefined) return [];
  if (found.value.kind === 'map') return found.value.entries;
  problems.push(`${found.at}: ${section} must map ids of rules to their changed members`);
  return [];
}

async function changed<Rule>(
  inUse: ReadonlyMap<string, Rule>,
  entries: readonly LocatedEntry[],
  idOfStored: RegExp,
  tried: (rule: Rule | undefined, changes: JsonObject) => Rule | Promise<Rule>,
  problems: string[],
): Promise<ReadonlyMap<string, Rule>> {
  const rules = new Map(inUse);
  for (const { name, at, value } of entries) {
    const rule = inUse.get(name);
    const changes = toPlainData(value) as JsonValue;
    if (rule === undefined && (changes === null || idOfStored.test(name))) {
      const nearest = nearestName(name, [...inUse.keys()]);
      problems.push(
        `${at}: no rule ${name} is stored. ${nearest ? `Did you mean ${nearest}?` : 'Name an additional rule differently, and give all of its members'}`,
      );
    } else if (changes === null) rules.delete(name);
    else if (isJsonObject(changes)) {
      try {
        rules.set(name, await tried(rule, changes));
      } catch (error) {
        if (!(error instanceof SovdError)) throw error;
        problems.push(`${at}: ${name}: ${error.message}`);
      }
    } else problems.push(`${at}: ${name} must have members such as trigger_condition or threshold`);
  }
  return rules;
}
