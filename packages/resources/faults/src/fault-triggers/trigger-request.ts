import {
  FAULT_SEVERITIES,
  FAULT_TRIGGER_OPERATORS,
  type FaultTriggerOperator,
  type FaultTriggerSeverity,
  MAX_POINTER_LENGTH,
  SovdError,
} from '@medkit/contract';
import { isPointer } from '@medkit/core/json';
import type { FaultTriggerRule } from './fault-trigger.ts';

/** Fault codes that a fault manager accepts. */
const FAULT_CODE = /^(?!.*\.\.)[A-Za-z0-9_.-]{1,128}$/;
/** Maximum characters of a data item name; channel names are shorter. */
const MAX_NAME_LENGTH = 512;

/**
 * Parses the rule of a request. Throws `invalid-parameter` with all problems, and `invalid-request` if there is no
 * body.
 */
export function ruleOf(appId: string, body: unknown): FaultTriggerRule {
  if (body === undefined) {
    throw new SovdError({ code: 'invalid-request', message: 'Request body is not valid JSON' });
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw invalid('expected a JSON object');
  const fields = new Map<string, unknown>(Object.entries(body).filter(([, value]) => value !== null));
  const problems: string[] = [];
  const field = <T>(name: string, expected: string, fits: (value: unknown) => value is T, absent?: T): T => {
    const value = fields.get(name) ?? absent;
    if (value === undefined) problems.push(`${name}: missing required field`);
    else if (!fits(value)) problems.push(`${name}: expected ${expected}`);
    return value as T;
  };
  const rule: FaultTriggerRule = {
    appId,
    dataName: field('data_name', `text of 1 to ${MAX_NAME_LENGTH} characters`, isName),
    path: field('path', 'a JSON Pointer such as /linear/x', isPath, ''),
    operator: field('operator', `one of ${FAULT_TRIGGER_OPERATORS.join(', ')}`, isOperator),
    threshold: Number(field('threshold', 'a number', isNumber)),
    faultCode: field('fault_code', '1 to 128 letters, digits, underscores, hyphens and single dots', isFaultCode),
    severity: field('severity', `one of ${FAULT_SEVERITIES.longLabels.join(', ')}`, isSeverity),
    active: field('active', 'a boolean', isBoolean, true),
  };
  if (problems.length > 0) throw invalid(problems.join('; '));
  return rule;
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value.length >= 1 && value.length <= MAX_NAME_LENGTH;
}

function isPath(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MAX_POINTER_LENGTH && isPointer(value);
}

function isOperator(value: unknown): value is FaultTriggerOperator {
  return (FAULT_TRIGGER_OPERATORS as readonly unknown[]).includes(value);
}

function isSeverity(value: unknown): value is FaultTriggerSeverity {
  return (FAULT_SEVERITIES.longLabels as readonly unknown[]).includes(value);
}

/** Integers beyond the range of a number are parsed as `bigint`. */
function isNumber(value: unknown): value is number | bigint {
  return typeof value === 'bigint' || (typeof value === 'number' && Number.isFinite(value));
}

function isBoolean(value: unknown): value is boolean {
  return typeof value === 'boolean';
}

function isFaultCode(value: unknown): value is string {
  return typeof value === 'string' && FAULT_CODE.test(value);
}

function invalid(what: string): SovdError {
  return new SovdError({ code: 'invalid-parameter', message: `Invalid fault trigger: ${what}` });
}
