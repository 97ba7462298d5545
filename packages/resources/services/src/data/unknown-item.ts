import { SovdError } from '@medkit/contract';
import { closestNames, type Entity, nearestName } from '@medkit/core';

/** Maximum names listed in an error. */
export const MAX_NAMES = 20;
/** Maximum characters of the requested name repeated in an error. */
const MAX_NAME_LENGTH = 64;

/** Creates the 404 error for an unknown item. It lists the existing items, the nearest name first. */
export function unknownItem(entity: Entity, name: string, known: readonly string[], memberId?: string): SovdError {
  const names = [...new Set(known)];
  const nearest = nearestName(name, names);
  const suggestion = nearest === undefined ? '' : `: did you mean '${nearest}'?`;
  const shortName = name.length > MAX_NAME_LENGTH ? `${name.slice(0, MAX_NAME_LENGTH)}…` : name;
  const what =
    memberId === undefined
      ? `${entity.kind} ${entity.id} has no data item '${shortName}'`
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
