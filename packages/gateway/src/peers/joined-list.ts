import type { JsonValue } from '@medkit/core';

type Fields = Readonly<Record<string, JsonValue | undefined>>;

/** A list as every collection has it. */
export interface ListDocument extends Fields {
  readonly items?: JsonValue;
  readonly 'x-medkit'?: JsonValue;
}

/** What one gateway has of a list. */
export interface ListPart {
  /** `local` for this one. */
  readonly origin: string;
  readonly list: ListDocument;
}

export interface JoinedList {
  readonly items: readonly JsonValue[];
}

/**
 * One list of those of several gateways, in their order: counts are sums, what is a list is joined, and an item of another
 * gateway says whose it is. Entries of logs stand in the order of their times.
 */
export function joinedList(parts: readonly ListPart[], missing: Readonly<Record<string, unknown>>): JoinedList {
  const own = parts.find(({ origin }) => origin === 'local')?.list;
  const known = new Set<string>();
  const items = parts.flatMap(({ origin, list }) =>
    itemsOf(list).map((item) => distinct(ofOrigin(item, origin), known)),
  );
  // What this gateway knows of who is missing comes first: others add to it, and take nothing away.
  const facts = [
    missing as Fields,
    ...parts.map(({ list }) => fieldsOf(fieldsOf(list as JsonValue)?.['x-medkit']) ?? {}),
  ];
  const all = facts.reduce(joinedFacts);
  return {
    ...own,
    items: items.every(hasTime) ? items.sort(byTime) : unique(items),
    ...(Object.keys(all).length > 0 && { 'x-medkit': all }),
  };
}

/** None where another gateway tells something that is no list. */
function itemsOf(list: ListDocument): readonly JsonValue[] {
  const { items } = fieldsOf(list as JsonValue) ?? {};
  return Array.isArray(items) ? items : [];
}

function ofOrigin(item: JsonValue, origin: string): JsonValue {
  const fields = origin === 'local' ? undefined : fieldsOf(item);
  return fields ? ({ ...fields, 'x-medkit': { ...fieldsOf(fields['x-medkit']), origin } } as JsonValue) : item;
}

/** An item whose id another one has goes by `member:item`, as those of members of one gateway do. */
function distinct(item: JsonValue, known: Set<string>): JsonValue {
  const fields = fieldsOf(item);
  const id = fields?.['id'];
  if (typeof id !== 'string') return item;
  const member = memberOf(fieldsOf(fields?.['x-medkit']));
  const name = known.has(id) && member !== undefined ? `${member}:${id}` : id;
  known.add(name);
  return name === id ? item : ({ ...fields, id: name } as JsonValue);
}

/** The one member that has an item. */
function memberOf(facts: Fields | undefined): string | undefined {
  const { member_ids, entity_id } = facts ?? {};
  const [member, ...others] = Array.isArray(member_ids) ? member_ids : [entity_id];
  return typeof member === 'string' && others.length === 0 ? member : undefined;
}

/** Names, of which several gateways may have the same. */
function unique(items: readonly JsonValue[]): readonly JsonValue[] {
  return items.every((item) => typeof item === 'string') ? [...new Set(items)] : items;
}

function joinedFacts(one: Fields, other: Fields): Fields {
  const joined: Record<string, JsonValue | undefined> = { ...one };
  for (const [name, value] of Object.entries(other)) {
    const known = joined[name];
    if (known === undefined) joined[name] = value;
    else if (typeof known === 'number' && typeof value === 'number' && name.endsWith('count'))
      joined[name] = known + value;
    else if (Array.isArray(known) && Array.isArray(value)) joined[name] = [...known, ...value];
    else if (name === 'partial') joined[name] = known === true || value === true;
  }
  return joined;
}

function hasTime(item: JsonValue): boolean {
  return typeof timeOf(item) === 'string' && fieldsOf(item)?.['message'] !== undefined;
}

function timeOf(item: JsonValue): JsonValue | undefined {
  return fieldsOf(item)?.['timestamp'];
}

function byTime(a: JsonValue, b: JsonValue): number {
  const [at, bt] = [String(timeOf(a)), String(timeOf(b))];
  return at < bt ? -1 : at > bt ? 1 : 0;
}

function fieldsOf(value: JsonValue | undefined): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}
