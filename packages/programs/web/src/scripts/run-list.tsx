import type { ScriptExecution, ScriptExecutionList } from '@medkit/contract';
import type { UseQueryResult } from '@tanstack/react-query';
import { useMemo } from 'react';
import { Loaded } from '../regions/loaded.tsx';
import { Region } from '../regions/region.tsx';
import { Link } from '../routes/link.tsx';
import { addressOf } from '../routes/pages.ts';
import type { Column } from '../tables/columns.ts';
import { DataTable } from '../tables/data-table.tsx';
import { Time } from '../time/time.tsx';
import { clockTime, timeMs } from '../time/times.ts';
import { durationText } from './run-state.ts';
import type { ScriptEntity } from './script-facts.ts';
import { RunState } from './script-marks.tsx';
import { t } from './texts.ts';

interface RunListProps {
  readonly entity: ScriptEntity;
  readonly script: string;
  readonly runs: UseQueryResult<ScriptExecutionList, Error>;
  readonly chosen: string | undefined;
}

/** The runs of a script, newest first, each with its address. */
export function RunList({ entity, script, runs, chosen }: RunListProps) {
  const { kind, id } = entity;
  const columns = useMemo(
    () => runColumns((run) => addressOf('script', { kind, id, script }, { x: run }), chosen),
    [kind, id, script, chosen],
  );
  return (
    <Region title={t.allRuns} className="script-runs">
      <Loaded query={runs} height={120}>
        {({ items }) => (
          <DataTable label={t.allRuns} rows={items} keyOf={idOf} columns={columns} height="50vh" emptyText={t.noRuns} />
        )}
      </Loaded>
    </Region>
  );
}

const idOf = ({ id }: ScriptExecution): string => id;

function runColumns(hrefOf: (run: string) => string, chosen: string | undefined): readonly Column<ScriptExecution>[] {
  return [
    {
      id: 'run',
      title: t.id,
      cell: ({ id }) => (
        <Link to={hrefOf(id)} className="mono" {...(id === chosen && { 'aria-current': 'true' as const })}>
          {id}
        </Link>
      ),
      under: (run) => clockTime(timeMs(run.started_at) ?? 0),
    },
    { id: 'state', title: t.state, width: '9.5rem', cell: ({ status }) => <RunState status={status} /> },
    {
      id: 'exit',
      title: t.exit,
      width: '3rem',
      className: 'number',
      isWideOnly: true,
      cell: ({ 'x-medkit': about }) => about?.exit_code ?? '',
    },
    {
      id: 'started',
      title: t.started,
      width: '6rem',
      isWideOnly: true,
      cell: ({ started_at }) => <Time ms={timeMs(started_at)} />,
    },
    { id: 'duration', title: t.duration, width: '5rem', className: 'number', cell: durationText },
  ];
}
