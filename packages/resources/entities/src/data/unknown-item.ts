import { SovdError, shortened } from '@medkit/contract';
import { closestNames, type Entity, nearestName } from '@medkit/core';

/** Maximum names listed in an error. */
export const MAX_NAMES = 20;

/** Creates the 404 error for an unknown item. It lists the existing items, the nearest name first. */
export function unknownItem(entity: Entity, name: string, known: readonly string[], memberId?: string): SovdError {
  const names = [...new Set(known)];
  const nearest = nearestName(name, names);
  const suggestion = nearest === undefined ? '' : `: did you mean '${nearest}'?`;
  const what =
    memberId === undefined
      ? `${entity.kind} ${entity.id} has no data item '${shortened(name)}'`
      : 'Data item not provided by member';
  return new SovdError({
    code: 'resource-not-found',
    message: `${what}${suggestion}`,
    parameters: {
      id: name,
      available_count: names.length,
      ...(nearest !== undefined && { did_you_mean: nearest }),
      closest: closestNames(name, names).slice(0, MAX_NAMES),
    },
  });
}
