import type { FleetCampaignChange } from '@medkit/contract';
import { fieldsOf } from '@medkit/core';
import type { RobotCall, RobotReply } from '../requests/robot-request.ts';
import { type CampaignCondition, conditionCalls } from './campaign-conditions.ts';
import type { CampaignWork } from './campaign-plan.ts';
import { type ScriptFound, type ScriptStep, scriptCalls } from './script-calls.ts';
import { type UpdateFound, type UpdateStep, updateCalls } from './update-calls.ts';

/** What a robot had before: the values in the order of the changes, or its release; or its script. */
export type CampaignFound = readonly unknown[] | ScriptFound | UpdateFound;

/** `read`: compares the values before. `write`, `check`: sets the new values and reads them. `run`: sends the request. */
export type ChangeStep = 'read' | 'write' | 'check' | 'restore' | 'run';
/** `conditions`: reads the conditions before the hub begins with the robot. `recheck`: just before the change. */
export type ConditionStep = 'conditions' | 'recheck';
export type CampaignStep = ChangeStep | ConditionStep | ScriptStep | UpdateStep;

/** Returns the requests of a step, in their order. `found` is what the robot had before. */
export function callsOf(
  work: CampaignWork,
  step: CampaignStep,
  found: CampaignFound | undefined,
  conditions: readonly CampaignCondition[] = [],
): readonly RobotCall[] {
  if (step === 'conditions' || step === 'recheck') return conditionCalls(conditions);
  if (work.kind === 'request') return [work.request];
  if (work.kind === 'script') return scriptCalls(work, step as ScriptStep, (found ?? {}) as ScriptFound);
  if (work.kind === 'update') return updateCalls(work, step as UpdateStep, (found ?? {}) as UpdateFound);
  const values = (found ?? []) as readonly unknown[];
  return work.changes.map((change, index): RobotCall => {
    const path = pathOf(change);
    if (step === 'write') return { method: 'PUT', path, body: { data: change.to } };
    if (step === 'restore') return { method: 'PUT', path, body: { data: values[index] } };
    return { method: 'GET', path };
  });
}

function pathOf({ entity, parameter }: FleetCampaignChange): string {
  const slash = entity.indexOf('/');
  const id = encodeURIComponent(entity.slice(slash + 1));
  return `/${entity.slice(0, slash)}/${id}/configurations/${encodeURIComponent(parameter)}`;
}

/** Returns the value in the reply to the read of a configuration; `undefined` if it has none. */
export const valueIn = ({ body }: RobotReply): unknown => fieldsOf(body as never)?.['data'];

/** Returns whether two JSON values are equal. Numbers are equal by value, also beyond the safe integers. */
export function isSameValue(one: unknown, other: unknown): boolean {
  if (isNumber(one) && isNumber(other)) return Object.is(one, other) || (one <= other && one >= other);
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return one === other;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const [names, others] = [Object.keys(one), Object.keys(other)];
  return (
    names.length === others.length &&
    names.every((name) => Object.hasOwn(other, name) && isSameValue((one as never)[name], (other as never)[name]))
  );
}

const isNumber = (value: unknown): value is number | bigint => typeof value === 'number' || typeof value === 'bigint';
