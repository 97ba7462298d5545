import { pointerTo } from '../forms/json-pointer.ts';
import { formatValue } from '../values/format-value.ts';

/** Maximum values that are listed; larger events are copied as JSON. */
const MAX_FIELDS = 60;
const MAX_DEPTH = 8;

export interface EventField {
  /** JSON Pointer to the value. */
  readonly at: string;
  /** Path for display: `data.payload.voltage`. */
  readonly name: string;
  readonly text: string;
}

/** Returns the values of an event with their paths, in the order of the event, and how many are omitted. */
export function eventFields(event: unknown): { readonly fields: readonly EventField[]; readonly omitted: number } {
  const fields: EventField[] = [];
  let omitted = 0;
  const add = (value: unknown, at: string, name: string, depth: number): void => {
    const members = typeof value === 'object' && value !== null ? Object.entries(value) : [];
    if (members.length === 0 || depth >= MAX_DEPTH) {
      if (fields.length < MAX_FIELDS) fields.push({ at, name, text: fieldText(value) });
      else omitted++;
      return;
    }
    for (const [member, part] of members) {
      add(part, pointerTo(at, member), name === '' ? member : `${name}.${member}`, depth + 1);
    }
  };
  add(event, '', '', 0);
  return { fields, omitted };
}

/** Texts are complete, because an address or a message is useless when it is cut. */
function fieldText(value: unknown): string {
  return typeof value === 'string' ? value : formatValue(value);
}
