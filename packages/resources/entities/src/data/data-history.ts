import { DATA_HISTORY, type DataHistory, SovdError } from '@medkit/contract';
import { type CallContext, type Entity, FAULT_MANAGER_ID, type Model, type RecentValues } from '@medkit/core';
import { isPointer, valueAt } from '@medkit/core/json';
import type { Clock } from '@medkit/edges';
import { storingRuntimes } from '../members/owners.ts';
import { toStrictNumber } from '../values/to-number.ts';
import type { DataTarget } from './named-data.ts';

const NS_PER_MS = 1_000_000;

/** The requested past values of an item. */
export interface HistoryRequest {
  readonly seconds: number;
  readonly limit: number;
  /** JSON Pointer to a number in each value; absent for whole values. */
  readonly path: string | undefined;
}

/** Parses the parameters of a history request. Throws `invalid-parameter`. */
export function parseHistoryRequest(query: Readonly<Record<string, string | undefined>>): HistoryRequest {
  const { seconds, limit } = DATA_HISTORY;
  const path = query['path'];
  if (path !== undefined && !isPointer(path)) {
    throw invalid('path', 'path must be a JSON Pointer to a number, such as /linear/x', path);
  }
  return {
    seconds: numberIn('seconds', query['seconds'], seconds),
    limit: numberIn('limit', query['limit'], limit),
    path,
  };
}

/**
 * Returns the last seconds of an item from the buffer for fault evidence. Throws `precondition-not-fulfilled` if no
 * buffer covers the item, naming the settings that would.
 */
export async function dataHistory(
  { model, clock }: { readonly model: Model; readonly clock: Clock },
  entity: Entity,
  { owner, itemId, channel = itemId }: DataTarget,
  { seconds, limit, path }: HistoryRequest,
  call: CallContext,
): Promise<DataHistory> {
  const sinceNs = clock.wallNs() - BigInt(Math.round(seconds * 1000 * NS_PER_MS));
  const query = { sinceNs, limit };
  const { provider: ownerProvider, nativeId } = owner;
  if (ownerProvider.recent)
    return history(entity, itemId, path, await ownerProvider.recent(nativeId, itemId, query, call));
  for (const { provider, origin } of storingRuntimes(model, 'faults')) {
    if (origin !== owner.origin || !provider.recent) continue;
    const recent = await provider.recent(FAULT_MANAGER_ID, { name: channel, runtime: owner.runtime }, query, call);
    return history(entity, itemId, path, recent);
  }
  throw notStored(entity, itemId);
}

function history(entity: Entity, id: string, path: string | undefined, recent: RecentValues): DataHistory {
  const { type, values, fromNs, storedFor, omitted } = recent;
  const items: DataHistory['items'] = [];
  let withoutNumber = 0;
  for (const { timeNs, value } of values) {
    const point = path === undefined ? value : toStrictNumber(valueAt(value, path));
    if (point === undefined) withoutNumber++;
    else items.push([timeNs, point]);
  }
  if (items.length === 0 && withoutNumber > 0) {
    throw invalid('path', `The values of ${id} have no number at ${path}`, path ?? '');
  }
  return {
    id,
    ...(path !== undefined && { path }),
    items,
    'x-medkit': { entity_id: entity.id, type, from: fromNs, kept_for: storedFor, omitted: omitted + withoutNumber },
  };
}

function notStored(entity: Entity, id: string): SovdError {
  return new SovdError({
    code: 'precondition-not-fulfilled',
    message: `Past values of ${id} are not buffered: this gateway has no fault manager that stores evidence`,
    parameters: { entity_id: entity.id, data_id: id },
  });
}

function numberIn(
  name: string,
  text: string | undefined,
  { min, usual, max }: { readonly min: number; readonly usual: number; readonly max: number },
): number {
  if (text === undefined) return usual;
  const number = /^\d{1,6}(?:\.\d{1,3})?$/.test(text) ? Number(text) : Number.NaN;
  const isWhole = name === 'seconds' || Number.isInteger(number);
  if (isWhole && number >= min && number <= max) return number;
  throw invalid(name, `${name} must be a ${name === 'seconds' ? '' : 'whole '}number from ${min} to ${max}`, text);
}

function invalid(parameter: string, message: string, value: string): SovdError {
  return new SovdError({ code: 'invalid-parameter', message, parameters: { parameter, value } });
}
