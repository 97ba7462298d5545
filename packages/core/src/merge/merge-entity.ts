import {
  type Component,
  type Entity,
  type EntityRef,
  LOCAL,
  type Origin,
  type ResourceAddress,
} from '../entity/entity.ts';
import {
  FIELD_GROUPS,
  type FieldGroup,
  isAuthority,
  type LayerPolicies,
  strengthOf,
} from '../entity/layer-policies.ts';
import { equalData } from './equal.ts';
import { FIELD_RULES, type MergedField } from './field-rules.ts';
import { mergeNameplates } from './merge-nameplate.ts';

/** The runtime that reports entities, with its precedence. */
export interface Reporter {
  readonly runtime: string;
  readonly priority: number;
  readonly origin: Origin;
  readonly policies?: LayerPolicies;
}

/** What one contribution says about an entity. */
export interface EntityReport<E extends Entity> {
  readonly reporter: Reporter;
  readonly entity: E;
}

/** A disagreement between two authoritative contributions about a group of fields. */
export interface MergeConflict {
  readonly entity: EntityRef;
  readonly group: FieldGroup;
  /** Names of the runtimes. */
  readonly winner: string;
  readonly loser: string;
}

/** Merges all reports about one entity, highest priority first. `reports` must not be empty. */
export function mergeEntity<E extends Entity>(reports: readonly EntityReport<E>[]): E {
  const [first] = reports;
  if (!first) throw new Error('merge of an entity without contributions');
  const origins = { contributors: contributorsOf(reports), origin: originOf(reports) };
  if (reports.length === 1) {
    const { address, addresses } = first.entity;
    return { ...first.entity, ...origins, ...((address ?? addresses) && { addresses: address && [address] }) };
  }
  const merged: Record<string, unknown> = { kind: first.entity.kind, id: first.entity.id, ...origins };
  if (reports.every(({ entity }) => entity.available === false)) merged['available'] = false;
  let group: FieldGroup | undefined;
  let strongest = reports;
  for (const rule of FIELD_RULES[first.entity.kind]) {
    if (rule.group !== group) strongest = strongestFirst(reports, rule.group);
    group = rule.group;
    const value = combined(reports, strongest, rule);
    if (value !== undefined) merged[rule.field] = value;
  }
  const addresses = addressesOf(reports);
  if (addresses.length > 0) merged['addresses'] = addresses;
  // The rules contain every required field of the kind, and every report sets it, so the merged entity has it too.
  return merged as unknown as E;
}

/**
 * Returns which runtime gave each field of the merged entity. A field merged from several runtimes names the
 * first one.
 */
export function provenanceOf(reports: readonly EntityReport<Entity>[]): Readonly<Record<string, string>> {
  const kind = reports[0]?.entity.kind;
  if (!kind) return {};
  const provenance: Record<string, string> = {};
  for (const { field, group, rule } of FIELD_RULES[kind]) {
    const strongest = rule === 'origin' ? reports : strongestFirst(reports, group);
    const winner =
      (rule === 'any' && equallyStrong(strongest, group).find(({ entity }) => fieldOf(entity, field) === true)) ||
      strongest.find(({ entity }) => hasContent(fieldOf(entity, field)));
    if (winner) provenance[field] = winner.reporter.runtime;
  }
  return provenance;
}

/** Returns the contradictions between authoritative contributions: one per group and overruled runtime. */
export function conflictsOf(reports: readonly EntityReport<Entity>[]): readonly MergeConflict[] {
  const [first] = reports;
  if (!first || reports.length === 1) return [];
  const { kind, id } = first.entity;
  return FIELD_GROUPS.flatMap((group): readonly MergeConflict[] => {
    if (!haveSeveralAuthorities(reports, group)) return [];
    const authorities = reports.filter(({ reporter: { policies } }) => isAuthority(policies, group));
    const contradicted = new Map<string, MergeConflict>();
    for (const { field, group: fieldGroup, rule } of FIELD_RULES[kind]) {
      if (fieldGroup !== group || (rule !== 'first' && rule !== 'list')) continue;
      const winner = authorities.find(({ entity }) => hasContent(fieldOf(entity, field)));
      for (const loser of authorities) {
        const value = fieldOf(loser.entity, field);
        if (!winner || loser === winner || !hasContent(value)) continue;
        if (equalData(value, fieldOf(winner.entity, field))) continue;
        contradicted.set(loser.reporter.runtime, {
          entity: { kind, id },
          group,
          winner: winner.reporter.runtime,
          loser: loser.reporter.runtime,
        });
      }
    }
    return [...contradicted.values()];
  });
}

function haveSeveralAuthorities(reports: readonly EntityReport<Entity>[], group: FieldGroup): boolean {
  let authorities = 0;
  for (const { reporter } of reports) if (isAuthority(reporter.policies, group)) authorities++;
  return authorities > 1;
}

function strongestFirst<S extends EntityReport<Entity>>(reports: readonly S[], group: FieldGroup): readonly S[] {
  const strength = strengthOf(reports[0]?.reporter.policies, group);
  if (reports.every(({ reporter: { policies } }) => strengthOf(policies, group) === strength)) return reports;
  return [...reports].sort((a, b) => strengthOf(b.reporter.policies, group) - strengthOf(a.reporter.policies, group));
}

function combined<E extends Entity>(
  reports: readonly EntityReport<E>[],
  strongest: readonly EntityReport<E>[],
  { field, group, rule }: MergedField,
): unknown {
  if (rule === 'first') return firstWithContent(strongest, field);
  if (rule === 'origin') return firstWithContent(reports, field);
  const filled = (rule === 'all' ? reports : strongest).filter(({ entity }) => hasContent(fieldOf(entity, field)));
  if (filled.length === 0) return firstWithContent(strongest, field);
  if (rule === 'nameplate') return nameplateOf(filled);
  if (rule === 'entries') return Object.assign({}, ...filled.map(({ entity }) => fieldOf(entity, field)).reverse());
  const chosen = rule === 'all' ? filled : (rule === 'list' ? strongestOfEach : equallyStrong)(filled, group);
  const values = chosen.map(({ entity }) => fieldOf(entity, field));
  if (rule === 'any') return values.includes(true);
  return values.length === 1 ? values[0] : [...new Set(values.flat())];
}

/**
 * Returns the first value that is not empty, or an empty value if all are. Hot path: most fields of most entities use
 * it.
 */
function firstWithContent(reports: readonly EntityReport<Entity>[], field: string): unknown {
  let empty: unknown;
  for (const { entity } of reports) {
    const value = fieldOf(entity, field);
    if (hasContent(value)) return value;
    empty ??= value;
  }
  return empty;
}

/** Returns the contributions of `strongest` that are as strong as the first. */
function equallyStrong<S extends EntityReport<Entity>>(strongest: readonly S[], group: FieldGroup): readonly S[] {
  const most = strengthOf(strongest[0]?.reporter.policies, group);
  return strongest.filter(({ reporter: { policies } }) => strengthOf(policies, group) === most);
}

/**
 * Returns, per gateway, the contributions that are as strong as its first one. The layers of a gateway override each
 * other, but never the layers of another gateway.
 */
function strongestOfEach<S extends EntityReport<Entity>>(strongest: readonly S[], group: FieldGroup): readonly S[] {
  const origin = strongest[0]?.reporter.origin;
  if (strongest.every(({ reporter }) => reporter.origin === origin)) return equallyStrong(strongest, group);
  return [...Map.groupBy(strongest, ({ reporter }) => reporter.origin).values()].flatMap((sameOrigin) =>
    equallyStrong(sameOrigin, group),
  );
}

function nameplateOf(filled: readonly EntityReport<Entity>[]): Component['identity'] {
  return mergeNameplates(
    filled.flatMap(({ entity }) =>
      entity.kind === 'component' && entity.identity ? [{ source: entity.source, nameplate: entity.identity }] : [],
    ),
  );
}

function hasContent(value: unknown): boolean {
  return value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0);
}

function fieldOf(entity: Entity, field: string): unknown {
  return (entity as unknown as Readonly<Record<string, unknown>>)[field];
}

const ONLY_LOCAL: readonly string[] = [LOCAL];

function contributorsOf(reports: readonly EntityReport<Entity>[]): readonly string[] {
  if (reports.every(({ reporter }) => reporter.origin === LOCAL)) return ONLY_LOCAL;
  const origins = new Set(reports.map(({ reporter }) => reporter.origin));
  const peers = [...origins].filter((origin) => origin !== LOCAL).sort();
  return [...(origins.has(LOCAL) ? ONLY_LOCAL : []), ...peers.map((origin) => `peer:${origin}`)];
}

/** Returns this gateway if it reports the entity, otherwise the gateway with the highest precedence. */
function originOf(reports: readonly EntityReport<Entity>[]): Origin {
  const isOurs = reports.some(({ reporter }) => reporter.origin === LOCAL);
  return isOurs ? LOCAL : (reports[0]?.reporter.origin ?? LOCAL);
}

/**
 * Returns all addresses without duplicates, the strongest for live data first. For equal addresses, the first one
 * decides what is withheld.
 */
function addressesOf(reports: readonly EntityReport<Entity>[]): readonly ResourceAddress[] {
  const addresses: ResourceAddress[] = [];
  for (const { entity } of strongestFirst(reports, 'live_data')) {
    const { address } = entity;
    if (address && !addresses.some((known) => isSameAddress(known, address))) addresses.push(address);
  }
  return addresses;
}

function isSameAddress(a: ResourceAddress, b: ResourceAddress): boolean {
  return a.nativeId === b.nativeId && a.runtime === b.runtime;
}
