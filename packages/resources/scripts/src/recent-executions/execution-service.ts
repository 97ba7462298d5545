import {
  DEFAULT_EXECUTIONS,
  EXECUTION_STATES,
  type ExecutionSummary,
  type ExecutionSummaryList,
  MAX_EXECUTIONS,
  SovdError,
} from '@medkit/contract';
import type { CallContext, Entity, EntityTree, Model } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import { failedMembers, listedEntities } from '@medkit/entities';
import type { ScriptService } from '../service/script-service.ts';
import { recentOperations } from './recent-operations.ts';

/** The query parameters of a request, unparsed. */
export type ExecutionParameters = Readonly<Partial<Record<'entity' | 'state' | 'limit', string | undefined>>>;

/**
 * Lists the executions of all operations and scripts of this gateway. With `readable`, those of the entities where the
 * client may read `operations` or `scripts`. Throws `SovdError`.
 */
export type ListExecutions = (
  parameters: ExecutionParameters,
  call: CallContext,
  readable?: (collection?: string) => EntityTree,
) => Promise<ExecutionSummaryList>;

export interface ExecutionServiceOptions {
  readonly model: Model;
  readonly clock: Clock;
  readonly scripts: Pick<ScriptService, 'recent'>;
}

const GOING_ON: ReadonlySet<string> = new Set(['pending', 'prepared', 'running']);

/** Creates the execution list of a gateway. */
export function createExecutionList({ model, clock, scripts }: ExecutionServiceOptions): ListExecutions {
  return async ({ entity, state, limit }, call, readable = () => model.tree) => {
    const isWanted = filterOf(state);
    const count = limit ? countOf(limit) : DEFAULT_EXECUTIONS;
    const entities = listedEntities(readable(), entity);
    const having = (collection: string): readonly Entity[] => {
      const permitted = readable(collection);
      return entities.filter(({ kind, id }) => permitted.get(kind, id));
    };
    const [operations, ofScripts] = await Promise.all([
      recentOperations({ model, clock }, having('operations'), call),
      scripts.recent(having('scripts'), call),
    ]);
    const all = [...operations.entries, ...ofScripts.entries].map(({ entry }) => entry).filter(isWanted);
    const items = all.toSorted(newestFirst).slice(0, count);
    const about = {
      ...failedMembers([...operations.silent, ...ofScripts.silent]),
      ...(all.length > items.length && { total_count: all.length }),
    };
    return { items, ...(Object.keys(about).length > 0 && { 'x-medkit': about }) };
  };
}

/** Sorts a running execution with an unknown start time as the newest. */
function newestFirst(one: ExecutionSummary, other: ExecutionSummary): number {
  const [a, b] = [one, other].map(({ started_at, status }) => started_at ?? (GOING_ON.has(status) ? '~' : ''));
  return (a as string) < (b as string) ? 1 : a === b ? 0 : -1;
}

function filterOf(state: string | undefined): (execution: ExecutionSummary) => boolean {
  if (!state) return () => true;
  const known = EXECUTION_STATES.find((each) => each === state);
  if (!known) throw refused('state', state, `must be one of ${EXECUTION_STATES.join(', ')}`);
  return ({ status }) => GOING_ON.has(status) === (known === 'running');
}

function countOf(limit: string): number {
  const count = /^\d{1,9}$/.test(limit) ? Number(limit) : 0;
  if (count >= 1 && count <= MAX_EXECUTIONS) return count;
  throw refused('limit', limit, `must be a whole number from 1 to ${MAX_EXECUTIONS}`);
}

function refused(parameter: string, value: string, rule: string): SovdError {
  const message = `Invalid ${parameter}: ${rule}`;
  return new SovdError({ code: 'invalid-parameter', message, parameters: { parameter, value } });
}
