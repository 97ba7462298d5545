import type { TimelineRow } from '@medkit/contract';
import { setCursor } from '../charts/cursor.ts';
import { Skeleton } from '../regions/loaded.tsx';
import { Region } from '../regions/region.tsx';
import { Link } from '../routes/link.tsx';
import { addressOf } from '../routes/pages.ts';
import { texts } from '../texts/texts.ts';
import { Time } from '../time/time.tsx';
import { timeMs } from '../time/times.ts';

const MAX_ROWS = 200;

interface PeopleRegionProps {
  readonly rows: readonly TimelineRow[];
  /** True if the user lacks the permission to see actions of people. */
  readonly withheld: boolean;
  readonly isLoading: boolean;
}

/**
 * Actions of people (calls, changes, locks, runs and clears) with the value before and after, and sent notifications.
 */
export function PeopleRegion({ rows, withheld, isLoading }: PeopleRegionProps) {
  const actions = rows.filter(({ kind }) => kind === 'people' || kind === 'message');
  const visible = actions.slice(-MAX_ROWS);
  return (
    <Region title={texts.incidents.people} className="incident-people">
      {withheld && <p className="soft">{texts.incidents.withheld}</p>}
      {isLoading ? (
        <Skeleton height={160} />
      ) : visible.length === 0 ? (
        <p className="soft">{texts.incidents.nobody}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling element must be reachable by keyboard.
        // biome-ignore lint/a11y/useSemanticElements: a fieldset is a group of form fields.
        <div className="incident-scroll" tabIndex={0} role="group" aria-label={texts.incidents.people}>
          <ol className="incident-people-rows">
            {visible.map((row, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: two clients may have done the same at the same time.
              <li key={`${row.at} ${at}`}>
                <PersonRow row={row} />
              </li>
            ))}
          </ol>
        </div>
      )}
    </Region>
  );
}

function PersonRow({ row }: { readonly row: TimelineRow }) {
  const { at, by, text, from, to, outcome, record_id, kind } = row;
  return (
    <>
      <button type="button" className="incident-moment" onClick={() => setCursor(timeMs(at), 'list')}>
        <Time ms={timeMs(at)} digits={1} />
      </button>{' '}
      {by && <b>{by}</b>} {text}
      {(from ?? to) !== undefined && (
        <span className="mono">
          {' '}
          {from ?? '–'} → {to ?? '–'}
        </span>
      )}{' '}
      {outcome && outcome !== 'done' && <span className="severity-1">{outcome}</span>}{' '}
      {kind === 'people' && record_id !== undefined && record_id !== null && (
        <Link className="soft number" to={addressOf('audit', {}, { record: record_id })}>
          #{record_id}
        </Link>
      )}
    </>
  );
}
