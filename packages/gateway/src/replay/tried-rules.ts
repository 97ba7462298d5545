import { parseFaultSeverity, TriedReceiver, TriedRules } from '@medkit/contract';
import { DocumentRefused, type Notice, nearestName } from '@medkit/documents';
import {
  type BandOverride,
  type CorrelationRule,
  entityThresholds,
  type FaultConfiguration,
  globalBand,
  readCorrelationRules,
  readEntityThresholds,
} from '@medkit/faults';
import { ConfigRefused } from '../config/assignment.ts';
import { readFaultParameter } from './fault-parameter.ts';
import type { AllRules } from './replay-outcome.ts';
import type { NotificationRules } from './replayed-notifications.ts';

/** Rules as plain data, which a thread can receive. */
export interface PlainRules {
  readonly configuration: FaultConfiguration;
  readonly overrides: ReadonlyMap<string, BandOverride>;
  readonly correlationRules: readonly CorrelationRule[];
  readonly sharedHealing: boolean;
  readonly notifications: NotificationRules;
}

/** Changed rules, and remarks on them. */
export interface TriedRulesReading {
  readonly rules: PlainRules;
  readonly remarks: readonly string[];
}

/** A rule of a request is invalid. The message has a line for each problem. */
export class TriedRuleRefused extends Error {
  /** The member of the request. */
  readonly parameter: string;

  constructor(parameter: string, lines: readonly string[]) {
    super(lines.slice(0, MAX_LINES).join('\n'));
    this.parameter = parameter;
  }
}

/** Maximum problems in one error. */
const MAX_LINES = 20;
const PARAMETERS = [
  'confirmation_threshold',
  'healing_enabled',
  'healing_threshold',
  'critical_immediate_confirm',
  'auto_confirm_after_sec',
] as const;
const MINUTE_MS = 60_000;
/** What the gateway would do instead at its start. A request with such a problem is refused. */
const CONSEQUENCE =
  /; (?:it is ignored|the first is used|the thresholds for all entities are used|the value for all entities is used|faults are not correlated)$/;

export const rulesOf = ({ notifications, overrides, ...faults }: PlainRules): AllRules => ({
  faults: { ...faults, thresholds: entityThresholds(globalBand(faults.configuration), overrides) },
  notifications,
});

/** Applies the changes of a request to the rules in use. Throws `TriedRuleRefused`. */
export function triedRules(inUse: PlainRules, tried: TriedRules): TriedRulesReading {
  validateNames('the request', tried, Object.keys(TriedRules.properties));
  const remarks: string[] = [];
  const { parameters, entity_thresholds, correlation_rules, notifications } = tried;
  const configuration = parameters ? changedParameters(inUse.configuration, parameters) : inUse.configuration;
  return {
    rules: {
      ...inUse,
      configuration,
      ...(entity_thresholds != null && {
        overrides: new Map([...inUse.overrides, ...changedThresholds(entity_thresholds, configuration)]),
      }),
      ...(correlation_rules != null && { correlationRules: changedCorrelation(correlation_rules, remarks) }),
      ...(notifications && { notifications: changedNotifications(inUse.notifications, notifications) }),
    },
    remarks,
  };
}

function changedParameters(
  configuration: FaultConfiguration,
  parameters: NonNullable<TriedRules['parameters']>,
): FaultConfiguration {
  validateNames('parameters', parameters, PARAMETERS);
  const changes = PARAMETERS.flatMap((key) => {
    const value = parameters[key];
    if (value == null) return [];
    const read = refusing('parameters', () => readFaultParameter(key, String(value), `parameters.${key}`));
    return [[key, read] as const];
  });
  return { ...configuration, ...Object.fromEntries(changes) };
}

function changedThresholds(text: string, configuration: FaultConfiguration): ReadonlyMap<string, BandOverride> {
  const name = 'entity_thresholds';
  const { thresholds, notices } = readEntityThresholds(text, name, globalBand(configuration));
  if (notices.length > 0) throw refusalOf(name, notices);
  return thresholds.overrides;
}

function changedCorrelation(text: string, remarks: string[]): readonly CorrelationRule[] {
  const name = 'correlation_rules';
  const { rules, acrossOrigins, notices } = readCorrelationRules(text, name);
  if (notices.some(({ level }) => level === 'error')) throw refusalOf(name, notices);
  remarks.push(...notices.slice(0, MAX_LINES).map((notice) => notice.text));
  if (rules.length === 0) {
    remarks.push(
      `${name}: no enabled rule for faults of this gateway. The document needs "correlation: {enabled: true, rules: [...]}"`,
    );
  }
  if (acrossOrigins.length > 0) remarks.push(`${name}: rules with origins are not evaluated`);
  return rules;
}

function changedNotifications(
  { receivers, settleMs }: NotificationRules,
  changes: NonNullable<TriedRules['notifications']>,
): NotificationRules {
  validateNames('notifications', changes, ['settle_ms', 'receivers']);
  const byName = new Map(Object.entries(changes.receivers ?? {}));
  const names = receivers.map(({ name }) => name);
  validateNames('notifications.receivers', Object.fromEntries(byName), names);
  return {
    settleMs: changes.settle_ms ?? settleMs,
    receivers: receivers.map((receiver) => {
      const change = byName.get(receiver.name);
      if (!change) return receiver;
      validateNames(`notifications.receivers.${receiver.name}`, change, Object.keys(TriedReceiver.properties));
      const { severity, after_min, repeat_min, repeat_max, healed } = change;
      return {
        ...receiver,
        ...(severity != null && { leastSeverity: parseFaultSeverity(severity) ?? receiver.leastSeverity }),
        ...(after_min != null && { afterMs: after_min * MINUTE_MS }),
        ...(repeat_min != null && { repeatMs: repeat_min * MINUTE_MS }),
        ...(repeat_max != null && { maxRepeats: repeat_max }),
        ...(healed != null && { notifiesHealed: healed }),
      };
    }),
  };
}

function validateNames(where: string, value: object, known: readonly string[]): void {
  const unknown = Object.keys(value).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const nearest = nearestName(unknown, known);
  const advice = nearest === undefined ? `Known are ${known.join(', ') || 'none'}` : `Did you mean ${nearest}?`;
  throw new TriedRuleRefused(unknown, [`${where}: there is no ${unknown} to try. ${advice}`]);
}

function refusing<T>(parameter: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof ConfigRefused || error instanceof DocumentRefused)
      throw new TriedRuleRefused(parameter, error.lines);
    throw error;
  }
}

function refusalOf(name: string, notices: readonly Notice[]): TriedRuleRefused {
  const lines = notices.map(({ text }) => text.replace(CONSEQUENCE, ''));
  return new TriedRuleRefused(
    name,
    lines.filter((line) => line !== `${name} has errors`),
  );
}
