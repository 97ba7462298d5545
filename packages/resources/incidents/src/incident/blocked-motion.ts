import { type Group, rootOf } from '../grouping/group.ts';
import { endOf, faultKey } from '../occurrence/occurrence.ts';

/**
 * Whether a fault of a group holds the robot; `undefined` where none is known that ever does. What a symptom saw when it came speaks for
 * its root: a symptom that outlasts that holds nothing.
 */
export function isMotionBlocked(group: Group): boolean | undefined {
  if (!group.members.some(({ occurrence }) => occurrence.blocksMotion)) return undefined;
  const root = faultKey(rootOf(group));
  return group.members.some(
    ({ occurrence, fold }) =>
      endOf(occurrence) === undefined &&
      (faultKey(occurrence) === root || (occurrence.blocksMotion && fold?.because !== 'rule')),
  );
}
