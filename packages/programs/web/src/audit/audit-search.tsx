import type { FormEvent } from 'react';
import { Filter, FilterBar } from '../controls/filter-bar.tsx';
import { changeSearch } from '../routes/location.ts';
import { inputTime } from '../time/times.ts';
import { auditTexts } from './texts.ts';
import type { AuditSearch } from './use-audit-records.ts';

const OUTCOMES = ['done', 'refused', 'failed'] as const;

/** Filter form for audit records. On submit, the filter is written to the URL. */
export function AuditSearchForm({ wanted }: { readonly wanted: AuditSearch }) {
  const t = auditTexts;
  const search = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string): string => String(form.get(name) ?? '').trim();
    const time = (name: string): string => (text(name) === '' ? '' : new Date(text(name)).toISOString());
    changeSearch(
      {
        entity: text('entity'),
        client: text('client'),
        outcome: text('outcome'),
        since: time('since'),
        until: time('until'),
      },
      { replace: false },
    );
  };
  return (
    // Remounts when the URL changes, for example after Back, so that the inputs show its values.
    <form key={JSON.stringify(wanted)} onSubmit={search}>
      <FilterBar>
        <Filter label={t.entity}>
          <input name="entity" defaultValue={wanted.entity} autoComplete="off" spellCheck={false} />
        </Filter>
        <Filter label={t.client}>
          <input name="client" defaultValue={wanted.client} autoComplete="off" spellCheck={false} />
        </Filter>
        <Filter label={t.outcome}>
          <select name="outcome" defaultValue={wanted.outcome}>
            <option value="">{t.any}</option>
            {OUTCOMES.map((outcome) => (
              <option key={outcome} value={outcome}>
                {t.outcomes[outcome]}
              </option>
            ))}
          </select>
        </Filter>
        <Filter label={t.since}>
          <input name="since" type="datetime-local" step="1" defaultValue={inputTime(wanted.since)} />
        </Filter>
        <Filter label={t.until}>
          <input name="until" type="datetime-local" step="1" defaultValue={inputTime(wanted.until)} />
        </Filter>
        <button type="submit" className="button primary">
          {t.search}
        </button>
      </FilterBar>
    </form>
  );
}
