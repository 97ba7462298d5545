import {
  type Component,
  type Entity,
  type EntityRef,
  LOCAL,
  type Origin,
  type ResourceAddress,
} from '../entity/entity.ts';
import { equalData } from './equal.ts';
import { FIELD_RULES, type MergedField } from './field-rules.ts';
import { FIELD_GROUPS, type FieldGroup, isAuthority, type LayerPolicies, strengthOf } from './layer-policies.ts';
import { mergeNameplates } from './merge-nameplate.ts';

/** The runtime that reports entities, with its precedence. */
export interface Voice {
  readonly runtime: string;
  readonly priority: number;
  readonly origin: Origin;
  readonly policies?: LayerPolicies;
}

/** What one contribution says about an entity. */
export interface Said<E extends Entity> {
  readonly voice: Voice;
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

/** Merges everything said about one entity, highest priority first. `said` must not be empty. */
export function mergeEntity<E extends Entity>(said: readonly Said<E>[]): E {
  const [first] = said;
  if (!first) throw new Error('merge of an entity that nobody tells of');
  const told = { contributors: contributorsOf(said), origin: originOf(said) };
  if (said.length === 1) {
    const { address, addresses } = first.entity;
    return { ...first.entity, ...told, ...((address ?? addresses) && { addresses: address && [address] }) };
  }
  const merged: Record<string, unknown> = { kind: first.entity.kind, id: first.entity.id, ...told };
  if (said.every(({ entity }) => entity.available === false)) merged['available'] = false;
  let group: FieldGroup | undefined;
  let strongest = said;
  for (const rule of FIELD_RULES[first.entity.kind]) {
    if (rule.group !== group) strongest = strongestFirst(said, rule.group);
    group = rule.group;
    const value = combined(said, strongest, rule);
    if (value !== undefined) merged[rule.field] = value;
  }
  const addresses = addressesOf(said);
  if (addresses.length > 0) merged['addresses'] = addresses;
  // The rules contain every required field of the kind, and each of `said` sets it, so the merged entity has it too.
  return merged as unknown as E;
}

/**
 * Returns which runtime gave each field of the entity made from `said`. A field merged from several runtimes names the
 * first one.
 */
export function provenanceOf(said: readonly Said<Entity>[]): Readonly<Record<string, string>> {
  const kind = said[0]?.entity.kind;
  if (!kind) return {};
  const provenance: Record<string, string> = {};
  for (const { field, group, rule } of FIELD_RULES[kind]) {
    const strongest = rule === 'origin' ? said : strongestFirst(said, group);
    const giver =
      (rule === 'any' && equallyStrong(strongest, group).find(({ entity }) => fieldOf(entity, field) === true)) ||
      strongest.find(({ entity }) => saysSomething(fieldOf(entity, field)));
    if (giver) provenance[field] = giver.voice.runtime;
  }
  return provenance;
}

/** Returns the contradictions between authoritative contributions: one per group and overruled runtime. */
export function conflictsOf(said: readonly Said<Entity>[]): readonly MergeConflict[] {
  const [first] = said;
  if (!first || said.length === 1) return [];
  const { kind, id } = first.entity;
  return FIELD_GROUPS.flatMap((group): readonly MergeConflict[] => {
    if (!haveSeveralAuthorities(said, group)) return [];
    const authorities = said.filter(({ voice: { policies } }) => isAuthority(policies, group));
    const contradicted = new Map<string, MergeConflict>();
    for (const { field, group: own, rule } of FIELD_RULES[kind]) {
      if (own !== group || (rule !== 'first' && rule !== 'list')) continue;
      const winner = authorities.find(({ entity }) => saysSomething(fieldOf(entity, field)));
      for (const loser of authorities) {
        const value = fieldOf(loser.entity, field);
        if (!winner || loser === winner || !saysSomething(value)) continue;
        if (equalData(value, fieldOf(winner.entity, field))) continue;
        contradicted.set(loser.voice.runtime, {
          entity: { kind, id },
          group,
          winner: winner.voice.runtime,
          loser: loser.voice.runtime,
        });
      }
    }
    return [...contradicted.values()];
  });
}

function haveSeveralAuthorities(said: readonly Said<Entity>[], group: FieldGroup): boolean {
  let authorities = 0;
  for (const { voice } of said) if (isAuthority(voice.policies, group)) authorities++;
  return authorities > 1;
}

function strongestFirst<S extends Said<Entity>>(said: readonly S[], group: FieldGroup): readonly S[] {
  const strength = strengthOf(said[0]?.voice.policies, group);
  if (said.every(({ voice: { policies } }) => strengthOf(policies, group) === strength)) return said;
  return [...said].sort((a, b) => strengthOf(b.voice.policies, group) - strengthOf(a.voice.policies, group));
}

function combined<E extends Entity>(
  said: readonly Said<E>[],
  strongest: readonly Said<E>[],
  { field, group, rule }: MergedField,
): unknown {
  if (rule === 'first') return firstSaid(strongest, field);
  if (rule === 'origin') return firstSaid(said, field);
  const telling = (rule === 'all' ? said : strongest).filter(({ entity }) => saysSomething(fieldOf(entity, field)));
  if (telling.length === 0) return firstSaid(strongest, field);
  if (rule === 'nameplate') return nameplateOf(telling);
  if (rule === 'entries') return Object.assign({}, ...telling.map(({ entity }) => fieldOf(entity, field)).reverse());
  const giving = rule === 'all' ? telling : (rule === 'list' ? strongestOfEach : equallyStrong)(telling, group);
  const values = giving.map(({ entity }) => fieldOf(entity, field));
  if (rule === 'any') return values.includes(true);
  return values.length === 1 ? values[0] : [...new Set(values.flat())];
}

/**
 * Returns the first value that is not empty, or an empty value if all are. Hot path: most fields of most entities use
 * it.
 */
function firstSaid(said: readonly Said<Entity>[], field: string): unknown {
  let empty: unknown;
  for (const { entity } of said) {
    const value = fieldOf(entity, field);
    if (saysSomething(value)) return value;
    empty ??= value;
  }
  return empty;
}

/** Returns the contributions of `strongest` that are as strong as the first. */
function equallyStrong<S extends Said<Entity>>(strongest: readonly S[], group: FieldGroup): readonly S[] {
  const most = strengthOf(strongest[0]?.voice.policies, group);
  return strongest.filter(({ voice: { policies } }) => strengthOf(policies, group) === most);
}

/**
 * Returns, per gateway, the contributions that are as strong as its first one. The layers of a gateway override each
 * other, but never the layers of another gateway.
 */
function strongestOfEach<S extends Said<Entity>>(strongest: readonly S[], group: FieldGroup): readonly S[] {
  const origin = strongest[0]?.voice.origin;
  if (strongest.every(({ voice }) => voice.origin === origin)) return equallyStrong(strongest, group);
  return [...Map.groupBy(strongest, ({ voice }) => voice.origin).values()].flatMap((own) => equallyStrong(own, group));
}

function nameplateOf(telling: readonly Said<Entity>[]): Component['identity'] {
  return mergeNameplates(
    telling.flatMap(({ entity }) =>
      entity.kind === 'component' && entity.identity ? [{ source: entity.source, nameplate: entity.identity }] : [],
    ),
  );
}

function saysSomething(value: unknown): boolean {
  return value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0);
}

function fieldOf(entity: Entity, field: string): unknown {
  return (entity as unknown as Readonly<Record<string, unknown>>)[field];
}

const ONLY_LOCAL: readonly string[] = [LOCAL];

function contributorsOf(said: readonly Said<Entity>[]): readonly string[] {
  if (said.every(({ voice }) => voice.origin === LOCAL)) return ONLY_LOCAL;
  const origins = new Set(said.map(({ voice }) => voice.origin));
  const peers = [...origins].filter((origin) => origin !== LOCAL).sort();
  return [...(origins.has(LOCAL) ? ONLY_LOCAL : []), ...peers.map((origin) => `peer:${origin}`)];
}

/** Returns this gateway if it reports the entity, otherwise the gateway with the highest precedence. */
function originOf(said: readonly Said<Entity>[]): Origin {
  const isOurs = said.some(({ voice }) => voice.origin === LOCAL);
  return isOurs ? LOCAL : (said[0]?.voice.origin ?? LOCAL);
}

/**
 * Returns all addresses without duplicates, the strongest for live data first. For equal addresses, the first one
 * decides what is withheld.
 */
function addressesOf(said: readonly Said<Entity>[]): readonly ResourceAddress[] {
  const addresses: ResourceAddress[] = [];
  for (const { entity } of strongestFirst(said, 'live_data')) {
    const { address } = entity;
    if (address && !addresses.some((known) => isSameAddress(known, address))) addresses.push(address);
  }
  return addresses;
}

function isSameAddress(a: ResourceAddress, b: ResourceAddress): boolean {
  return a.nativeId === b.nativeId && a.runtime === b.runtime;
}
