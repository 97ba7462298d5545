import type { FleetCampaignChange } from '@medkit/contract';
import { fieldsOf } from '@medkit/core';
import type { CampaignWork } from './campaign-plan.ts';

/** `read`: compares the values before. `write`, `check`: sets the new values and reads them. `run`: sends the request. */
export type CampaignStep = 'read' | 'write' | 'check' | 'restore' | 'run';

/** A request to a robot. */
export interface RobotCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below the API. */
  readonly path: string;
  readonly body?: unknown;
}

/** The reply to a call. */
export interface RobotReply {
  readonly status: number;
  /** Code of the error; `vendor_code` if it has one. */
  readonly code?: string | undefined;
  /** Parsed JSON; `undefined` if it has none. */
  readonly body?: unknown;
}

/** Returns the requests of a step, in their order. `found` are the values that `restore` writes. */
export function callsOf(work: CampaignWork, step: CampaignStep, found: readonly unknown[]): readonly RobotCall[] {
  if (work.kind === 'request') return [work.request];
  return work.changes.map((change, index): RobotCall => {
    const path = pathOf(change);
    if (step === 'write') return { method: 'PUT', path, body: { data: change.to } };
    if (step === 'restore') return { method: 'PUT', path, body: { data: found[index] } };
    return { method: 'GET', path };
  });
}

function pathOf({ entity, parameter }: FleetCampaignChange): string {
  const slash = entity.indexOf('/');
  const id = encodeURIComponent(entity.slice(slash + 1));
  return `/${entity.slice(0, slash)}/${id}/configurations/${encodeURIComponent(parameter)}`;
}

/**
 * What a reply means. `refused`: another attempt has the same reply. `busy`: another attempt may succeed. `unknown`: the
 * change may have taken effect.
 */
export type Verdict = 'ok' | 'refused' | 'busy' | 'unknown';

const BUSY: readonly number[] = [409, 423, 425, 429, 503];
const UNKNOWN: readonly number[] = [408, 500, 502, 504];

export function verdictOf({ status, code }: RobotReply): Verdict {
  if (status >= 200 && status < 300) return 'ok';
  if (code === 'x-medkit-key-reused') return 'refused';
  if (code === 'x-medkit-outcome-unknown' || UNKNOWN.includes(status)) return 'unknown';
  return BUSY.includes(status) ? 'busy' : 'refused';
}

const MAX_MESSAGE_CHARS = 300;

/** Returns a refusal as people read it. */
export function refusalText({ status, body }: RobotReply): string {
  const message = fieldsOf(body as never)?.['message'];
  const text = typeof message === 'string' ? `: ${message.slice(0, MAX_MESSAGE_CHARS)}` : '';
  return `the robot answered ${status}${text}`;
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
