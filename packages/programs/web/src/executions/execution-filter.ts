import type { ExecutionSummary } from '@medkit/contract';

const STATES = ['all', 'running', 'ended'] as const;
const KINDS = ['all', 'operation', 'script'] as const;

/** Filter of the list of executions, from the URL. */
export interface ExecutionFilter {
  readonly state: (typeof STATES)[number];
  readonly kind: (typeof KINDS)[number];
  readonly text: string;
}

/** Reads the filter from the query parameters `state`, `kind` and `q`. */
export function executionFilterOf(search: URLSearchParams): ExecutionFilter {
  return {
    state: STATES.find((state) => state === search.get('state')) ?? 'all',
    kind: KINDS.find((kind) => kind === search.get('kind')) ?? 'all',
    text: search.get('q') ?? '',
  };
}

/** Returns the executions that match kind and text; the gateway filters by state. */
export function filteredExecutions(
  executions: readonly ExecutionSummary[],
  { kind, text }: Pick<ExecutionFilter, 'kind' | 'text'>,
): readonly ExecutionSummary[] {
  const wanted = text.trim().toLowerCase();
  return executions.filter(
    (execution) =>
      (kind === 'all' || execution.of === kind) &&
      `${nameOf(execution)} ${execution.entity_id} ${execution.client_id ?? ''}`.toLowerCase().includes(wanted),
  );
}

/** Returns the id of the operation or script. */
export function nameOf({ operation_id, script_id, id }: ExecutionSummary): string {
  return operation_id ?? script_id ?? id;
}

/** Returns whether an execution can be ended. */
export function isActive({ status }: ExecutionSummary): boolean {
  return status === 'pending' || status === 'prepared' || status === 'running';
}
