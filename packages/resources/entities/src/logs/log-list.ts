import type { LogEntryList, LogListXMedkit } from '@medkit/contract';
import { arrivalNs, type Entity, type EntityTree, endTest, type LogEntry, type LogQuery } from '@medkit/core';
import type { Gathered } from '../members/ask.ts';
import { failedMembers } from '../members/failed-members.ts';
import { logItem } from './log-item.ts';
import { type LogOwner, loggingApps, sourceOf } from './log-sources.ts';

export type GatheredLogs = Gathered<LogOwner, LogEntry>;

/** Builds the body of a log list from the entries of its owners; `about` describes the list as a whole. */
export function logList(gathered: GatheredLogs, query: LogQuery, about: LogListXMedkit = {}): LogEntryList {
  const { silent } = gathered;
  const xMedkit = { ...about, ...failedMembers(silent) };
  return {
    items: inOrder(gathered, query).map(logItem),
    ...(Object.keys(xMedkit).length > 0 && { 'x-medkit': xMedkit }),
  };
}

/**
 * Sorts entries of one gateway by number, and entries of several gateways by time, since their numbers are unrelated.
 * With `before`, newest first.
 */
function inOrder({ entries }: GatheredLogs, query: LogQuery): readonly LogEntry[] {
  const { limit, after, before } = query;
  const tellers = new Set(entries.map(({ owner }) => owner));
  const origins = new Set(Array.from(tellers, ({ origin }) => origin));
  // A plugin's log reader may not support an end time.
  const isEnded = endTest(query);
  const all = entries.map(({ entry }) => entry).filter((entry) => !isEnded(entry));
  if (origins.size > 1) all.sort((a, b) => Number(arrivalNs(a) - arrivalNs(b)));
  else if (tellers.size > 1) all.sort((a, b) => a.sequence - b.sequence);
  if (before) return all.slice(-limit).reverse();
  return after ? all.slice(0, limit) : all.slice(-limit);
}

/** Describes the sources of an aggregate's log; empty for an app. */
export function describeMembers(tree: EntityTree, entity: Entity): LogListXMedkit {
  const { kind, id } = entity;
  if (kind === 'app') return {};
  const apps = loggingApps(tree, entity);
  const components = kind === 'area' ? tree.componentsBelow(id) : [];
  return {
    entity_id: id,
    aggregation_level: kind,
    aggregated: true,
    ...(components.length > 0 && { component_count: components.length }),
    ...(apps.length > 0 && {
      [kind === 'function' ? 'host_count' : 'app_count']: apps.length,
      aggregation_sources: apps.map(sourceOf).sort(),
    }),
  };
}
