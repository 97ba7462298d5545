import type { FleetCampaign } from '@medkit/contract';
import { useMemo, useState } from 'react';
import { useRefusal } from '../access/use-disabled-reason.ts';
import { Choice, FilterBar } from '../controls/filter-bar.tsx';
import { FleetPart } from '../fleet/fleet-off.tsx';
import { LoadMore } from '../fleet/load-more.tsx';
import { Heading } from '../heading/heading.tsx';
import { Loaded } from '../regions/loaded.tsx';
import { changeSearch, useSearch } from '../routes/location.ts';
import type { ParametersOf } from '../routes/pages.ts';
import { DataTable } from '../tables/data-table.tsx';
import { texts } from '../texts/texts.ts';
import { CAMPAIGN_COLUMNS, pageOfCampaign } from './campaign-columns.tsx';
import { NewCampaignDialog } from './new-campaign-dialog.tsx';
import { t } from './texts.ts';
import { useCampaigns } from './use-campaigns.ts';
import '../fleet/fleet.css';
import './campaigns.css';

/** The campaigns of a fleet: changes that the hub carries to many robots in waves. */
export function CampaignsPage(_: ParametersOf<'campaigns'>) {
  const state = useSearch().get('state') ?? '';
  const { query, items, total } = useCampaigns(
    useMemo((): Record<string, string> => (state ? { state } : {}), [state]),
  );
  const [isCreating, create] = useState(false);
  const refusal = useRefusal('campaigns.write');
  return (
    <FleetPart heading={texts.shell.campaigns} error={query.error}>
      <div className="stack">
        <div className="spread">
          <Heading>{texts.shell.campaigns}</Heading>
          <span className="row">
            {refusal !== undefined && <span className="soft">{refusal}</span>}
            <button
              type="button"
              className="button primary"
              disabled={refusal !== undefined}
              onClick={() => create(true)}
            >
              {t.create}
            </button>
          </span>
        </div>
        <FilterBar>
          <Choice
            label={t.state}
            value={state}
            // A plan is a campaign only after its start.
            options={[['', t.anyState], ...Object.entries(t.states).filter(([each]) => each !== 'planned')]}
            onChoose={(chosen) => changeSearch({ state: chosen })}
          />
        </FilterBar>
        <Loaded query={{ data: items, error: query.error, refetch: query.refetch }} height={420}>
          {(rows) => (
            <section className="card fleet-table" aria-label={t.list}>
              <p className="soft number fleet-bar">{t.counted(rows.length, total)}</p>
              <DataTable
                isMain
                label={t.list}
                rows={rows}
                keyOf={idOf}
                columns={CAMPAIGN_COLUMNS}
                hrefOf={pageOfCampaign}
                emptyText={state ? t.noneWith : t.none}
              />
              <LoadMore query={query} />
            </section>
          )}
        </Loaded>
        {isCreating && <NewCampaignDialog onClose={() => create(false)} />}
      </div>
    </FleetPart>
  );
}

const idOf = ({ id }: FleetCampaign): string => id;
