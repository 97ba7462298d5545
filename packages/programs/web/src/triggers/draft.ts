import type { EntityRef } from '@medkit/client';
import type {
  FaultTriggerOperator,
  FaultTriggerRequest,
  FaultTriggerSeverity,
  TriggerCreateRequest,
} from '@medkit/contract';
import { stringifyJson } from '@medkit/core/json';
import { namesOf } from '../forms/json-pointer.ts';
import { KIND_OF_COLLECTION } from '../routes/pages.ts';
import { CONDITION_TYPES, type Condition, type ConditionType, parseNumber, parseTarget } from './condition.ts';
import { COLLECTIONS, type Collection, type Observed, observedResource } from './observed-resource.ts';

/** What a new rule does when its condition is met: it sends an event, or raises a fault. */
export type RuleKind = 'event' | 'fault';

/** What a new rule observes, as in the address of the page. */
export interface Target extends Observed {
  readonly entity: EntityRef;
  readonly collection: Collection;
  /** JSON Pointer to the compared part; empty for the main value. */
  readonly path: string;
}

export const OPERATORS = ['>', '>=', '<', '<=', '=='] as const satisfies readonly FaultTriggerOperator[];
export const SEVERITIES = ['INFO', 'WARNING', 'ERROR', 'CRITICAL'] as const satisfies readonly FaultTriggerSeverity[];
/** Offered lifetimes in seconds: an hour, a day, a week, 30 days; empty for no limit. */
export const LIFETIMES = ['3600', '86400', '604800', '2592000', ''] as const;

/** The texts that the user entered. Fields of another kind or condition stay, so that a switch loses nothing. */
export interface Draft {
  readonly type: ConditionType;
  readonly lower: string;
  readonly upper: string;
  readonly target: string;
  readonly isRepeated: boolean;
  readonly isPersistent: boolean;
  readonly lifetime: string;
  readonly to: 'events' | 'webhook';
  readonly url: string;
  readonly secret: string;
  readonly header: string;
  readonly isLogged: boolean;
  readonly operator: FaultTriggerOperator;
  readonly threshold: string;
  readonly code: string;
  readonly severity: FaultTriggerSeverity;
}

export const EMPTY_DRAFT: Draft = {
  type: 'EnterRange',
  lower: '',
  upper: '',
  target: '',
  isRepeated: true,
  isPersistent: true,
  lifetime: '86400',
  to: 'events',
  url: '',
  secret: '',
  header: '',
  isLogged: false,
  operator: '>',
  threshold: '',
  code: '',
  severity: 'WARNING',
};

/** Why a field cannot be sent. */
export type DraftProblem = 'missing' | 'number' | 'order' | 'url' | 'secret' | 'header' | 'code';
export type DraftField = keyof Draft | 'item';
export type DraftProblems = ReadonlyMap<DraftField, DraftProblem>;

/** Returns the conditions that make sense for a collection: only data has numbers. */
export function conditionTypesOf(collection: Collection): readonly ConditionType[] {
  return collection === 'data' ? ['EnterRange', 'LeaveRange', 'OnChangeTo', 'OnChange'] : ['OnChangeTo', 'OnChange'];
}

/** Returns the selectable parts of a value outside of data, the usual one first. */
export function pathsOf(collection: Exclude<Collection, 'data'>): readonly string[] {
  if (collection === 'faults') return ['/status', '/severity', ''];
  return collection === 'logs' ? ['/severity', '/logger_name', '/message', ''] : ['/status', ''];
}

/** Values that a text of a collection can become. */
export function targetsOf(collection: Collection, path: string): readonly string[] {
  if (collection === 'faults' && path === '/status')
    return ['CONFIRMED', 'HEALED', 'CLEARED', 'PREFAILED', 'PREPASSED'];
  if (collection === 'logs' && path === '/severity') return ['fatal', 'error', 'warning', 'info', 'debug'];
  return collection === 'operations' ? ['succeeded', 'aborted', 'canceled', 'executing', 'accepted'] : [];
}

/** `path` of the address for the whole value, which is not the usual part of faults, logs and operations. */
export const WHOLE = 'all';

/** Reads what a new rule observes from the address of the page. */
export function readTarget(search: URLSearchParams): Target | undefined {
  const [collectionOfKind = '', id = ''] = (search.get('entity') ?? '').split('/');
  const resource = search.get('resource') ?? 'data';
  const collection = COLLECTIONS.find((name) => name === resource) ?? 'data';
  if (!Object.hasOwn(KIND_OF_COLLECTION, collectionOfKind) || !/^[\w-]+$/.test(id)) return undefined;
  const usual = collection === 'data' ? '' : pathsOf(collection)[0]!;
  const requested = search.get('path') ?? usual;
  const path = requested === WHOLE ? '' : requested;
  return {
    entity: { kind: KIND_OF_COLLECTION[collectionOfKind]!, id },
    collection,
    item: (search.get('item') ?? '').replace(/^\/+/, ''),
    path: namesOf(path) === undefined ? usual : path,
  };
}

/** Returns the condition of a draft as far as it is complete, for the preview. */
export function conditionOf({ type, lower, upper, target }: Draft): Condition {
  const [lower_bound, upper_bound] = [parseNumber(lower), parseNumber(upper)];
  if (type === 'OnChange') return { condition_type: type };
  if (type === 'OnChangeTo') {
    return { condition_type: type, ...(target.trim() !== '' && { target_value: parseTarget(target) }) };
  }
  return {
    condition_type: type,
    ...(lower_bound !== undefined && { lower_bound }),
    ...(upper_bound !== undefined && { upper_bound }),
  };
}

type Request<Body> = { readonly body: Body } | { readonly problems: DraftProblems };

/** Returns the request that creates a trigger, or the problems of the draft by field. */
export function triggerRequest(target: Target, draft: Draft): Request<TriggerCreateRequest> {
  const problems = new Map<DraftField, DraftProblem>();
  const condition = conditionOf(draft);
  if (target.collection === 'data' && target.item === '') problems.set('item', 'missing');
  checkCondition(draft, condition, problems);
  if (draft.to === 'webhook') checkWebhook(draft, problems);
  if (problems.size > 0) return { problems };
  const [, headerName, headerValue] = HEADER.exec(draft.header.trim()) ?? [];
  return {
    body: {
      resource: observedResource(target),
      trigger_condition: { ...condition },
      multishot: draft.isRepeated,
      persistent: draft.isPersistent,
      ...(target.path !== '' && { path: target.path }),
      ...(draft.lifetime !== '' && { lifetime: Number(draft.lifetime) }),
      ...(draft.isLogged && { log_settings: { severity: 'warning' } }),
      ...(draft.to === 'webhook' && {
        protocol: 'webhook',
        webhook: {
          url: draft.url.trim(),
          ...(draft.secret !== '' && { secret: draft.secret }),
          ...(headerName !== undefined && headerValue !== undefined && { headers: { [headerName]: headerValue } }),
        },
      }),
    },
  };
}

function checkCondition(draft: Draft, condition: Condition, problems: Map<DraftField, DraftProblem>): void {
  if (draft.type === 'OnChangeTo' && condition.target_value === undefined) problems.set('target', 'missing');
  if (draft.type !== 'EnterRange' && draft.type !== 'LeaveRange') return;
  for (const [field, value] of [
    ['lower', condition.lower_bound],
    ['upper', condition.upper_bound],
  ] as const) {
    if (value === undefined) problems.set(field, draft[field].trim() === '' ? 'missing' : 'number');
  }
  if (problems.size === 0 && condition.lower_bound! > condition.upper_bound!) problems.set('upper', 'order');
}

const HEADER = /^([!#$%&'*+.^_`|~\w-]+)\s*:\s*(.+)$/;
/** Limits of a signing key, as in the gateway. */
const SECRET_CHARS = { min: 16, max: 256 };

function checkWebhook({ url, secret, header }: Draft, problems: Map<DraftField, DraftProblem>): void {
  if (url.trim() === '') problems.set('url', 'missing');
  else if (!/^https?:\/\//i.test(url.trim()) || !URL.canParse(url.trim())) problems.set('url', 'url');
  if (secret !== '' && (secret.length < SECRET_CHARS.min || secret.length > SECRET_CHARS.max)) {
    problems.set('secret', 'secret');
  }
  if (header.trim() !== '' && !HEADER.test(header.trim())) problems.set('header', 'header');
}

/** Fault codes that a fault manager accepts. */
const FAULT_CODE = /^(?!.*\.\.)[A-Za-z0-9_.-]{1,128}$/;

/** Returns the request that creates a fault rule, or the problems of the draft by field. */
export function ruleRequest(target: Target, draft: Draft): Request<FaultTriggerRequest> {
  const problems = new Map<DraftField, DraftProblem>();
  const threshold = parseNumber(draft.threshold);
  const code = draft.code.trim();
  if (target.item === '') problems.set('item', 'missing');
  if (threshold === undefined) problems.set('threshold', draft.threshold.trim() === '' ? 'missing' : 'number');
  if (!FAULT_CODE.test(code)) problems.set('code', code === '' ? 'missing' : 'code');
  if (problems.size > 0 || threshold === undefined) return { problems };
  const { operator, severity } = draft;
  return {
    body: {
      data_name: target.item,
      operator,
      threshold,
      fault_code: code,
      severity,
      ...(target.path !== '' && { path: target.path }),
    },
  };
}

/** Id of a rule that is not stored, in a document of `trigger_rules`. */
export const NEW_RULE = 'tried';

/**
 * Returns the document of `trigger_rules` that tries a draft on recordings, or `undefined` if the draft is incomplete or
 * observes no value. Its delivery and lifetime do not count.
 * @param id the stored rule that the draft changes, or `NEW_RULE`
 */
export function trialDocument(as: RuleKind, target: Target, draft: Draft, id: string = NEW_RULE): string | undefined {
  if (target.collection !== 'data') return undefined;
  const { path, entity } = target;
  if (as === 'fault') {
    const request = ruleRequest(target, draft);
    if ('problems' in request) return undefined;
    const rule = { ...request.body, app_id: entity.id, path, active: true };
    return stringifyJson({ fault_triggers: { [id]: rule } });
  }
  const request = triggerRequest(target, { ...draft, to: 'events' });
  if ('problems' in request) return undefined;
  const { resource, trigger_condition, multishot } = request.body;
  return stringifyJson({ triggers: { [id]: { resource, trigger_condition, path, multishot } } });
}

/** Returns the draft of a stored condition; `undefined` if a plugin provides the condition. */
export function draftOfCondition(condition: Condition, isRepeated: boolean): Draft | undefined {
  const { condition_type, lower_bound, upper_bound, target_value } = condition;
  const type = CONDITION_TYPES.find((each) => each === condition_type);
  if (type === undefined) return undefined;
  const text = (bound: number | undefined): string => (bound === undefined ? '' : String(bound));
  return {
    ...EMPTY_DRAFT,
    type,
    isRepeated,
    lower: text(lower_bound),
    upper: text(upper_bound),
    target: target_value === undefined ? '' : targetText(target_value),
  };
}

/** Returns the text that `parseTarget` parses to a value: a text without quotes if it remains a text. */
function targetText(value: unknown): string {
  return typeof value === 'string' && parseTarget(value) === value ? value : stringifyJson(value ?? null);
}
