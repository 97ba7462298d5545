import { onlineNodes } from '../doctor/health-facts.ts';
import { useRoute } from '../gateway/gateway.ts';
import { changeSearch } from '../routes/location.ts';
import { clockTime } from '../time/times.ts';
import { type ListedFaults, lastEndMs } from './fault-filter.ts';
import { useAllFaults } from './fault-list.ts';
import { faultTexts } from './texts.ts';

/**
 * Explains an empty fault list: no fault matches the filter, or no fault is active. In that case shows since when, and
 * which sources would report.
 */
export function NoFaults({ listed }: { readonly listed: ListedFaults }) {
  const t = faultTexts;
  const isFiltered = listed.severity > 0 || listed.q !== '' || listed.entity !== '';
  const isActive = listed.status === 'active' && !isFiltered;
  const before = useAllFaults({ status: 'all', withMuted: false, enabled: isActive });
  const apps = useRoute('listEntities', { kind: 'app' }, { enabled: isActive });
  if (!isActive) {
    return (
      <div className="stack fault-none">
        <p>{isFiltered ? t.noneMatches : t.noneSuch(t.shown[listed.status])}</p>
        <div className="row">
          <button
            type="button"
            className="button"
            onClick={() => changeSearch({ status: '', severity: '', q: '', entity: '' }, { replace: false })}
          >
            {t.showActive}
          </button>
        </div>
      </div>
    );
  }
  const endMs = lastEndMs(before.data?.faults ?? []);
  return (
    <p className="fault-none">
      {endMs === undefined ? t.none : t.noneSince(clockTime(endMs))}{' '}
      {apps.data && t.listening(onlineNodes(apps.data.items))}
    </p>
  );
}
