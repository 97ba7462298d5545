import { fieldsOf, type JsonFields, type JsonValue } from '@medkit/core';
import { itemsOf, type ListPart } from './list-part.ts';

/**
 * Removes duplicates of faults that several peers report. A restarted gateway has another name until its tree is read,
 * so that it may be reached over two paths. Its own report has priority over a copy, then the first one.
 */
export function deduplicateFaults(parts: readonly ListPart[]): readonly ListPart[] {
  const others = parts.filter(({ origin }) => origin !== 'local');
  if (others.length < 2) return parts;
  const chosen = new Map<string, { readonly part: ListPart; readonly item: JsonValue }>();
  for (const part of others) {
    for (const item of itemsOf(part.list)) {
      const name = faultName(item);
      const before = name === undefined ? undefined : chosen.get(name);
      if (name !== undefined && (!before || (isCopy(before.item) && !isCopy(item)))) chosen.set(name, { part, item });
    }
  }
  return parts.map((part) => {
    if (!others.includes(part)) return part;
    const all = itemsOf(part.list);
    // Duplicates within one list stay as that gateway reports them.
    const items = all.filter((item) => (chosen.get(faultName(item) ?? '')?.part ?? part) === part);
    return items.length === all.length
      ? part
      : { ...part, list: { ...part.list, items, ...fewer(part, items.length) } };
  });
}

/**
 * Returns a unique key of an app's fault; `undefined` otherwise: areas and components are shared by several gateways.
 */
function faultName(item: JsonValue): string | undefined {
  const { entity_type: kind, entity_id: id, fault_code: code, first_occurred: first } = fieldsOf(item) ?? {};
  return kind === 'app' && id !== undefined && code !== undefined
    ? JSON.stringify([id, code, Number(first)])
    : undefined;
}

const isCopy = (item: JsonValue): boolean => fieldsOf(fieldsOf(item)?.['x-medkit'])?.['as_of'] !== undefined;

function fewer({ list }: ListPart, count: number): JsonFields {
  const facts = fieldsOf(list['x-medkit']);
  return facts?.['count'] === undefined ? {} : { 'x-medkit': { ...facts, count } as JsonValue };
}
