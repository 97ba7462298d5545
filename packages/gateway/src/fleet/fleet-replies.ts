import { SovdError } from '@medkit/contract';
import {
  FleetConflict,
  FleetInvalid,
  FleetNotFound,
  FleetOutside,
  type FleetPage,
  FleetQuotaReached,
} from '@medkit/fleet';
import { stored } from '../database/store-errors.ts';
import type { Exchange } from '../http/exchange.ts';
import { limitedAccount } from '../security/account-limit.ts';
import { isAuthorised, notAuthorised } from '../security/authorise.ts';

/** Returns the query parameters with these names that are present. */
export const textsOf = (query: Exchange['query'], names: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(names.flatMap((name) => (query[name] === undefined ? [] : [[name, query[name]]])));

/** Returns the parameters that all lists of the fleet have. */
export const filtersOf = (query: Exchange['query']) => ({
  ...textsOf(query, ['site', 'label', 'group', 'q', 'cursor']),
  ...(query['limit'] !== undefined && { limit: Number(query['limit']) }),
});

/** Returns a page as clients receive it. */
export const pageOf = <Item>({ items, total, next }: FleetPage<Item>) => ({
  items: [...items],
  total,
  ...(next !== undefined && { next_cursor: next }),
});

/** Files of the fleet are for those who may see the fleet, besides the permission of the route. */
export function checkFleetRead(principal: Exchange['principal']): void {
  if (!isAuthorised(principal, 'fleet.read')) throw notAuthorised(principal, 'fleet.read');
}

/** Converts refusals of the record to errors for clients. */
export async function answered<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await stored(work);
  } catch (error) {
    if (error instanceof FleetNotFound) throw new SovdError({ code: 'resource-not-found', message: error.message });
    if (error instanceof FleetInvalid) throw new SovdError({ code: 'invalid-parameter', message: error.message });
    if (error instanceof FleetQuotaReached) {
      throw new SovdError({ code: 'x-medkit-fleet-quota', message: error.message, parameters: { ...error.reached } });
    }
    if (error instanceof FleetOutside) throw limitedAccount(error.message);
    if (error instanceof FleetConflict)
      throw new SovdError({ code: 'precondition-not-fulfilled', message: error.message });
    throw error;
  }
}
