import { Choice, FilterBar, SearchField } from '../controls/filter-bar.tsx';
import { changeSearch } from '../routes/location.ts';
import type { LogFilter } from './log-lines.ts';
import { SEVERITIES } from './log-severity.ts';
import { severityLabel } from './log-severity.tsx';
import { logTexts } from './texts.ts';

interface LogFiltersProps {
  readonly filter: LogFilter;
  /** Ids of the apps offered in the filter. */
  readonly entities: readonly string[];
}

/** Filters of the log; stored in the URL. */
export function LogFilters({ filter, entities }: LogFiltersProps) {
  const t = logTexts;
  const known = filter.entity === '' || entities.includes(filter.entity) ? entities : [filter.entity, ...entities];
  return (
    <FilterBar>
      <Choice
        label={t.severity}
        value={filter.severity}
        options={[
          ['', t.all],
          ...SEVERITIES.slice(1).map((severity) => [severity, t.atLeast(severityLabel(severity))] as const),
        ]}
        onChoose={(severity) => changeSearch({ severity }, { replace: false })}
      />
      <Choice
        label={t.node}
        value={filter.entity}
        options={[['', t.all], ...known.map((id) => [id, id] as const)]}
        onChoose={(entity) => changeSearch({ entity }, { replace: false })}
      />
      <SearchField label={t.words} value={filter.q} onType={(q) => changeSearch({ q })} />
    </FilterBar>
  );
}
