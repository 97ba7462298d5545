import { ALL_ROUTES, type Route } from '@medkit/contract';
import { fieldsOf } from '@medkit/core';
import { HOUR_MS } from '../fleet-context.ts';

const MINUTE_MS = 60_000;
/** Delays before the attempts that follow a refused one. */
export const BACK_OFF_MS = [MINUTE_MS, 5 * MINUTE_MS, 30 * MINUTE_MS] as const;
/** Delay before a request without a reply is sent again, with its key. */
export const CUT_RETRY_MS = 15_000;
/** Time for which the key of a request prevents a second execution: below the 24 h for which a robot stores its reply. */
export const KEY_MS = 23 * HOUR_MS;
/** Length of a stored reason. */
export const MAX_REASON_CHARS = 500;

/** A request to a robot. */
export interface RobotCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below the API, with a query. */
  readonly path: string;
  readonly body?: unknown;
  /** What it sends of an archive instead of a body. */
  readonly archive?: ArchivePart;
  /** The file of a script that it uploads instead of a body. */
  readonly script?: { readonly name: string; readonly text: string };
}

/** A part of an archive at the hub, or a query of the bytes that the robot has received. */
export interface ArchivePart {
  readonly sha256: string;
  /** Bytes of the whole archive. */
  readonly total: number;
  /** First and last byte, both included; absent for a query. */
  readonly range?: { readonly first: number; readonly last: number };
}

/** The reply to a call. */
export interface RobotReply {
  readonly status: number;
  /** Code of the error; `vendor_code` if it has one. */
  readonly code?: string | undefined;
  /** Parsed JSON; `undefined` if it has none. */
  readonly body?: unknown;
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

/** Returns the route of a request: of several that match, the one with the fewest parameters. */
export function routeOf({ method, path }: Pick<RobotCall, 'method' | 'path'>): Route | undefined {
  const segments = path.split('/');
  const parametersIn = (route: Route): number => route.path.split('{').length;
  return ALL_ROUTES.filter((route) => route.method === method.toLowerCase() && isMatch(route.path.split('/'), segments))
    .toSorted((one, other) => parametersIn(one) - parametersIn(other))
    .at(0);
}

const isMatch = (template: readonly string[], segments: readonly string[]): boolean =>
  template.length === segments.length &&
  template.every((part, index) => (part.startsWith('{') ? isSegment(segments[index]!) : part === segments[index]));

/** A segment that stays one: `..` would lead to another route. */
const isSegment = (text: string): boolean =>
  text !== '' && text !== '.' && text !== '..' && !/[\s\\]|%2e|%2f/i.test(text);
