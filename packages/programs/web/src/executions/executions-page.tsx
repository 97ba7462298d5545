import type { ExecutionSummary, ExecutionSummaryList } from '@medkit/contract';
import { useMemo, useState } from 'react';
import { Choice, FilterBar, SearchField } from '../controls/filter-bar.tsx';
import { useRoute } from '../gateway/gateway.ts';
import { Heading } from '../heading/heading.tsx';
import { Loaded } from '../regions/loaded.tsx';
import { PartialNotice } from '../regions/partial-notice.tsx';
import { changeSearch, useSearch } from '../routes/location.ts';
import { addressOf, type ParametersOf, pageOfHref } from '../routes/pages.ts';
import { DataTable } from '../tables/data-table.tsx';
import { EndExecution } from './end-execution.tsx';
import { executionColumns } from './execution-columns.tsx';
import { type ExecutionFilter, executionFilterOf, filteredExecutions } from './execution-filter.ts';
import './executions.css';
import { t } from './texts.ts';

const EVERY_MS = 2000;
/** Maximum rows; the gateway keeps few ended executions. */
const LIMIT = 500;
const HOW_TO = 'medkit call bt_navigator navigate_to_pose';

/** The executions of all operations and scripts: active and recently ended ones, of all clients. */
export function ExecutionsPage(_: ParametersOf<'executions'>) {
  const filter = executionFilterOf(useSearch());
  const { state } = filter;
  const list = useRoute(
    'listAllExecutions',
    { query: { limit: LIMIT, ...(state !== 'all' && { state }) } },
    { everyMs: EVERY_MS },
  );
  return (
    <div className="stack">
      <Heading>{t.title}</Heading>
      <ExecutionFilters filter={filter} />
      <Loaded query={list} height={320}>
        {(loaded) =>
          loaded.items.length === 0 && state === 'all' ? <NoExecutions /> : <Executions list={loaded} filter={filter} />
        }
      </Loaded>
    </div>
  );
}

function NoExecutions() {
  return (
    <section className="card stack executions-none" aria-label={t.title}>
      <p>
        <strong>{t.none}</strong>
      </p>
      <p className="soft">{t.noneHelp}</p>
      <pre className="executions-how-to">{HOW_TO}</pre>
    </section>
  );
}

function ExecutionFilters({ filter }: { readonly filter: ExecutionFilter }) {
  const chosen = (value: string): string | undefined => (value === 'all' ? undefined : value);
  return (
    <FilterBar>
      <Choice
        label={t.state}
        value={filter.state}
        options={Object.entries(t.states)}
        onChoose={(state) => changeSearch({ state: chosen(state) })}
      />
      <Choice
        label={t.kind}
        value={filter.kind}
        options={Object.entries(t.kinds)}
        onChoose={(kind) => changeSearch({ kind: chosen(kind) })}
      />
      <SearchField
        label={t.search}
        hint={t.searchHint}
        value={filter.text}
        onType={(text) => changeSearch({ q: text })}
      />
    </FilterBar>
  );
}

const keyOf = ({ href }: ExecutionSummary): string => href;

/** Returns the page of an execution: of an operation its form with the result, of a script its page. */
function hrefOf(execution: ExecutionSummary): string | undefined {
  const { entity_type: kind, entity_id: id, operation_id, script_id, href } = execution;
  if (operation_id) return addressOf('entity.operation', { kind, id, operation: operation_id }, { x: execution.id });
  const script = script_id ? pageOfHref(href.replace(/\/executions\/[^/]+$/, '')) : undefined;
  return script ?? addressOf('entity', { kind, id });
}

interface ExecutionsProps {
  readonly list: ExecutionSummaryList;
  readonly filter: ExecutionFilter;
}

function Executions({ list: { items, 'x-medkit': about }, filter }: ExecutionsProps) {
  const [ending, end] = useState<ExecutionSummary>();
  const columns = useMemo(() => executionColumns(end), []);
  const rows = filteredExecutions(items, filter);
  return (
    <>
      <PartialNotice about={about} />
      <section className="card executions-table" aria-label={t.title}>
        <p className="soft number executions-count">
          {t.counted(rows.length, items.length)} {items.length >= LIMIT && t.cut(LIMIT)}
        </p>
        <DataTable
          isMain
          label={t.title}
          rows={rows}
          keyOf={keyOf}
          columns={columns}
          hrefOf={hrefOf}
          emptyText={t.noneMatches}
        />
      </section>
      {ending && <EndExecution execution={ending} onClose={() => end(undefined)} />}
    </>
  );
}
