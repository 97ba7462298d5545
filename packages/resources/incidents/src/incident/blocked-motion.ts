import { type Group, rootOf } from '../grouping/group.ts';
import { endOf, faultKey } from '../occurrence/occurrence.ts';

/**
 * Returns whether a fault of a group stops the robot; `undefined` if none of its faults is known to do so. The evidence
 * of a symptom counts for its root. A symptom that outlasts the root does not stop the robot.
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
