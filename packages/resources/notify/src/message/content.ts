import { FAULT_SEVERITIES, type Incident, shortened } from '@medkit/contract';
import { fnv1aHex } from '@medkit/core';
import { crossingText } from './crossing-text.ts';
import {
  ALERTING_KINDS,
  FINAL_KINDS,
  type IncidentNotification,
  type Notification,
  type NotificationKind,
  type SummaryNotification,
} from './notification.ts';
import { oneLine } from './one-line.ts';
import { durationText, timeText } from './time-text.ts';

/** Maximum characters of a title, which comes from the robot, before the limit of the receiver applies. */
const MAX_TITLE = 500;
/** Maximum lines of a summary of past incidents. */
const MAX_LINES = 20;

/** Indexed by the number of a severity. */
export type SeverityName = (typeof FAULT_SEVERITIES.names)[number];

/** Settings of the texts for a receiver. */
export interface ContentContext {
  /** Name of this gateway among others: each gateway numbers its incidents separately. */
  readonly instance: string;
  /** External address of the gateway, without a trailing slash; without it, messages have no links. */
  readonly publicUrl: string | undefined;
  /** IANA time zone of the receiver. */
  readonly zone: string;
  /** Link that acknowledges the incident with one click. */
  readonly acknowledgeUrl?: string | undefined;
}

/** Content of a message, independent of its format. */
export interface Content {
  readonly news: NotificationKind | 'meanwhile';
  /** Whether the message alerts the receiver with a sound. */
  readonly rings: boolean;
  /** Whether the incident is over. */
  readonly ends: boolean;
  /** Identical for all messages of one incident of one gateway; letters, digits, `-` and `_` only. */
  readonly key: string;
  /** Identical for an alert and the messages that replace it. */
  readonly ringKey: string;
  readonly robot: string;
  /** One line, without the robot: `Healed: Obstacle ahead`. */
  readonly headline: string;
  /** 0 info to 3 critical: the highest severity reported. */
  readonly severity: number;
  /** The previously reported severity, if it was lower. */
  readonly was: number | undefined;
  /** Further facts, each with a label. */
  readonly facts: readonly (readonly [name: string, value: string])[];
  /** One line for each past incident of a summary. */
  readonly lines: readonly string[];
  /** Milliseconds since the epoch. */
  readonly atMs: number;
  readonly beganMs: number;
  readonly endedMs: number | undefined;
  /** The fault code of the root cause. */
  readonly code: string;
  readonly entity: string | undefined;
  readonly incident: Incident | undefined;
  readonly link: string | undefined;
  readonly acknowledgeUrl: string | undefined;
}

const PREFIXES: Readonly<Record<NotificationKind, string>> = {
  opened: '',
  worse: 'Worse: ',
  reopened: 'Again: ',
  repeated: 'Not acknowledged: ',
  refreshed: '',
  acknowledged: 'Acknowledged: ',
  healed: 'Healed: ',
  closed: 'Closed: ',
  merged: 'Merged: ',
  test: 'Test: ',
};

export function contentOf(notification: Notification, context: ContentContext): Content {
  return notification.about === 'incident' ? ofIncident(notification, context) : ofMeanwhile(notification, context);
}

/** Formats the threshold crossing of an incident; `undefined` if it has none. */
export function crossingOf({ crossing }: Incident): string | undefined {
  return crossing == null ? undefined : crossingText(crossing);
}

/** Formats an incident as one line: `03:12 Obstacle ahead (error), 2 min`. */
export function lineOf(incident: Incident, zone: string): string {
  const { began, healed_at, title, severity } = incident;
  const end = healed_at == null ? '' : `, ${durationText(Date.parse(healed_at) - Date.parse(began))}`;
  const word = FAULT_SEVERITIES.names[severity];
  return `${timeText(Date.parse(began), zone)} ${shortened(oneLine(title), 160)} (${word}${end})`;
}

function ofIncident(notification: IncidentNotification, context: ContentContext): Content {
  const { news, ring, incident, severity, was, atMs } = notification;
  const { instance, publicUrl, acknowledgeUrl } = context;
  const { id, title, robot, began, healed_at, closed_at, root, entity_id } = incident;
  const endedText = healed_at ?? closed_at ?? undefined;
  const key = keyOf(instance, id);
  return {
    news,
    rings: ALERTING_KINDS.has(news),
    ends: FINAL_KINDS.has(news),
    key,
    ringKey: `${key}-${ring}`,
    robot: shortened(oneLine(robot || instance), 100),
    headline: shortened(`${PREFIXES[news]}${oneLine(title)}`, MAX_TITLE),
    severity,
    was,
    facts: factsOf(notification, context),
    lines: [],
    atMs,
    beganMs: Date.parse(began),
    endedMs: endedText === undefined ? undefined : Date.parse(endedText),
    code: oneLine(root),
    entity: entity_id == null ? undefined : oneLine(entity_id),
    incident,
    link: publicUrl === undefined ? undefined : `${publicUrl}/incidents/${encodeURIComponent(id)}`,
    acknowledgeUrl: ALERTING_KINDS.has(news) ? acknowledgeUrl : undefined,
  };
}

function factsOf({ news, incident, into }: IncidentNotification, { zone }: ContentContext): Content['facts'] {
  const { severity, fault_count, began, healed_at, closed_by, acknowledged_by, entity_id, blocks_motion } = incident;
  const { outbreak } = incident;
  const value = crossingOf(incident);
  const beganMs = Date.parse(began);
  const facts: readonly (readonly [string, string | undefined | null])[] = [
    ['Severity', FAULT_SEVERITIES.names[severity]],
    ['Value', value],
    ['Faults', outbreak == null ? String(fault_count) : undefined],
    ['About', outbreak?.about],
    ['Robots', outbreak == null ? undefined : String(outbreak.robots)],
    ['Sites', outbreak?.sites.join(', ')],
    ['Entity', entity_id],
    ['Motion', blocks_motion === true && !FINAL_KINDS.has(news) ? 'blocked' : undefined],
    ['Began', timeText(beganMs, zone)],
    ['Lasted', healed_at == null ? undefined : durationText(Date.parse(healed_at) - beganMs)],
    ['Acknowledged by', acknowledged_by],
    ['Closed by', news === 'closed' ? closed_by : undefined],
    ['Merged into', into],
  ];
  return facts.flatMap(([name, text]) =>
    text == null || text === '' ? [] : [[name, shortened(oneLine(text), 200)] as const],
  );
}

function ofMeanwhile({ lines, atMs }: SummaryNotification, { instance, publicUrl }: ContentContext): Content {
  const count = lines.length;
  const many = `${count} incident${count === 1 ? '' : 's'}`;
  const visible = lines.slice(0, MAX_LINES);
  const key = keyOf(instance, `meanwhile-${atMs}`);
  return {
    news: 'meanwhile',
    rings: false,
    ends: false,
    key,
    ringKey: key,
    robot: shortened(oneLine(instance), 100),
    headline: `${many} started and healed while alerts were off`,
    severity: 0,
    was: undefined,
    facts: [],
    lines: count > visible.length ? [...visible, `and ${count - visible.length} more`] : visible,
    atMs,
    beganMs: atMs,
    endedMs: undefined,
    code: '',
    entity: undefined,
    incident: undefined,
    link: publicUrl === undefined ? undefined : `${publicUrl}/incidents`,
    acknowledgeUrl: undefined,
  };
}

/**
 * Returns the key of an incident, including the gateway's name: gateways number their incidents separately and may
 * share a receiver. If characters had to be replaced, adds a hash, so that one robot does not close the alert of
 * another.
 */
function keyOf(instance: string, id: string): string {
  const key = `medkit-${instance}-${id}`;
  const folded = key.replaceAll(/[^\w-]/g, '_');
  return folded === key ? key : `${folded}-${fnv1aHex(key)}`;
}
