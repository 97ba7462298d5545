import type { FleetCampaign } from '@medkit/contract';
import { formatCount } from '../recordings/format-size.ts';
import { Link } from '../routes/link.tsx';
import { addressOf } from '../routes/pages.ts';
import type { Column } from '../tables/columns.ts';
import { Ago } from '../time/time.tsx';
import { timeMs } from '../time/times.ts';
import { type Progress, progressOf } from './campaign-progress.ts';
import { CampaignState } from './campaign-state.tsx';
import { t } from './texts.ts';

/** Returns the page of a campaign. */
export const pageOfCampaign = ({ id }: Pick<FleetCampaign, 'id'>): string => addressOf('campaign', { campaign: id });

/** The newest open wave, and how many there are. */
export const waveText = ({ wave, wave_count: count }: FleetCampaign): string => t.waveOf(wave ?? 0, count);

const progressColumn = (progress: Progress): Column<FleetCampaign> => ({
  id: progress,
  title: t.progress[progress],
  width: '6.5rem',
  className: 'number',
  isWideOnly: true,
  cell: ({ states }) => formatCount(progressOf(states)[progress]),
});

/** The columns of the campaigns. The hub sorts: pages that are not loaded count too. */
export const CAMPAIGN_COLUMNS: readonly Column<FleetCampaign>[] = [
  {
    id: 'campaign',
    title: t.campaign,
    cell: (campaign) => (
      <Link to={pageOfCampaign(campaign)} title={campaign.id} tabIndex={-1}>
        {campaign.id}
      </Link>
    ),
    under: (campaign) => [t.states[campaign.state], `${t.wave} ${waveText(campaign)}`].join(' · '),
  },
  { id: 'kind', title: t.kind, width: '9rem', isWideOnly: true, cell: ({ kind }) => t.kinds[kind] },
  {
    id: 'state',
    title: t.state,
    width: '8.5rem',
    isWideOnly: true,
    cell: ({ state, reason }) => (
      <span title={reason ?? undefined}>
        <CampaignState state={state} />
      </span>
    ),
  },
  { id: 'wave', title: t.wave, width: '5.5rem', isWideOnly: true, cell: waveText },
  progressColumn('done'),
  progressColumn('failed'),
  progressColumn('under_way'),
  progressColumn('waiting'),
  {
    id: 'robots',
    title: t.robots,
    width: '5.5rem',
    className: 'number',
    cell: ({ robots }) => formatCount(robots),
  },
  {
    id: 'by',
    title: t.by,
    width: '10%',
    isWideOnly: true,
    cell: ({ created_by: by }) => <span title={by}>{by}</span>,
  },
  { id: 'created', title: t.created, width: '7.5rem', cell: ({ created_at: at }) => <Ago ms={timeMs(at)} /> },
];
