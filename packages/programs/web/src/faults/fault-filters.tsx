import { changeSearch } from '../routes/location.ts';
import { texts } from '../texts/texts.ts';
import { GROUPINGS, type ListedFaults, SHOWN_STATUSES } from './fault-filter.ts';

interface FaultFiltersProps {
  readonly listed: ListedFaults;
  /** Entities to choose from. */
  readonly entities: readonly string[];
}

/** Chooses which faults are shown, and how they are put together; all of it stands in the address. */
export function FaultFilters({ listed, entities }: FaultFiltersProps) {
  const t = texts.faults;
  const statuses = Object.keys(SHOWN_STATUSES) as (keyof typeof SHOWN_STATUSES)[];
  const known = entities.includes(listed.entity) || listed.entity === '' ? entities : [listed.entity, ...entities];
  // A choice is a step that Back undoes; each letter of a text is none.
  const choose = (name: string) => (value: string) => changeSearch({ [name]: value }, { replace: false });
  return (
    <search className="fault-filters">
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
      <label className="fault-filter fault-words">
        {t.words}
        <input
          type="search"
          value={listed.q}
          placeholder={t.wordsHint}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => changeSearch({ q: event.target.value })}
        />
      </label>
      <label className="row fault-muted">
        <input
          type="checkbox"
          checked={listed.withMuted}
          onChange={(event) => choose('muted')(event.target.checked ? '1' : '')}
        />
        {t.withMuted}
      </label>
    </search>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [value: string, words: string])[];
  readonly onChoose: (value: string) => void;
}

function Choice({ label, value, options, onChoose }: ChoiceProps) {
  return (
    <label className="fault-filter">
      {label}
      <select value={value} onChange={(event) => onChoose(event.target.value)}>
        {options.map(([option, words]) => (
          <option key={option} value={option}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}
