import { type FormEvent, useId } from 'react';
import { changeSearch } from '../routes/location.ts';
import { texts } from '../texts/texts.ts';
import { timeMs } from '../time/times.ts';
import type { AuditSearch } from './use-audit-records.ts';

const OUTCOMES = ['done', 'refused', 'failed'] as const;

/** Chooses which records are shown; it stands in the address once it is asked for. */
export function AuditSearchForm({ wanted }: { readonly wanted: AuditSearch }) {
  const t = texts.audit;
  const id = useId();
  const search = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const told = new FormData(event.currentTarget);
    const text = (name: string): string => String(told.get(name) ?? '').trim();
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
    // What stands in it is that of the address, also after Back.
    <form key={JSON.stringify(wanted)} className="audit-search" onSubmit={search}>
      <label htmlFor={`${id}-entity`}>
        {t.entity}
        <input id={`${id}-entity`} name="entity" defaultValue={wanted.entity} autoComplete="off" spellCheck={false} />
      </label>
      <label htmlFor={`${id}-client`}>
        {t.client}
        <input id={`${id}-client`} name="client" defaultValue={wanted.client} autoComplete="off" spellCheck={false} />
      </label>
      <label htmlFor={`${id}-outcome`}>
        {t.outcome}
        <select id={`${id}-outcome`} name="outcome" defaultValue={wanted.outcome}>
          <option value="">{t.any}</option>
          {OUTCOMES.map((outcome) => (
            <option key={outcome} value={outcome}>
              {t.outcomes[outcome]}
            </option>
          ))}
        </select>
      </label>
      <label htmlFor={`${id}-since`}>
        {t.since}
        <input id={`${id}-since`} name="since" type="datetime-local" step="1" defaultValue={localTime(wanted.since)} />
      </label>
      <label htmlFor={`${id}-until`}>
        {t.until}
        <input id={`${id}-until`} name="until" type="datetime-local" step="1" defaultValue={localTime(wanted.until)} />
      </label>
      <button type="submit" className="button primary">
        {t.search}
      </button>
    </form>
  );
}

/** As an input of a time takes it: by the clock of whoever looks. */
function localTime(iso: string): string {
  const ms = timeMs(iso);
  if (ms === undefined) return '';
  return new Date(ms - new Date(ms).getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}
