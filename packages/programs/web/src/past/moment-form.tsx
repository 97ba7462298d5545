import type { FormEvent } from 'react';
import { Filter, FilterBar } from '../controls/filter-bar.tsx';
import { changeSearch } from '../routes/location.ts';
import { inputTime, timeMs } from '../time/times.ts';
import { t } from './texts.ts';

/** Selects the moment that the page shows, or the present. */
export function MomentForm({ at }: { readonly at: string }) {
  const show = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const ms = timeMs(String(new FormData(event.currentTarget).get('at') ?? ''));
    if (ms !== undefined) changeSearch({ at: new Date(ms).toISOString() }, { replace: false });
  };
  return (
    // Remounts when the URL changes, for example after Back, so that the input shows its value.
    <form key={at} onSubmit={show}>
      <FilterBar>
        <Filter label={t.moment}>
          <input name="at" type="datetime-local" step="1" required defaultValue={inputTime(at)} />
        </Filter>
        <button type="submit" className="button primary">
          {t.show}
        </button>
        <button type="button" className="button" onClick={() => changeSearch({ at: undefined }, { replace: false })}>
          {t.back}
        </button>
      </FilterBar>
    </form>
  );
}
