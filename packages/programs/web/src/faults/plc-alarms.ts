import type { OperationItem } from '@medkit/contract';
import { InvalidReply } from '../gateway/validate-reply.ts';

/** Name of the plugin route, and of the capability of apps whose faults may be alarms of a PLC. */
export const PLC_ALARMS = 'x-plc-alarms';

/** Operations that act on the alarm of a fault. */
const ALARM_ACTS = ['acknowledge_fault', 'confirm_fault'] as const;
export type AlarmAct = (typeof ALARM_ACTS)[number];

/** An alarm of a PLC; several conditions may have the same fault. */
export interface PlcAlarm {
  readonly code: string;
  /** Severity of the fault, 0 to 3. */
  readonly severity: number;
  readonly message: string;
  /** Whether its cause still exists. */
  readonly isActive: boolean;
  readonly isAcknowledged: boolean;
  readonly isConfirmed: boolean;
}

/** The alarms of an app, one for each fault, the latest first. */
export interface PlcAlarms {
  /** Whether the PLC answers; otherwise these are its last reports. */
  readonly isConnected: boolean;
  readonly alarms: readonly PlcAlarm[];
  /** Conditions of the PLC that the gateway omitted from the reply. */
  readonly omitted: number;
}

/**
 * Validates a reply of the plugin route, which the contract does not describe and another gateway may have sent. Of
 * conditions with the same fault, the alarm is as severe as the severest, and handled if all are handled.
 */
export function plcAlarms(reply: unknown): PlcAlarms {
  const { items, connected, total } = Object(reply) as Readonly<Record<string, unknown>>;
  if (!Array.isArray(items)) throw new InvalidReply('no alarms');
  const alarms = items.flatMap(alarmOf);
  return {
    isConnected: connected !== false,
    alarms: [...Map.groupBy(alarms, ({ code }) => code).values()].map(
      (same): PlcAlarm => ({
        ...same[0]!,
        severity: Math.max(...same.map(({ severity }) => severity)),
        isActive: same.some(({ isActive }) => isActive),
        isAcknowledged: same.every(({ isAcknowledged }) => isAcknowledged),
        isConfirmed: same.every(({ isConfirmed }) => isConfirmed),
      }),
    ),
    omitted: Math.max(0, (Number(total) || 0) - items.length),
  };
}

function alarmOf(item: unknown): readonly PlcAlarm[] {
  const { fault_code, severity, message, active, acknowledged, confirmed } = Object(item);
  if (typeof fault_code !== 'string') return [];
  return [
    {
      code: fault_code,
      severity: Number(severity) || 0,
      message: typeof message === 'string' ? message : '',
      isActive: active !== false,
      isAcknowledged: acknowledged === true,
      isConfirmed: confirmed === true,
    },
  ];
}

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

/** Returns whether an alarm still needs an operation. */
export function needs({ isAcknowledged, isConfirmed }: PlcAlarm, act: AlarmAct): boolean {
  return act === 'acknowledge_fault' ? !isAcknowledged : !isConfirmed;
}
