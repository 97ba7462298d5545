import type { ExecutionSummary } from '@medkit/contract';
import { useRefusal } from '../access/use-disabled-reason.ts';
import { EntityLink } from '../entities/entity-link.tsx';
import { StateChip } from '../entities/execution-view.tsx';
import { gatewayNowMs } from '../gateway/gateway-clock.ts';
import { usePermission } from '../gateway/principal.ts';
import type { Column } from '../tables/columns.ts';
import { Time, useTick } from '../time/time.tsx';
import { clockTime, formatDuration, timeMs } from '../time/times.ts';
import { isActive, nameOf } from './execution-filter.ts';
import { t } from './texts.ts';

/** The columns of the list of executions. `onEnd` asks for confirmation to end one. */
export function executionColumns(onEnd: (execution: ExecutionSummary) => void): readonly Column<ExecutionSummary>[] {
  return [
    {
      id: 'state',
      title: t.state,
      width: '8.5rem',
      sortBy: ({ status }) => status,
      cell: (execution) => <State execution={execution} />,
    },
    {
      id: 'what',
      title: t.what,
      sortBy: nameOf,
      cell: (execution) => (
        <>
          <span className="mono" title={nameOf(execution)}>
            {nameOf(execution)}
          </span>{' '}
          <span className="soft executions-kind">{t.of[execution.of]}</span>
        </>
      ),
      under: ({ entity_id, started_at }) =>
        [entity_id, clockTime(timeMs(started_at) ?? 0)].filter((part) => part !== '').join(' · '),
    },
    {
      id: 'entity',
      title: t.entity,
      width: '16%',
      isWideOnly: true,
      sortBy: ({ entity_id }) => entity_id,
      cell: ({ entity_type, entity_id }) => (
        <EntityLink entity={{ kind: entity_type, id: entity_id }} name={entity_id} />
      ),
    },
    {
      id: 'started',
      title: t.started,
      width: '7rem',
      isWideOnly: true,
      sortBy: ({ started_at }) => timeMs(started_at),
      cell: ({ started_at }) => <Time ms={timeMs(started_at)} />,
    },
    {
      id: 'took',
      title: t.took,
      width: '6rem',
      className: 'number',
      isWideOnly: true,
      cell: (execution) => <Duration execution={execution} />,
    },
    {
      id: 'by',
      title: t.by,
      width: '9rem',
      isWideOnly: true,
      sortBy: ({ client_id }) => client_id,
      cell: ({ client_id }) => client_id ?? '–',
    },
    {
      id: 'reason',
      title: t.reason,
      width: '18%',
      isWideOnly: true,
      cell: ({ error }) => error && <span title={error}>{error}</span>,
    },
    {
      id: 'end',
      title: '',
      width: '7.5rem',
      className: 'number',
      // On a phone the row leads to the page of the operation, where the same action has space.
      isWideOnly: true,
      cell: (execution) => <EndButton execution={execution} onEnd={onEnd} />,
    },
  ];
}

/** The state as a word, and the progress that a script reports. */
function State({ execution }: { readonly execution: ExecutionSummary }) {
  const { status, progress } = execution;
  const isScriptState = status === 'terminated' || status === 'prepared';
  return (
    <span className="executions-state">
      {isScriptState ? (
        <span className={`chip entity-state entity-state-${status}`}>{t[status]}</span>
      ) : (
        <StateChip execution={{ ...execution, status } as Parameters<typeof StateChip>[0]['execution']} />
      )}
      {isActive(execution) && typeof progress === 'number' && (
        <>
          <progress max={100} value={progress} aria-label={t.progress(progress)} />
          <span className="number soft">{t.progress(progress)}</span>
        </>
      )}
    </span>
  );
}

function Duration({ execution }: { readonly execution: ExecutionSummary }) {
  useTick(1000);
  const startedMs = timeMs(execution.started_at);
  const endMs = timeMs(execution.finished_at) ?? (isActive(execution) ? gatewayNowMs() : undefined);
  if (startedMs === undefined || endMs === undefined) return '–';
  return formatDuration(Math.max(0, endMs - startedMs));
}

interface EndButtonProps {
  readonly execution: ExecutionSummary;
  readonly onEnd: (execution: ExecutionSummary) => void;
}

function EndButton({ execution, onEnd }: EndButtonProps) {
  const permission = execution.of === 'script' ? 'scripts.run' : 'operations.run';
  const [may, refusal] = [usePermission(permission), useRefusal(permission)];
  if (!isActive(execution) || !may) return null;
  const isScript = execution.of === 'script';
  const label = (isScript ? t.stopOf : t.cancelOf)(nameOf(execution), execution.entity_id);
  return (
    <button
      type="button"
      className="button danger executions-end"
      aria-label={`${isScript ? t.stop : t.cancel} ${label}`}
      title={refusal}
      disabled={refusal !== undefined}
      onClick={() => onEnd(execution)}
    >
      {isScript ? t.stop : t.cancel}
    </button>
  );
}
