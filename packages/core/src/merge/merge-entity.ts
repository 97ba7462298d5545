import type { Entity } from '../entity/entity.ts';
import { FIELD_RULES, type FieldRule } from './field-rules.ts';

/** What one contribution says of an entity. */
export interface Said<E extends Entity> {
  readonly runtime: string;
  readonly contributor: string;
  readonly entity: E;
}

/** One entity of all that is said of it, the highest priority first. `said` is not empty. */
export function mergeEntity<E extends Entity>(said: readonly Said<E>[]): E {
  const [first] = said;
  if (!first) throw new Error('merge of an entity that nobody tells of');
  const contributors = contributorsOf(said);
  if (said.length === 1) return { ...first.entity, contributors };
  const merged: Record<string, unknown> = { kind: first.entity.kind, id: first.entity.id, contributors };
  for (const [field, rule] of FIELD_RULES[first.entity.kind]) {
    const value = combined(
      said.map(({ entity }) => fieldOf(entity, field)),
      rule,
    );
    if (value !== undefined) merged[field] = value;
  }
  // Every required field of the kind is in the rules and set on each of `said`, so on the merged entity too.
  return merged as unknown as E;
}

/** Which runtime gave each field of the entity made of `said`; a field that several made together names the first. */
export function provenanceOf(said: readonly Said<Entity>[]): Readonly<Record<string, string>> {
  const kind = said[0]?.entity.kind;
  if (!kind) return {};
  const provenance: Record<string, string> = {};
  for (const [field, rule] of FIELD_RULES[kind]) {
    const giver =
      (rule === 'any' && said.find(({ entity }) => fieldOf(entity, field) === true)) ||
      said.find(({ entity }) => saysSomething(fieldOf(entity, field)));
    if (giver) provenance[field] = giver.runtime;
  }
  return provenance;
}

function combined(values: readonly unknown[], rule: FieldRule): unknown {
  const said = values.filter(saysSomething);
  if (said.length === 0) return values.find((value) => value !== undefined);
  if (rule === 'first') return said[0];
  if (rule === 'any') return said.includes(true);
  return [...new Set(said.flat())];
}

function saysSomething(value: unknown): boolean {
  return value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0);
}

function fieldOf(entity: Entity, field: string): unknown {
  return (entity as unknown as Readonly<Record<string, unknown>>)[field];
}

function contributorsOf(said: readonly Said<Entity>[]): readonly string[] {
  const names = new Set(said.map(({ contributor }) => contributor));
  const peers = [...names].filter((name) => name !== 'local').sort();
  return names.has('local') ? ['local', ...peers] : peers;
}
