import { Choice, FilterBar, SearchField } from '../controls/filter-bar.tsx';
import { changeSearch } from '../routes/location.ts';
import { texts } from '../texts/texts.ts';
import { GROUPINGS, type ListedFaults, STATUS_FILTERS } from './fault-filter.ts';
import { faultTexts } from './texts.ts';

interface FaultFiltersProps {
  readonly listed: ListedFaults;
  /** Entities offered in the filter. */
  readonly entities: readonly string[];
}

/** Filters and grouping of the fault list; all of it is stored in the URL. */
export function FaultFilters({ listed, entities }: FaultFiltersProps) {
  const t = faultTexts;
  const statuses = Object.keys(STATUS_FILTERS) as (keyof typeof STATUS_FILTERS)[];
  const known = entities.includes(listed.entity) || listed.entity === '' ? entities : [listed.entity, ...entities];
  // A selection adds a history entry that Back undoes; typing does not.
  const choose = (name: string) => (value: string) => changeSearch({ [name]: value }, { replace: false });
  return (
    <FilterBar>
      <Choice
        label={t.status}
        value={listed.status}
        options={statuses.map((status) => [status, t.shown[status]])}
        onChoose={(status) => choose('status')(status === 'active' ? '' : status)}
      />
      <Choice
        label={t.severity}
        value={String(listed.severity)}
        options={texts.severity.map((name, level) => [String(level), level === 0 ? t.anySeverity : t.atLeast(name)])}
        onChoose={(severity) => choose('severity')(severity === '0' ? '' : severity)}
      />
      <Choice
        label={t.entity}
        value={listed.entity}
        options={[['', t.anyEntity], ...known.map((id) => [id, id] as const)]}
        onChoose={choose('entity')}
      />
      <Choice
        label={t.groupBy}
        value={listed.by ?? ''}
        options={[['', t.noGroup], ...GROUPINGS.map((by) => [by, t[by]] as const)]}
        onChoose={choose('by')}
      />
      <SearchField label={t.words} value={listed.q} hint={t.wordsHint} onType={(q) => changeSearch({ q })} />
      <label className="row filter-wide fault-muted">
        <input
          type="checkbox"
          checked={listed.withMuted}
          onChange={(event) => choose('muted')(event.target.checked ? '1' : '')}
        />
        {t.withMuted}
      </label>
    </FilterBar>
  );
}
