import { type Group, rootOf } from '../grouping/group.ts';
import { endOf } from '../occurrence/occurrence.ts';

/**
 * Whether a fault of a group holds the robot; `undefined` where none is known that ever does. What a symptom saw when it came speaks for
 * its root: a symptom that outlasts that holds nothing.
 */
export function isMotionBlocked(group: Group): boolean | undefined {
  const blocking = group.members.filter(({ occurrence }) => occurrence.blocksMotion);
  if (blocking.length === 0) return undefined;
  const isRootActive = endOf(rootOf(group)) === undefined;
  return (
    isRootActive || blocking.some(({ occurrence, fold }) => fold?.because !== 'rule' && endOf(occurrence) === undefined)
  );
}
