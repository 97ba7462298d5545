import { SovdError } from '@medkit/contract';
import type { CallContext, Entity, Model } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import { ask, FIND, type OwnerQuery } from '../members/ask.ts';
import { isAggregate, ownersOf, ownersOfMember } from '../members/owners.ts';
import { type NamedOperation, namedOperations, operationsCalled, uniqueId } from './named-operations.ts';
import { gatherOperations, type OperationOwner } from './operation-owner.ts';

interface Request {
  readonly model: Model;
  readonly clock: Clock;
  readonly entity: Entity;
  /** As the client wrote it, percent-decoded. */
  readonly operationId: string;
  readonly call: CallContext;
}

/**
 * Resolves the operation that a client names; on an aggregate, possibly as `member:name`. Throws `operation-not-found`,
 * `resource-not-found` for a member without the operation, and `invalid-request` if the name is ambiguous.
 */
export async function operationTarget(request: Request): Promise<NamedOperation> {
  const { model, clock, entity, operationId, call } = request;
  const aggregate = isAggregate(model.tree, entity);
  const owners = ownersOf(model, entity, 'operations');
  const colon = aggregate ? operationId.indexOf(':') : -1;
  const memberId = colon < 0 ? undefined : operationId.slice(0, colon);
  const requested = operationId.slice(colon + 1);
  const candidates = memberId === undefined ? owners : ownersOfMember(model, entity, memberId, owners);

  const question = { owners: candidates, clock, call, budget: FIND };
  const look = async () => {
    const { entries, silent } = await gatherOperations(question);
    const operations = namedOperations(entries, aggregate && memberId === undefined);
    return { called: operationsCalled(operations, requested), silent };
  };
  let { called, silent } = await look();
  if (called.length === 0 && (await appears(question, requested))) ({ called, silent } = await look());
  const [found, ...others] = called;
  if (found && others.length === 0) return found;
  if (found) throw ambiguous(memberId, aggregate, [found, ...others]);
  // An owner that did not answer may have the operation.
  if (silent[0]) throw silent[0].error;
  if (memberId === undefined) throw new SovdError({ code: 'operation-not-found' });
  const message = 'Operation not provided by member';
  throw new SovdError({ code: 'resource-not-found', message, parameters: { member_id: memberId } });
}

/** Waits for an operation that a newly started owner may still offer. Returns whether it appeared. */
async function appears(question: OwnerQuery<OperationOwner>, requested: string): Promise<boolean> {
  const { entries } = await ask(question, async ({ provider, nativeId }, call) => [
    (await provider.appears?.(nativeId, requested, call)) === true,
  ]);
  return entries.some(({ entry }) => entry);
}

function ambiguous(memberId: string | undefined, aggregate: boolean, matches: readonly NamedOperation[]): SovdError {
  const prefix = memberId === undefined ? '' : `${memberId}:`;
  const ids = matches.map((operation) => `${prefix}${uniqueId(operation, matches)}`);
  const members = new Set(matches.flatMap(({ owners }) => owners.map(({ entity }) => entity.id)));
  return new SovdError({
    code: 'invalid-request',
    message: `Several operations have this name; use one of ${ids.join(', ')}`,
    parameters: {
      ros2_paths: matches.map(({ entry }) => entry.id).sort(),
      ...(aggregate && { member_ids: [...members].sort() }),
      operation_ids: ids,
      details: 'The name matches several operations of this entity; operation_ids lists unique ids.',
    },
  });
}
