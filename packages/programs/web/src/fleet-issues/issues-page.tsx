import type { FleetIssue } from '@medkit/contract';
import { useMemo, useState } from 'react';
import { useRefusal } from '../access/use-disabled-reason.ts';
import { FleetPart } from '../fleet/fleet-off.tsx';
import { LoadMore } from '../fleet/load-more.tsx';
import { Heading } from '../heading/heading.tsx';
import { useKeys } from '../keys/single-keys.ts';
import { Loaded } from '../regions/loaded.tsx';
import { useSearch } from '../routes/location.ts';
import type { ParametersOf } from '../routes/pages.ts';
import { DataTable } from '../tables/data-table.tsx';
import { texts } from '../texts/texts.ts';
import { IgnoreDialog } from './ignore-dialog.tsx';
import { ISSUE_COLUMNS, pageOfIssue } from './issue-columns.tsx';
import { IssueFilters } from './issue-filters.tsx';
import { isFiltered, issueQuery } from './issue-query.ts';
import { titleOf } from './issue-state.tsx';
import { t } from './texts.ts';
import { TriageResultLine } from './triage-result.tsx';
import { useFocusAfterRemoval } from './use-focus-after-removal.ts';
import { useIssues } from './use-issues.ts';
import { namesOf, useTriage } from './use-triage.ts';
import '../fleet/fleet.css';
import './issues.css';

/** The issues of a fleet: what robots have in common, to resolve or ignore by keys. */
export function IssuesPage(_: ParametersOf<'issues'>) {
  const search = useSearch().toString();
  const filters = useMemo(() => issueQuery(new URLSearchParams(search)), [search]);
  const { query, items, total } = useIssues(filters);
  return (
    <FleetPart heading={texts.shell.issues} error={query.error}>
      <div className="stack">
        <Heading>{texts.shell.issues}</Heading>
        <IssueFilters />
        <Loaded query={{ data: items, error: query.error, refetch: query.refetch }} height={420}>
          {(rows) => (
            <section className="card fleet-table" aria-label={t.list}>
              <IssueTable issues={rows} total={total} isFiltered={isFiltered(filters)} />
              <LoadMore query={query} />
            </section>
          )}
        </Loaded>
      </div>
    </FleetPart>
  );
}

interface IssueTableProps {
  readonly issues: readonly FleetIssue[];
  readonly total: number;
  readonly isFiltered: boolean;
}

/** The table with its triage: buttons act on the selected rows, keys on these or on the focused row. */
function IssueTable({ issues, total, isFiltered }: IssueTableProps) {
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [ignored, ignore] = useState<readonly FleetIssue[]>();
  const triage = useTriage();
  const refusal = useRefusal('incidents');
  const rememberFocus = useFocusAfterRemoval(issues, idOf);
  const chosen = issues.filter(({ id }) => selected.has(id));
  const selection = useMemo(() => ({ selected, onSelect: setSelected, nameOf: titleOf }), [selected]);
  const decide = async (decided: readonly FleetIssue[], change: Parameters<typeof triage.decide>[1]) => {
    rememberFocus();
    const isDone = await triage.decide(decided, change);
    setSelected(new Set());
    return isDone;
  };
  const canDecide = refusal === undefined && !triage.isAtWork;
  useKeys(({ key }) => {
    if (key === 'z' && triage.result?.undo && canDecide) void triage.result.undo();
    else if (key === 'e' || key === 'i') {
      const focused = focusedKey();
      const at = chosen.length > 0 ? chosen : issues.filter(({ id }) => id === focused);
      if (at.length === 0 || !canDecide) return false;
      if (key === 'i') ignore(at);
      else void decide(at, { state: 'resolved' });
    } else return false;
    return true;
  });
  return (
    <>
      <div className="stack fleet-bar">
        <div className="spread">
          <span className="row">
            <span className="soft number">{t.counted(issues.length, total)}</span>
            <TriageResultLine triage={triage} />
          </span>
          <span className="row">
            {refusal !== undefined && <span className="soft">{refusal}</span>}
            {refusal === undefined && chosen.length === 0 && <span className="soft">{t.selectFirst}</span>}
            <button
              type="button"
              className="button"
              disabled={!canDecide || chosen.length === 0}
              onClick={() => void decide(chosen, { state: 'resolved' })}
            >
              {t.resolve}
            </button>
            <button
              type="button"
              className="button"
              disabled={!canDecide || chosen.length === 0}
              onClick={() => ignore(chosen)}
            >
              {t.ignore}
            </button>
          </span>
        </div>
        <p className="soft issue-keys">{t.keysHelp}</p>
      </div>
      <DataTable
        isMain
        label={t.list}
        rows={issues}
        keyOf={idOf}
        columns={ISSUE_COLUMNS}
        hrefOf={pageOfIssue}
        selection={refusal === undefined ? selection : undefined}
        emptyText={isFiltered ? t.noneWith : t.none}
      />
      {ignored && (
        <IgnoreDialog
          name={namesOf(ignored)}
          triage={triage}
          onIgnore={(change) => decide(ignored, change)}
          onClose={() => ignore(undefined)}
        />
      )}
    </>
  );
}

const idOf = ({ id }: FleetIssue): string => id;

/** Returns the key of the table row with the focus. */
function focusedKey(): string | undefined {
  return document.activeElement?.closest<HTMLElement>('tr[data-key]')?.dataset['key'];
}
