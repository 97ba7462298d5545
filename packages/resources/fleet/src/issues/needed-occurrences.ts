import { ISSUE_STATE } from './issue-rows.ts';

/**
 * Whether an occurrence `o` stays at `:now`, however old it is: it is active, belongs to an incident with an active
 * occurrence, or is the last one of an open issue.
 */
export const IS_NEEDED = `(o.ended_ms IS NULL
  OR (o.incident IS NOT NULL AND EXISTS (SELECT 1 FROM fleet_occurrences p
    WHERE p.robot = o.robot AND p.ended_ms IS NULL AND p.incident = o.incident))
  OR EXISTS (SELECT 1 FROM fleet_issues i WHERE i.id = o.issue AND ${ISSUE_STATE} IN ('new', 'ongoing', 'regressed')
    AND o.id = (SELECT p.id FROM fleet_occurrences p WHERE p.issue = i.id ORDER BY p.began_ms DESC, p.id DESC LIMIT 1)))`;

/** Whether a file `f` is evidence of such an occurrence. Without a number, it is that of the active fault. */
export const IS_NEEDED_FILE = `EXISTS (SELECT 1 FROM fleet_occurrences o
  WHERE o.robot = f.robot AND o.origin = '' AND o.code = f.code
    AND (o.number = f.occurrence OR (f.occurrence IS NULL AND o.ended_ms IS NULL)) AND ${IS_NEEDED})`;
