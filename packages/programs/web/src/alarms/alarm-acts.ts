import type { OperationItem } from '@medkit/contract';

/** Operations that act on the alarm of a fault. */
export const ALARM_ACTS = ['acknowledge_fault', 'confirm_fault'] as const;
export type AlarmAct = (typeof ALARM_ACTS)[number];

/** An operation on alarms that an app has. */
export interface AlarmOperation {
  readonly act: AlarmAct;
  /** Maximum characters of its comment, or `undefined` if it takes no comment. */
  readonly maxComment: number | undefined;
}

/** Maximum characters of a comment whose schema has no limit. */
const DEFAULT_COMMENT = 256;

/** Returns the operations on alarms among the operations of an app, to acknowledge first. */
export function alarmOperations(items: readonly OperationItem[]): readonly AlarmOperation[] {
  return ALARM_ACTS.flatMap((act) => {
    const item = items.find(({ id }) => id === act);
    return item ? [{ act, maxComment: maxCommentOf(item) }] : [];
  });
}

function maxCommentOf(item: OperationItem): number | undefined {
  const { request } = Object(item['x-medkit']?.type_info);
  const comment: unknown = Object(Object(request).properties).comment;
  if (comment === undefined) return undefined;
  const { maxLength } = Object(comment);
  return Number.isFinite(Number(maxLength)) ? Number(maxLength) : DEFAULT_COMMENT;
}
