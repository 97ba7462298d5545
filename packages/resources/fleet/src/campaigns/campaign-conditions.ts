import type { FleetCampaignPlan } from '@medkit/contract';
import { fieldsOf, type JsonValue } from '@medkit/core';
import { isPointer, parseJsonInput, stringifyJson, valueAt } from '@medkit/core/json';
import { FleetInvalid } from '../fleet-refused.ts';
import { type RobotCall, type RobotReply, refusalText, verdictOf } from '../requests/robot-request.ts';

type Operator = '==' | '!=' | '<' | '<=' | '>' | '>=';
type Operand = string | number | bigint | boolean;

/** A condition of a campaign, with the request that reads what it compares. */
export interface CampaignCondition {
  /** As entered. */
  readonly text: string;
  readonly path: string;
  /** What it compares; absent for `no lock` and `no execution`, which require an empty list. */
  readonly value?: { readonly pointer: string; readonly operator: Operator; readonly operand: Operand };
}

const LOCKS = '/x-medkit-locks';
const EXECUTIONS = '/x-medkit-executions?state=running&limit=1';
const LISTS: ReadonlyMap<string, string> = new Map([
  ['no lock', LOCKS],
  ['no execution', EXECUTIONS],
]);

/** The first operator between spaces, so that names may contain spaces. */
const COMPARISON = /^(.+?)\s+(==|!=|<=|>=|<|>)\s+(.+)$/s;
const COLLECTIONS = ['apps', 'components', 'areas', 'functions'];
const FORMS = '"apps/battery/data/charging/data == true", "no lock" or "no execution"';
/** Characters of a value in a reason. */
const MAX_VALUE_CHARS = 80;

/** Parses the conditions of a plan. Throws `FleetInvalid`, which names the condition and the character. */
export function conditionsOf({ conditions }: Pick<FleetCampaignPlan, 'conditions'>): readonly CampaignCondition[] {
  const parsed: CampaignCondition[] = [];
  for (const [index, entered] of (conditions ?? []).entries()) {
    const condition = parseCondition(entered);
    if ('problem' in condition) {
      const place = `conditions[${index}], character ${condition.at + 1}`;
      throw new FleetInvalid(`${place}: ${condition.problem}`);
    }
    if (parsed.some(({ text }) => text === condition.text)) {
      throw new FleetInvalid(`conditions[${index}]: ${condition.text} is there twice: remove it`);
    }
    parsed.push(condition);
  }
  return parsed;
}

interface ConditionProblem {
  /** Index of the first character that is wrong. */
  readonly at: number;
  readonly problem: string;
}

/** Parses `no lock`, `no execution` or `<entity>/data/<name>[/json/pointer] <operator> <value>`. */
function parseCondition(entered: string): CampaignCondition | ConditionProblem {
  const text = entered.trim();
  const name = text.replaceAll(/\s+/g, ' ');
  const list = LISTS.get(name);
  if (list !== undefined) return { text: name, path: list };
  const shift = entered.length - entered.trimStart().length;
  const [, left, operator, right] = COMPARISON.exec(text) ?? [];
  if (left === undefined || right === undefined) {
    return { at: shift, problem: `expected a comparison with spaces around ==, !=, <, <=, > or >=: write ${FORMS}` };
  }
  const place = parsePlace(left);
  if ('problem' in place) return { ...place, at: shift + place.at };
  const operand = operandIn(right);
  const at = shift + text.length - right.length;
  if (operand === undefined) {
    return { at, problem: 'expected true, false, a number, or a text in double quotes such as "docked"' };
  }
  const isOrder = operator !== '==' && operator !== '!=';
  if (isOrder && kindOf(operand) !== 'number') return { at, problem: `${operator} compares numbers: use == or !=` };
  return { text, path: place.path, value: { pointer: place.pointer, operator: operator as Operator, operand } };
}

/** Parses `<entity>/data/<name>[/json/pointer]`; the id and the name may have escapes such as `%2F`. */
function parsePlace(text: string): { readonly path: string; readonly pointer: string } | ConditionProblem {
  const [collection = '', id = '', resource, name = '', ...steps] = text.split('/');
  if (!COLLECTIONS.includes(collection)) {
    return { at: 0, problem: `expected an entity of apps, components, areas or functions: write ${FORMS}` };
  }
  const idAt = collection.length + 1;
  const entity = segmentIn(id);
  if (entity === undefined) return { at: idAt, problem: 'expected the id of an entity, with % as %25' };
  const resourceAt = idAt + id.length + 1;
  if (resource !== 'data') return { at: resourceAt, problem: `expected data after the entity: write ${FORMS}` };
  const item = segmentIn(name);
  const nameAt = resourceAt + 'data/'.length;
  if (item === undefined) {
    return { at: nameAt, problem: 'expected the name of a data item, with / as %2F and % as %25' };
  }
  const pointer = steps.map((step) => `/${step}`).join('');
  if (!isPointer(pointer)) {
    return { at: nameAt + name.length, problem: 'expected a JSON Pointer after the name, with ~ as ~0 and / as ~1' };
  }
  return { path: `/${collection}/${entity}/data/${item}`, pointer };
}

/** Returns a segment of a path with the usual escapes; `undefined` if it is none. */
function segmentIn(text: string): string | undefined {
  try {
    const name = decodeURIComponent(text);
    return ['', '.', '..'].includes(name) || /\p{Cc}/u.test(name) ? undefined : encodeURIComponent(name);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

function operandIn(text: string): Operand | undefined {
  try {
    const value = parseJsonInput(text);
    return value === null || typeof value === 'object' ? undefined : value;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Returns the requests that read what conditions compare, each once. */
export const conditionCalls = (conditions: readonly CampaignCondition[]): readonly RobotCall[] =>
  pathsOf(conditions).map((path) => ({ method: 'GET', path }));

/** Locks are last: a robot without locking refuses their list, and no request follows a refusal. */
function pathsOf(conditions: readonly CampaignCondition[]): readonly string[] {
  const paths = new Set(conditions.map(({ path }) => path));
  return paths.delete(LOCKS) ? [...paths, LOCKS] : [...paths];
}

/**
 * Returns the first condition that is not fulfilled with what was found; `undefined` if all are fulfilled. `replies` are those
 * to `conditionCalls`, up to the first refused one.
 */
export function unfulfilledCondition(
  conditions: readonly CampaignCondition[],
  replies: readonly RobotReply[],
): string | undefined {
  for (const [index, path] of pathsOf(conditions).entries()) {
    for (const condition of conditions) {
      if (condition.path !== path) continue;
      const problem = problemOf(condition, replies[index]);
      if (problem !== undefined) return `the condition ${condition.text} is not fulfilled: ${problem}`;
    }
  }
  return undefined;
}

function problemOf({ path, value }: CampaignCondition, reply: RobotReply | undefined): string | undefined {
  if (!reply) return 'the robot does not answer';
  // A robot without locking has no locks.
  if (path === LOCKS && reply.code === 'not-implemented') return undefined;
  if (verdictOf(reply) !== 'ok') return refusalText(reply);
  return value ? valueProblem(value, reply) : listProblem(path, reply);
}

function valueProblem(
  { pointer, operator, operand }: NonNullable<CampaignCondition['value']>,
  { body }: RobotReply,
): string | undefined {
  const fields = fieldsOf(body as never);
  const isKnown = fieldsOf(fields?.['x-medkit'])?.['status'] !== 'metadata_only';
  const found = isKnown ? valueAt((fields?.['data'] ?? null) as JsonValue, pointer) : undefined;
  if (found === undefined || found === null) return 'it has no value';
  const text = stringifyJson(found).slice(0, MAX_VALUE_CHARS);
  if (kindOf(found) !== kindOf(operand)) return `the value ${text} is not a ${kindOf(operand)}`;
  return COMPARE[operator](found as Operand, operand) ? undefined : `the value is ${text}`;
}

/** `<=` with `>=` compares integers beyond the safe range by value, too. */
const isEqual = (one: Operand, other: Operand): boolean =>
  kindOf(one) === 'number' ? one <= other && one >= other : one === other;

const COMPARE: Readonly<Record<Operator, (found: Operand, operand: Operand) => boolean>> = {
  '==': isEqual,
  '!=': (found, operand) => !isEqual(found, operand),
  '<': (found, operand) => found < operand,
  '<=': (found, operand) => found <= operand,
  '>': (found, operand) => found > operand,
  '>=': (found, operand) => found >= operand,
};

const kindOf = (value: unknown): string => {
  const type = typeof value;
  if (type === 'bigint') return 'number';
  return type === 'string' ? 'text' : type;
};

function listProblem(path: string, { body }: RobotReply): string | undefined {
  const fields = fieldsOf(body as never);
  const items = fields?.['items'];
  if (!Array.isArray(items)) return 'the robot sent no list';
  const found = items
    .map((item) => fieldsOf(item as never) ?? {})
    // The lock of the campaign itself does not prevent its change.
    .find((item) => path !== LOCKS || item['owned'] !== true);
  if (found) return (path === LOCKS ? lockText : executionText)(found);
  if (items.length === 0 && fieldsOf(fields?.['x-medkit'])?.['partial'] === true) {
    return 'a gateway of the robot did not answer';
  }
  return undefined;
}

type Fields = NonNullable<ReturnType<typeof fieldsOf>>;

function lockText({ entity, holder }: Fields): string {
  const locked = fieldsOf(entity);
  const place = locked ? `${textOf(locked['type'])} ${textOf(locked['id'])}` : 'an entity';
  return `${place} is locked${typeof holder === 'string' ? ` by ${textOf(holder)}` : ''}`;
}

const executionText = ({ entity_type, entity_id, operation_id, script_id }: Fields): string =>
  `${textOf(operation_id ?? script_id)} of ${textOf(entity_type)} ${textOf(entity_id)} is executed`;

const textOf = (value: unknown): string => String(value ?? 'unknown').slice(0, MAX_VALUE_CHARS);
