import {
  DEFAULT_INCIDENTS,
  DEFAULT_TIMELINE_ROWS,
  FAULT_SEVERITIES,
  INCIDENT_STATES,
  type IncidentState,
  MAX_INCIDENTS,
  MAX_TIMELINE_ROWS,
  parseFaultSeverity,
  SovdError,
  TIMELINE_KINDS,
  type TimelineKind,
} from '@medkit/contract';
import { ENTITY_KINDS, type EntityTree } from '@medkit/core';
import { timestampNs } from '@medkit/entities';
import { type IncidentQuery, isIncidentCursor, type TimelineSpan, timelinePlace } from '@medkit/incidents';

/** The query parameters as received. */
export type QueryParameters = Readonly<Record<string, string | undefined>>;

/** Parses the filter of a list of incidents. Throws `invalid-parameter` with the permitted values. */
export function incidentQuery(query: QueryParameters, tree: EntityTree): IncidentQuery {
  const { state, since, until, severity, entity, cursor, limit } = query;
  if (cursor !== undefined && !isIncidentCursor(cursor)) throw invalid('cursor', cursor, 'next_cursor of a reply');
  const rank = severity === undefined ? undefined : parseFaultSeverity(severity);
  if (severity !== undefined && rank === undefined) {
    throw invalid('severity', severity, FAULT_SEVERITIES.parameters.join(', '));
  }
  const sinceMs = timeOf('since', since);
  const untilMs = timeOf('until', until);
  return {
    ...(state !== undefined && { states: statesOf(state) }),
    ...(sinceMs !== undefined && { sinceMs }),
    ...(untilMs !== undefined && { untilMs }),
    ...(rank !== undefined && { severity: rank }),
    ...(entity !== undefined && { isAbout: aboutEntity(tree, entity) }),
    ...(cursor !== undefined && { cursor }),
    limit: limitOf(limit, DEFAULT_INCIDENTS, MAX_INCIDENTS),
  };
}

/** Parses the filter of a timeline. Throws `invalid-parameter` with the permitted values. */
export function timelineQuery({ kinds, after, before, cursor, limit }: QueryParameters): {
  readonly kinds: readonly TimelineKind[];
  readonly span: Partial<TimelineSpan>;
  readonly page: { readonly limit: number; readonly cursor: string | undefined };
} {
  if (cursor !== undefined && !timelinePlace(cursor)) throw invalid('cursor', cursor, 'next_cursor of a reply');
  const fromMs = timeOf('after', after);
  const toMs = timeOf('before', before);
  return {
    kinds: kinds === undefined ? TIMELINE_KINDS : listed('kinds', kinds, TIMELINE_KINDS),
    span: { ...(fromMs !== undefined && { fromMs }), ...(toMs !== undefined && { toMs: toMs - 1 }) },
    page: { limit: limitOf(limit, DEFAULT_TIMELINE_ROWS, MAX_TIMELINE_ROWS), cursor },
  };
}

function statesOf(text: string): readonly IncidentState[] {
  return text === 'active' ? ['open', 'healed'] : listed('state', text, INCIDENT_STATES);
}

function listed<Word extends string>(parameter: string, text: string, allowed: readonly Word[]): readonly Word[] {
  const names = text.split(',').map((word) => word.trim());
  const unknown = names.find((word) => !(allowed as readonly string[]).includes(word));
  if (unknown !== undefined) throw invalid(parameter, unknown, allowed.join(', '));
  return names as Word[];
}

/** Returns a filter by entity, including faults of the entities that it contains. */
function aboutEntity(tree: EntityTree, id: string): NonNullable<IncidentQuery['isAbout']> {
  const entities = ENTITY_KINDS.flatMap((kind) => tree.resolve(kind, id) ?? []);
  const members = new Set(
    entities.flatMap((entity) => [entity, ...tree.members(entity)].map((each) => `${each.kind} ${each.id}`)),
  );
  // An entity that is no longer in the tree may have had faults.
  return ({ entity }) =>
    entity !== undefined && (entities.length === 0 ? entity.id === id : members.has(`${entity.type} ${entity.id}`));
}

function timeOf(parameter: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const ns = timestampNs(text);
  if (ns === undefined) throw invalid(parameter, text, 'a time of ISO 8601, such as 2026-03-23T02:14:00Z');
  return Number(ns) / 1e6;
}

function limitOf(text: string | undefined, standard: number, maximum: number): number {
  if (text === undefined) return standard;
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > maximum) throw invalid('limit', text, `1 to ${maximum}`);
  return limit;
}

function invalid(parameter: string, value: string, allowed: string): SovdError {
  return new SovdError({
    code: 'invalid-parameter',
    message: `Invalid ${parameter} parameter value`,
    parameters: { parameter, value, allowed_values: allowed },
  });
}
