import { useMemo, useState } from 'react';
import { useRoute } from '../gateway/gateway.ts';
import { Heading } from '../heading/heading.tsx';
import { Failure } from '../regions/failure.tsx';
import { Skeleton } from '../regions/loaded.tsx';
import { PartialNotice } from '../regions/partial-notice.tsx';
import { Link } from '../routes/link.tsx';
import { changeSearch, useSearch } from '../routes/location.ts';
import { addressOf, type ParametersOf } from '../routes/pages.ts';
import type { Column } from '../tables/columns.ts';
import { DataTable } from '../tables/data-table.tsx';
import { texts } from '../texts/texts.ts';
import { Time } from '../time/time.tsx';
import { clockTime, timeMs } from '../time/times.ts';
import { LogFilters } from './log-filters.tsx';
import { LogLineDialog } from './log-line-dialog.tsx';
import { appsByLogger, type LogLine, MAX_LINES, matchingLines } from './log-lines.ts';
import { LogSeverity, severityLabel } from './log-severity.tsx';
import { logTexts } from './texts.ts';
import './logs.css';
import { useLog } from './use-log.ts';

/** Returns a time from the URL as ISO 8601, or `undefined` if it is invalid. */
const timeOf = (text: string | null): string | undefined => {
  const ms = timeMs(text);
  return ms === undefined ? undefined : new Date(ms).toISOString();
};

/** The log of the whole robot, updated live, newest at the bottom. */
export function LogsPage(_: ParametersOf<'logs'>) {
  const t = logTexts;
  const search = useSearch();
  const filter = {
    severity: search.get('severity') ?? '',
    entity: search.get('entity') ?? '',
    q: search.get('q') ?? '',
  };
  const [since, until] = [timeOf(search.get('since')), timeOf(search.get('until'))];
  const { lines, about, error, again } = useLog({ since, until });
  const apps = useRoute('listEntities', { kind: 'app' });
  const appOf = useMemo(() => appsByLogger(apps.data?.items ?? []), [apps.data]);
  const columns = useMemo(() => logColumns(appOf), [appOf]);
  const { severity, entity, q } = filter;
  const matching = useMemo(
    () => matchingLines(lines ?? [], { severity, entity, q }, appOf),
    [lines, severity, entity, q, appOf],
  );
  const [opened, open] = useState<LogLine>();
  return (
    <div className="stack">
      <Heading>{texts.shell.logs}</Heading>
      <LogFilters filter={filter} entities={(apps.data?.items ?? []).map(({ id }) => id)} />
      {error && <Failure error={error} again={again} />}
      <PartialNotice about={about} />
      {(since ?? until) !== undefined && (
        <p className="row">
          <span className="chip">
            {t.span(since && clockTime(Date.parse(since)), until && clockTime(Date.parse(until)))}
          </span>
          <button
            type="button"
            className="button"
            onClick={() => changeSearch({ since: '', until: '' }, { replace: false })}
          >
            {t.follow}
          </button>
        </p>
      )}
      {lines === undefined && !error && <Skeleton height={420} />}
      {lines !== undefined && (
        <section className="card log-table" aria-label={texts.shell.logs}>
          <p className="log-bar soft number">
            {t.counted(matching.length, lines.length)} {lines.length === MAX_LINES && t.bounded(MAX_LINES)}
          </p>
          <DataTable
            isMain
            followsEnd={until === undefined}
            label={texts.shell.logs}
            rows={matching}
            keyOf={keyOfLine}
            columns={columns}
            onOpen={open}
            emptyText={lines.length === 0 ? t.none : t.noneMatches}
          />
        </section>
      )}
      {opened && (
        <LogLineDialog
          entry={opened.entry}
          app={appOf(opened.entry.logger_name ?? '')}
          onClose={() => open(undefined)}
        />
      )}
    </div>
  );
}

const keyOfLine = ({ key }: LogLine): string => key;

function logColumns(appOf: (logger: string) => string | undefined): readonly Column<LogLine>[] {
  const t = logTexts;
  return [
    {
      id: 'time',
      title: t.time,
      width: '9.5rem',
      isWideOnly: true,
      cell: ({ entry }) => <Time ms={timeMs(entry.received_at ?? entry.timestamp)} digits={3} />,
    },
    {
      id: 'severity',
      title: t.severity,
      width: '7rem',
      isWideOnly: true,
      cell: ({ entry }) => <LogSeverity severity={entry.severity} />,
    },
    {
      id: 'logger',
      title: t.logger,
      width: '14rem',
      isWideOnly: true,
      className: 'mono',
      cell: ({ entry: { logger_name } }) => {
        const app = appOf(logger_name ?? '');
        if (app === undefined) return logger_name ?? '–';
        return (
          <Link to={addressOf('entity', { kind: 'app', id: app })} title={logger_name ?? undefined} tabIndex={-1}>
            {app}
          </Link>
        );
      },
    },
    {
      id: 'message',
      title: t.message,
      cell: ({ entry }) => entry.message,
      under: ({ entry }) => {
        const ms = timeMs(entry.received_at ?? entry.timestamp);
        return [ms === undefined ? '' : clockTime(ms, { digits: 1 }), severityLabel(entry.severity), entry.logger_name]
          .filter(Boolean)
          .join(' · ');
      },
    },
  ];
}
