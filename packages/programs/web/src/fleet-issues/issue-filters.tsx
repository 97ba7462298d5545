import { FAULT_SEVERITIES } from '@medkit/contract/fault-severity';
import { Choice, FilterBar, SearchField } from '../controls/filter-bar.tsx';
import { useRoute } from '../gateway/gateway.ts';
import { changeSearch, useSearch } from '../routes/location.ts';
import { texts } from '../texts/texts.ts';
import { t } from './texts.ts';

/** The filters of the issues. The address has them. */
export function IssueFilters() {
  const search = useSearch();
  const filter = (name: string): string => search.get(name) ?? '';
  const known = useRoute('listFleetSites', {}).data?.items.map(({ id }) => id) ?? [];
  // A site of the address may have no robot any more.
  const sites = [...new Set([...known, filter('site')])].filter(Boolean);
  return (
    <FilterBar>
      <SearchField label={t.words} value={filter('q')} onType={(q) => changeSearch({ q })} />
      <Choice
        label={t.state}
        value={filter('state')}
        options={[['', t.anyState], ...Object.entries(t.states)]}
        onChoose={(state) => changeSearch({ state })}
      />
      <Choice
        label={t.severity}
        value={filter('severity')}
        options={FAULT_SEVERITIES.parameters.map((name, level) =>
          level === 0 ? ['', t.anySeverity] : [name, t.atLeast(texts.severity[level]!)],
        )}
        onChoose={(severity) => changeSearch({ severity })}
      />
      <Choice
        label={t.site}
        value={filter('site')}
        options={[['', t.anySite], ...sites.map((site) => [site, site] as const)]}
        onChoose={(site) => changeSearch({ site })}
      />
      <Choice
        label={t.order}
        value={filter('order') || 'last_seen'}
        options={Object.entries(t.orders)}
        onChoose={(order) => changeSearch({ order: order === 'last_seen' ? undefined : order })}
      />
      <SearchField label={t.version} value={filter('version')} onType={(version) => changeSearch({ version })} />
    </FilterBar>
  );
}
