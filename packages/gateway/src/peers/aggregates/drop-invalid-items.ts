import type { DroppedItem, Route } from '@medkit/contract';
import { fieldsOf, isJsonObject, type JsonValue } from '@medkit/core';
import type { ListDocument } from './list-part.ts';

/** Maximum reported invalid items of one gateway, and characters of their ids. */
const MAX_REPORTED = 100;
const MAX_ID = 256;

/** Returns the problem of a list item; `undefined` if it matches the schema of the list. */
export type ItemProblem = (item: JsonValue) => string | undefined;

/** The required members of list items in a schema. */
interface ListSchema {
  readonly properties?: { readonly items?: { readonly items?: ItemSchema } };
}

interface ItemSchema {
  readonly type?: string;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, { readonly type?: string }>>;
}

/** Returns a check of list items by their required members. */
export function itemProblem({ responses }: Pick<Route, 'responses'>): ItemProblem {
  const list: ListSchema = Object(responses[200]?.schema);
  const { type = 'object', required = [], properties = {} } = list.properties?.items?.items ?? {};
  return (item) => {
    if (!isOf(item, type)) return `it is not of type ${type}`;
    const fields = Object(item) as Readonly<Record<string, JsonValue>>;
    const name = required.find((each) => !isOf(fields[each], properties[each]?.type));
    return name === undefined ? undefined : `its ${name} is not of type ${properties[name]?.type ?? 'value'}`;
  };
}

/** Removes invalid items from a peer's list and reports them, up to a maximum. */
export function dropInvalidItems(list: JsonValue, peer: string, problemOf: ItemProblem): ListDocument {
  const fields = fieldsOf(list) ?? {};
  const { items } = fields;
  const dropped: DroppedItem[] = [];
  const sound = (Array.isArray(items) ? (items as readonly JsonValue[]) : []).filter((item) => {
    const reason = problemOf(item);
    if (reason !== undefined && dropped.length < MAX_REPORTED) dropped.push({ peer, reason, source_id: idOf(item) });
    return reason === undefined;
  });
  if (dropped.length === 0) return { ...fields, items: sound };
  const facts = fieldsOf(fields['x-medkit']);
  const known = facts?.['peer_dropped_items'];
  const reported = [...(Array.isArray(known) ? known : []), ...dropped];
  return { ...fields, items: sound, 'x-medkit': { ...facts, peer_dropped_items: reported } as JsonValue };
}

function idOf(item: JsonValue): string {
  const { id, fault_code } = Object(item) as Readonly<Record<string, JsonValue>>;
  const known = [id, fault_code].find((each) => typeof each === 'string');
  return typeof known === 'string' ? known.slice(0, MAX_ID) : '';
}

function isOf(value: JsonValue | undefined, type: string | undefined): boolean {
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return isJsonObject(value);
  if (type === 'integer' || type === 'number') return typeof value === 'number' || typeof value === 'bigint';
  return type === undefined ? value !== undefined : typeof value === type;
}
