import { createHash } from 'node:crypto';
import {
  CAMPAIGN_SCRIPT_SEC,
  type FleetCampaignChange,
  type FleetCampaignPlan,
  FleetCampaignPlan as FleetCampaignPlanSchema,
  type FleetCampaignRequest,
  type FleetCampaignScript,
  type FleetCampaignStopAction,
  type FleetCampaignWave,
  MAX_CAMPAIGN_VALUES,
  type Permission,
  parseFaultSeverity,
  UPDATE_ID,
} from '@medkit/contract';
import { stringifyJson } from '@medkit/core/json';
import type { StoredArtifact } from '../artifacts/read-artifact.ts';
import { FleetInvalid } from '../fleet-refused.ts';
import { routeOf } from '../requests/robot-request.ts';
import { type CampaignCondition, conditionsOf } from './campaign-conditions.ts';
import { parseStartWindow, type StartWindow } from './start-window.ts';

const [MINUTE_MS, DAY_MS] = [60_000, 86_400_000];
/** Longest and usual time until robots that have not begun expire. */
const [MAX_EXPIRY_MS, USUAL_EXPIRY_MS] = [90 * DAY_MS, 7 * DAY_MS];
/** Time for the confirmation of an update unless the plan has another one. */
const USUAL_CONFIRM_SEC = 900;
/** Requests with these permissions do not move a robot, and do not end its gateway. */
const REQUEST_PERMISSIONS: readonly Permission[] = ['faults.clear', 'incidents', 'configurations.write', 'scripts.run'];

/** Limits of the gate between two waves. */
export interface GateLimits {
  readonly soakMs: number;
  readonly leastDone: number;
  readonly maxFailed: { readonly percent: number; readonly least: number };
  readonly newIssue: { readonly severity: number; readonly robots: number };
  readonly rateRatio: number;
  readonly lost: number;
  readonly approval: 'any' | 'other' | undefined;
}

/** An update with the content that its artifact had when the campaign was created. */
export interface UpdateWork {
  readonly kind: 'update';
  /** Id of the update. */
  readonly artifact: string;
  /** SHA-256 of the archive, and its bytes. */
  readonly sha256: string;
  readonly total: number;
  readonly manifestSha256: string;
  readonly confirmWithinSec: number;
}

/** A script with the digest of its text. */
export interface ScriptWork {
  readonly kind: 'script';
  readonly entity: string;
  /** Name of the file with the extension. */
  readonly name: string;
  /** Absent if each robot must have the script. */
  readonly text: string | undefined;
  readonly sha256: string;
  readonly parameters: unknown;
  readonly timeoutMs: number;
}

/** What a campaign does on each robot. */
export type CampaignWork =
  | { readonly kind: 'configuration'; readonly changes: readonly FleetCampaignChange[] }
  | { readonly kind: 'request'; readonly request: FleetCampaignRequest }
  | ScriptWork
  | UpdateWork;

/** A plan with its defaults. */
export interface CampaignPlan {
  readonly work: CampaignWork;
  readonly targets: FleetCampaignPlan['targets'];
  readonly waves: readonly FleetCampaignWave[];
  readonly inProgress: number;
  /** Part of the robots of a site that change at a time; `undefined` without a limit. */
  readonly perSitePercent: number | undefined;
  readonly startWithin: StartWindow | undefined;
  readonly conditions: readonly CampaignCondition[];
  readonly gate: GateLimits;
  readonly onStop: FleetCampaignStopAction;
  readonly expiresMs: number;
}

/** Returns the permissions that the change of a campaign needs on the robots. */
export function permissionsOf({
  kind,
  request,
  script,
}: Pick<FleetCampaignPlan, 'kind' | 'request' | 'script'>): readonly Permission[] {
  switch (kind) {
    case 'configuration':
      return ['configurations.write'];
    case 'request':
      return [routeOf(request!)!.permission as Permission];
    case 'script':
      return script?.text == null ? ['scripts.run'] : ['scripts.run', 'scripts.write'];
    case 'update':
      return ['updates'];
  }
}

function workOf(plan: FleetCampaignPlan): CampaignWork {
  const { kind, changes, request, script, artifact, content, confirm_within_sec } = plan;
  if (kind === 'configuration') return { kind, changes: changes ?? [] };
  if (kind === 'request') return { kind, request: request! };
  if (kind === 'script') {
    const { entity, name, text, sha256, parameters, timeout_sec } = script!;
    const timeoutMs = (timeout_sec ?? CAMPAIGN_SCRIPT_SEC.usual) * 1000;
    return { kind, entity, name, text: text ?? undefined, sha256: sha256!, parameters, timeoutMs };
  }
  const { sha256, bytes, manifest_sha256: manifestSha256 } = content!;
  const confirmWithinSec = confirm_within_sec ?? USUAL_CONFIRM_SEC;
  return { kind, artifact: artifact!, sha256, total: bytes, manifestSha256, confirmWithinSec };
}

/** Returns a stored plan with its defaults. */
export function storedPlan(plan: FleetCampaignPlan): CampaignPlan {
  const { soak_sec, least_done, max_failed, new_issue, rate_ratio, lost, approval } = plan.gate ?? {};
  return {
    work: workOf(plan),
    targets: plan.targets,
    waves: plan.waves,
    inProgress: plan.limits?.in_progress ?? 20,
    perSitePercent: plan.limits?.per_site_percent ?? undefined,
    startWithin: startWindowOf(plan),
    conditions: conditionsOf(plan),
    gate: {
      soakMs: (soak_sec ?? 600) * 1000,
      leastDone: least_done ?? 1,
      maxFailed: max_failed ?? { percent: 5, least: 1 },
      newIssue: {
        severity: parseFaultSeverity(new_issue?.severity ?? 'error') ?? 2,
        robots: new_issue?.robots ?? 2,
      },
      rateRatio: rate_ratio ?? 3,
      lost: lost ?? 1,
      approval: approval ?? undefined,
    },
    onStop: plan.on_stop ?? 'hold',
    expiresMs: Date.parse(plan.expires ?? ''),
  };
}

/**
 * Checks a plan beyond its schema. Returns it with `expires`, as it is stored. Throws `FleetInvalid`, which names the member.
 */
export function checkedPlan(plan: FleetCampaignPlan, nowMs: number): FleetCampaignPlan {
  const unknown = unknownMember(FleetCampaignPlanSchema as Schema, plan, '');
  if (unknown !== undefined) throw new FleetInvalid(`${unknown}: a campaign has no such member`);
  checkWork(plan);
  const { group, site, robots, dynamic } = plan.targets;
  if (group == null && site == null && robots == null) {
    throw new FleetInvalid(
      'targets: set group, site or robots. A campaign on all robots needs a group without a filter',
    );
  }
  if (dynamic === true && robots != null) {
    throw new FleetInvalid('targets.dynamic: a list of robots does not change: select them by group or site instead');
  }
  checkWaves(plan.waves);
  startWindowOf(plan);
  conditionsOf(plan);
  const expiresMs = plan.expires == null ? nowMs + USUAL_EXPIRY_MS : Date.parse(plan.expires);
  if (!(expiresMs >= nowMs + MINUTE_MS && expiresMs <= nowMs + MAX_EXPIRY_MS)) {
    throw new FleetInvalid('expires: expected a time that is at least a minute and at most 90 days ahead');
  }
  return { ...plan, expires: new Date(expiresMs).toISOString() };
}

/**
 * Returns a plan as it is stored: that of an update with the content of its artifact and the time for the confirmation, and
 * that of a script with its digest. Each robot gets the same bytes, also if the artifact is replaced later. Throws
 * `FleetInvalid` if the hub has no such artifact, or another content than the plan has.
 */
export function frozenPlan(plan: FleetCampaignPlan, artifact: StoredArtifact | undefined): FleetCampaignPlan {
  if (plan.kind === 'script') return { ...plan, script: frozenScript(plan.script!) };
  if (plan.kind !== 'update') return plan;
  if (!artifact) {
    throw new FleetInvalid(
      `artifact: the hub has no artifact ${plan.artifact}: send it with medkit fleet artifacts put`,
    );
  }
  const { sha256, bytes, manifestSha256 } = artifact;
  if (plan.content != null && plan.content.sha256 !== sha256) {
    throw new FleetInvalid(
      `content: the artifact ${plan.artifact} has the digest ${sha256} at the hub, not ${plan.content.sha256}: remove content from the plan`,
    );
  }
  const content = { sha256, bytes, manifest_sha256: manifestSha256 };
  return { ...plan, content, confirm_within_sec: plan.confirm_within_sec ?? USUAL_CONFIRM_SEC };
}

/** Returns a script with its digest. Throws `FleetInvalid` if the plan has another one. */
function frozenScript(script: FleetCampaignScript): FleetCampaignScript {
  const { text, sha256 } = script;
  if (text == null) return script;
  const digest = createHash('sha256').update(text).digest('hex');
  if (sha256 != null && sha256 !== digest) {
    throw new FleetInvalid(`script.sha256: the text has the digest ${digest}, not ${sha256}: remove one of them`);
  }
  return { ...script, sha256: digest };
}

/** Throws `FleetInvalid`. */
function startWindowOf({ limits }: FleetCampaignPlan): StartWindow | undefined {
  if (limits?.start_within == null) return undefined;
  const window = parseStartWindow(limits.start_within);
  if (typeof window === 'string') throw new FleetInvalid(`limits.start_within: ${window}`);
  return window;
}

/** The member that each kind needs, and members that only one kind has. */
const NEEDED = { configuration: 'changes', request: 'request', script: 'script', update: 'artifact' } as const;
const UPDATE_ONLY = ['content', 'confirm_within_sec'] as const;

function checkWork(plan: FleetCampaignPlan): void {
  const { kind, changes, request, script, artifact, on_stop } = plan;
  const needed = NEEDED[kind];
  if (plan[needed] == null) throw new FleetInvalid(`${needed}: a campaign of the kind ${kind} needs it`);
  const others = [
    ...Object.values(NEEDED).filter((member) => member !== needed),
    ...(kind === 'update' ? [] : UPDATE_ONLY),
  ];
  const other = others.find((member) => plan[member] != null);
  if (other !== undefined) throw new FleetInvalid(`${other}: a campaign of the kind ${kind} does not have it`);
  const [values, at] = script == null ? [plan[needed], needed] : [script.parameters, 'script.parameters'];
  if (values !== undefined && stringifyJson(values).length > MAX_CAMPAIGN_VALUES) {
    throw new FleetInvalid(`${at}: its JSON text has more than ${MAX_CAMPAIGN_VALUES} characters`);
  }
  if (artifact != null && !UPDATE_ID.test(artifact)) {
    throw new FleetInvalid('artifact: expected the id of an update: A-Z a-z 0-9 . _ - with no dot in front');
  }
  if (request != null) checkRequest(request);
  if (script != null && script.text == null && script.sha256 == null) {
    throw new FleetInvalid('script: set text, or the sha256 of a script that each robot has');
  }
  if (!canRollBack(kind) && on_stop != null && on_stop !== 'hold') {
    throw new FleetInvalid(`on_stop: a ${kind} cannot be rolled back: use hold`);
  }
  if (changes != null) checkChanges(changes);
}

/** Returns whether robots can be changed back: the effect of a request or a script is not known. */
export const canRollBack = (kind: FleetCampaignPlan['kind']): boolean => kind === 'configuration' || kind === 'update';

function checkChanges(changes: readonly FleetCampaignChange[]): void {
  if (changes.length === 0) throw new FleetInvalid('changes: at least one is needed');
  const seen = new Set<string>();
  for (const [index, { entity, parameter }] of changes.entries()) {
    const place = `${entity} ${parameter}`;
    if (seen.has(place)) throw new FleetInvalid(`changes[${index}]: ${parameter} of ${entity} is set twice`);
    seen.add(place);
  }
}

function checkRequest(request: FleetCampaignRequest): void {
  const route = routeOf(request);
  if (!route) throw new FleetInvalid(`request.path: ${request.method} ${request.path} is no route of the API`);
  if (!REQUEST_PERMISSIONS.some((permission) => permission === route.permission)) {
    throw new FleetInvalid(
      `request.path: ${route.summary} needs the permission ${route.permission}. Campaigns send requests with ${REQUEST_PERMISSIONS.join(', ')}: others could move robots that no person watches`,
    );
  }
  if (route.body?.media) throw new FleetInvalid('request.path: an upload is no request of a campaign');
}

function checkWaves(waves: readonly FleetCampaignWave[]): void {
  let before = 0;
  for (const [index, { robots, percent, spread }] of waves.entries()) {
    const at = `waves[${index}]`;
    if ((robots == null) === (percent == null)) throw new FleetInvalid(`${at}: set either robots or percent`);
    if (robots != null && robots.length === 0) throw new FleetInvalid(`${at}.robots: name at least one robot`);
    if (robots != null && spread != null) throw new FleetInvalid(`${at}.spread: only a wave with percent has it`);
    if (percent == null) continue;
    if (percent <= before) {
      throw new FleetInvalid(`${at}.percent: ${percent} is not above that of the waves before, which it includes`);
    }
    before = percent;
  }
  if (waves.at(-1)?.percent !== 100) {
    throw new FleetInvalid('waves: the last one must have percent 100, so that each target is in a wave');
  }
}

interface Schema {
  readonly type?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
}

/**
 * Returns the path of a member that the schema does not have: a misspelt limit must not be left out.
 */
function unknownMember(schema: Schema, value: unknown, path: string): string | undefined {
  const { properties, items } = schema.anyOf?.[0] ?? schema;
  if (Array.isArray(value)) {
    if (!items) return undefined;
    return value
      .map((item, index) => unknownMember(items, item, `${path}[${index}]`))
      .find((each) => each !== undefined);
  }
  if (!properties || typeof value !== 'object' || value === null) return undefined;
  for (const [name, member] of Object.entries(value)) {
    const at = path === '' ? name : `${path}.${name}`;
    if (!Object.hasOwn(properties, name)) return at;
    const found = unknownMember(properties[name]!, member, at);
    if (found !== undefined) return found;
  }
  return undefined;
}
