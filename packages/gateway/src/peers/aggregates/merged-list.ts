import type { ListJoin } from '@medkit/contract';
import { fieldsOf, type JsonFields, type JsonValue } from '@medkit/core';
import { deduplicateFaults } from './deduplicate-faults.ts';
import { itemsOf, type ListDocument, type ListPart } from './list-part.ts';
import { entryTimes, type ReportedClocks, reportedClocks } from './part-clocks.ts';

export interface MergedList {
  readonly items: readonly JsonValue[];
}

/**
 * Merges the lists of several gateways in their order, as the route says: adds sums, concatenates lists, and marks items
 * of peers with their origin. Entries in the order of time are ordered by the local clock; those of one log keep their
 * order.
 */
export function mergeLists(
  reports: readonly ListPart[],
  missing: Readonly<Record<string, unknown>>,
  { identity, order, sums }: ListJoin,
): MergedList {
  const parts = identity === 'fault' ? deduplicateFaults(reports) : reports;
  const local = parts.find(({ origin }) => origin === 'local')?.list;
  const isNamed = identity === 'id' || identity === 'member';
  const known = new Set<string>();
  const items = parts.map(({ origin, list, member }) =>
    itemsOf(list).map((item) => {
      const marked = ofOrigin(item, origin);
      return isNamed ? distinct(marked, known, member) : marked;
    }),
  );
  const clocks: ReportedClocks = Object.assign({}, ...parts.map(clocksOf));
  // This gateway's facts about missing peers come first: others add to them.
  const facts = [
    missing as JsonFields,
    ...parts.map(({ origin, list }) => trustedFacts(origin, factsWithoutClocks(list))),
  ];
  const all = {
    ...facts.reduce((one, other) => mergeFacts(one, other, sums)),
    ...(Object.keys(clocks).length > 0 && { clocks: clocks as unknown as JsonValue }),
  };
  return {
    ...local,
    items: order === 'time' ? inTime(parts, items) : identity === 'value' ? [...new Set(items.flat())] : items.flat(),
    ...(Object.keys(all).length > 0 && { 'x-medkit': all }),
  };
}

function ofOrigin(item: JsonValue, origin: string): JsonValue {
  const fields = origin === 'local' ? undefined : fieldsOf(item);
  return fields ? ({ ...fields, 'x-medkit': { ...fieldsOf(fields['x-medkit']), origin } } as JsonValue) : item;
}

/** Prefixes the configuration ids of one node as in a list over several nodes. */
export function prefixMember(list: ListDocument, member: string): ListDocument {
  const named = (items: JsonValue | undefined): readonly JsonValue[] =>
    (Array.isArray(items) ? (items as readonly JsonValue[]) : []).map((item) => {
      const fields = fieldsOf(item);
      return typeof fields?.['id'] === 'string' ? ({ ...fields, id: `${member}:${fields['id']}` } as JsonValue) : item;
    });
  const facts = fieldsOf(list['x-medkit']);
  return {
    ...list,
    items: named(list.items),
    ...(facts && { 'x-medkit': { ...facts, parameters: named(facts['parameters']) } as JsonValue }),
  };
}

/** Renames an item with a duplicate id to `member:item`, as for the members of one gateway. */
function distinct(item: JsonValue, known: Set<string>, singleMember: ListPart['member']): JsonValue {
  const fields = fieldsOf(item);
  const id = fields?.['id'];
  if (typeof id !== 'string') return item;
  const member = known.has(id) ? (memberOf(fieldsOf(fields?.['x-medkit'])) ?? singleMember?.()) : undefined;
  const name = member !== undefined ? `${member}:${id}` : id;
  known.add(name);
  return name === id ? item : ({ ...fields, id: name } as JsonValue);
}

/** Returns the only member that has an item. */
function memberOf(facts: JsonFields | undefined): string | undefined {
  const { member_ids, entity_id } = facts ?? {};
  const [member, ...others] = Array.isArray(member_ids) ? member_ids : [entity_id];
  return typeof member === 'string' && others.length === 0 ? member : undefined;
}

/** Removes duplicate names. */
function unique(items: readonly JsonValue[]): readonly JsonValue[] {
  return items.every((item) => typeof item === 'string') ? [...new Set(items)] : items;
}

function mergeFacts(one: JsonFields, other: JsonFields, sums: readonly string[]): JsonFields {
  const merged: Record<string, JsonValue | undefined> = { ...one };
  for (const [name, value] of Object.entries(other)) {
    const known = merged[name];
    if (known === undefined) merged[name] = value;
    else if (typeof known === 'number' && typeof value === 'number' && sums.includes(name))
      merged[name] = known + value;
    else if (Array.isArray(known) && Array.isArray(value)) merged[name] = unique([...known, ...value]);
    else if (name === 'origins') merged[name] = { ...fieldsOf(known), ...fieldsOf(value) } as JsonValue;
    else if (name === 'partial') merged[name] = known === true || value === true;
  }
  return merged;
}

/** Merges entries of several logs, each oldest first. */
function inTime(parts: readonly ListPart[], items: readonly (readonly JsonValue[])[]): readonly JsonValue[] {
  const timed = items.flatMap((entries, at) => {
    const part = parts[at];
    const times = part
      ? entryTimes(part.origin, itemsOf(part.list), part.clock ?? [], factsOf(part.list)?.['clocks'])
      : [];
    return entries.map((item, index) => ({ item, timeMs: times[index] ?? 0 }));
  });
  return timed.sort((one, other) => one.timeMs - other.timeMs).map(({ item }) => item);
}

function clocksOf({ origin, list, clock }: ListPart): ReportedClocks {
  return clock ? reportedClocks(origin, clock, factsOf(list)?.['clocks']) : {};
}

/** The clocks that a gateway reports have other names here. */
function factsWithoutClocks(list: ListDocument): JsonFields {
  const { clocks: _, ...facts } = factsOf(list) ?? {};
  return facts;
}

/** Returns a peer's facts about its list. If its own part is missing, the peer has failed, not this gateway. */
function trustedFacts(origin: string, facts: JsonFields): JsonFields {
  const { failed_peers: failed } = facts;
  if (origin === 'local' || !Array.isArray(failed)) return facts;
  return { ...facts, failed_peers: failed.map((name) => (name === 'local' ? origin : name)) as JsonValue };
}

function factsOf(list: ListDocument): JsonFields | undefined {
  return fieldsOf(fieldsOf(list as JsonValue)?.['x-medkit']);
}
