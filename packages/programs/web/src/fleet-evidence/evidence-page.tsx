import { useMemo, useState } from 'react';
import { useRefusal } from '../access/use-disabled-reason.ts';
import { Choice, FilterBar, SearchField } from '../controls/filter-bar.tsx';
import { FleetPart } from '../fleet/fleet-off.tsx';
import { LoadMore } from '../fleet/load-more.tsx';
import { RobotFilter } from '../fleet/robot-filter.tsx';
import { Heading } from '../heading/heading.tsx';
import { Loaded } from '../regions/loaded.tsx';
import { changeSearch, useSearch } from '../routes/location.ts';
import type { ParametersOf } from '../routes/pages.ts';
import { texts } from '../texts/texts.ts';
import { EraseDialog } from './erase-dialog.tsx';
import { EvidenceTable } from './evidence-table.tsx';
import { RulesRegion } from './rules-region.tsx';
import { t } from './texts.ts';
import { evidenceQuery, useEvidence } from './use-evidence.ts';
import '../fleet/fleet.css';
import './evidence.css';

/** The evidence that robots have reported, which of it the hub stores, and the rules that fetch it. */
export function EvidencePage(_: ParametersOf<'evidence'>) {
  const search = useSearch().toString();
  const filters = useMemo(() => evidenceQuery(new URLSearchParams(search)), [search]);
  const { query, items, total } = useEvidence(filters);
  const [isErasing, erase] = useState(false);
  const [erased, setErased] = useState('');
  const refusal = useRefusal('fleet.manage');
  return (
    <FleetPart heading={texts.shell.evidence} error={query.error}>
      <div className="stack">
        <div className="spread">
          <Heading>{texts.shell.evidence}</Heading>
          <span className="row">
            {refusal !== undefined && <span className="soft">{refusal}</span>}
            <button
              type="button"
              className="button danger"
              disabled={refusal !== undefined}
              onClick={() => erase(true)}
            >
              {t.erase.open}
            </button>
          </span>
        </div>
        <div role="status">{erased}</div>
        <EvidenceFilters filters={filters} />
        <Loaded query={{ data: items, error: query.error, refetch: query.refetch }} height={420}>
          {(rows) => (
            <section className="card fleet-table" aria-label={t.list}>
              <p className="soft number fleet-bar">{t.counted(rows.length, total)}</p>
              <EvidenceTable isMain items={rows} emptyText={Object.keys(filters).length === 0 ? t.none : t.noneWith} />
              <LoadMore query={query} />
            </section>
          )}
        </Loaded>
        <RulesRegion />
        {isErasing && <EraseDialog robot={filters['robot'] ?? ''} onErased={setErased} onClose={() => erase(false)} />}
      </div>
    </FleetPart>
  );
}

function EvidenceFilters({ filters }: { readonly filters: Readonly<Record<string, string>> }) {
  const search = useSearch();
  return (
    <FilterBar>
      <RobotFilter />
      <SearchField label={t.code} value={search.get('code') ?? ''} onType={(code) => changeSearch({ code })} />
      <Choice
        label={t.kind}
        value={filters['kind'] ?? ''}
        options={[['', t.anyKind], ...Object.entries(t.kinds)]}
        onChoose={(kind) => changeSearch({ kind })}
      />
      <Choice
        label={t.state}
        value={filters['state'] ?? ''}
        options={[['', t.anyState], ...Object.entries(t.states)]}
        onChoose={(state) => changeSearch({ state })}
      />
    </FilterBar>
  );
}
