import { changeSearch } from '../routes/location.ts';
import { texts } from '../texts/texts.ts';
import type { LogFilter } from './log-lines.ts';
import { SEVERITIES } from './log-severity.ts';
import { severityInWords } from './log-severity.tsx';

interface LogFiltersProps {
  readonly filter: LogFilter;
  /** Ids of apps to choose from. */
  readonly entities: readonly string[];
}

/** Chooses which lines of the log are shown; it stands in the address. */
export function LogFilters({ filter, entities }: LogFiltersProps) {
  const t = texts.logs;
  const known = filter.entity === '' || entities.includes(filter.entity) ? entities : [filter.entity, ...entities];
  return (
    <search className="log-filters">
      <label className="log-filter">
        {t.severity}
        <select
          value={filter.severity}
          onChange={(event) => changeSearch({ severity: event.target.value }, { replace: false })}
        >
          <option value="">{t.all}</option>
          {SEVERITIES.slice(1).map((severity) => (
            <option key={severity} value={severity}>
              {t.atLeast(severityInWords(severity))}
            </option>
          ))}
        </select>
      </label>
      <label className="log-filter">
        {t.node}
        <select
          value={filter.entity}
          onChange={(event) => changeSearch({ entity: event.target.value }, { replace: false })}
        >
          <option value="">{t.all}</option>
          {known.map((id) => (
            <option key={id} value={id}>
              {id}
            </option>
          ))}
        </select>
      </label>
      <label className="log-filter log-words">
        {t.words}
        <input
          type="search"
          value={filter.q}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => changeSearch({ q: event.target.value })}
        />
      </label>
    </search>
  );
}
