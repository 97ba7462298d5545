import { SovdError } from '@medkit/contract';
import { nativeIdOf } from '@medkit/core';
import { faultHost } from '@medkit/faults';
import type { Fleet } from '@medkit/fleet';
import { stored } from '../../database/store-errors.ts';
import { Answer } from '../../http/answer.ts';
import type { Exchange } from '../../http/exchange.ts';
import { pathAfterEntity } from '../../peers/forwarding/forward-request.ts';
import { knownTrees } from '../known-tree.ts';
import { apiOf } from '../replace-addresses.ts';
import type { FleetPlace } from './fleet-entities.ts';

/** Sends a client to the same resource of a robot. Throws `not-responding` if the hub does not know its entities. */
export type RobotLink = (place: FleetPlace, exchange: Exchange) => Promise<Answer<never>>;

/** Returns what sends clients to the component that hosts most apps of a robot. */
export function robotLink(fleet: Pick<Fleet, 'known'>): RobotLink {
  const treeOf = knownTrees(fleet.known);
  return async ({ name }, exchange) => {
    const known = await stored(() => treeOf(name));
    const root = known && faultHost(known.tree);
    const api = apiOf(name);
    if (!root) {
      const message = `The hub has not read the entities of the robot ${name} yet: ask ${api} for them`;
      throw new SovdError({ code: 'not-responding', message, parameters: { robot: name } });
    }
    const { query } = exchange.forwarded(undefined);
    const path = `${api}/${nativeIdOf(root)}${pathAfterEntity(exchange.url)}`;
    return new Answer<never>(307, undefined, { Location: query === '' ? path : `${path}?${query}` });
  };
}
