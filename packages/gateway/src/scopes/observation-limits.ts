import type { Accounts } from '@medkit/accounts';
import { type EntityLimits, type EntityTree, isLocal, type Model, memoizeByObject } from '@medkit/core';
import { entityKey, type ObservationLimits, type Observed, type OwnerProblem, subtree } from '@medkit/entities';
import { outsideScopes } from '../security/account-limit.ts';
import { permittedTree } from './permitted-tree.ts';

/** Collections whose values concern only the entity and what it contains. A fault also names its other reporters. */
const OBSERVABLE: ReadonlySet<string> = new Set(['configurations', 'data', 'logs', 'operations']);

/** By the tree of the entities that an action is permitted at. */
const verdicts = memoizeByObject((_: EntityTree) => new Map<string, boolean>());

/** Returns the limits of what principals with scopes observe, and why an owner cannot observe it any more. */
export function observationLimits(
  model: Pick<Model, 'tree'>,
  accounts: Pick<Accounts, 'entityLimitsOf' | 'ownerProblem'>,
): ObservationLimits & { readonly ownerProblem: OwnerProblem } {
  const isWithin = (limits: EntityLimits, { by, entity, collection }: Observed): boolean => {
    if (!OBSERVABLE.has(collection)) return false;
    const { tree } = model;
    return [by, collection].every((each) => {
      const permitted = permittedTree(tree, limits, { permission: 'read', collection: each });
      const known = verdicts(permitted);
      const key = entityKey(entity);
      const verdict = known.get(key) ?? isWhole(tree, permitted, entity);
      known.set(key, verdict);
      return verdict;
    });
  };
  return {
    isVisible: ({ entityScopes }, observed) => entityScopes === undefined || isWithin(entityScopes, observed),
    assertCreatable: ({ id, owner = id, entityScopes }, observed) => {
      if (entityScopes === undefined) return;
      const { collection, entity } = observed;
      if (!OBSERVABLE.has(collection)) {
        throw outsideScopes(
          `Accounts with scopes cannot observe ${collection}, which can name other entities: use ${[...OBSERVABLE].join(', ')}`,
        );
      }
      if (accounts.entityLimitsOf(owner) === undefined) {
        throw outsideScopes(
          'The gateway does not store your account, so it could not check its scopes later: use a key or a user of this gateway',
        );
      }
      if (isWithin(entityScopes, observed)) return;
      throw outsideScopes(
        `The scopes of your account do not include the ${collection} of ${entity.id} and all it contains`,
      );
    },
    ownerProblem: (owner, observed) => {
      const problem = accounts.ownerProblem(owner);
      const limits = accounts.entityLimitsOf(owner) ?? [];
      if (problem !== undefined || limits.length === 0 || isWithin(limits, observed)) return problem;
      return `It is suspended, because the scopes of its owner ${owner} do not include the ${observed.collection} of ${observed.entity.id}`;
    },
  };
}

/** Returns whether a permitted tree has an entity and everything that it contains, all of this gateway. */
function isWhole(tree: EntityTree, permitted: EntityTree, { kind, id }: Observed['entity']): boolean {
  const all = subtree(tree, tree.get(kind, id));
  return all.length > 0 && all.every((each) => isLocal(each) && permitted.get(each.kind, each.id) !== undefined);
}
