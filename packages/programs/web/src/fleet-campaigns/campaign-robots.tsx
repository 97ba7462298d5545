import type { FleetCampaignDetail, FleetCampaignRobot } from '@medkit/contract';
import { Choice, FilterBar } from '../controls/filter-bar.tsx';
import { RobotTable, robotColumn, siteColumn } from '../fleet/robot-table.tsx';
import { Loaded } from '../regions/loaded.tsx';
import { Region } from '../regions/region.tsx';
import { changeSearch, useSearch } from '../routes/location.ts';
import type { Column } from '../tables/columns.ts';
import { Ago, Time } from '../time/time.tsx';
import { timeMs } from '../time/times.ts';
import { RobotProgress } from './campaign-state.tsx';
import { t } from './texts.ts';
import { useCampaignRobots } from './use-campaigns.ts';

/** The robots of a campaign with the reason of their state. The address has the filters. */
export function CampaignRobots({ campaign: { id, waves } }: { readonly campaign: FleetCampaignDetail }) {
  const search = useSearch();
  const [wave, state] = [search.get('wave') ?? '', search.get('state') ?? ''];
  const robots = useCampaignRobots(id, { ...(wave && { wave }), ...(state && { state }) });
  return (
    <Region title={t.robots} className="table-region">
      <FilterBar>
        <Choice
          label={t.wave}
          value={wave}
          options={[['', t.anyWave], ...waves.map((each) => [String(each.wave), t.waves.name(each.wave)] as const)]}
          onChoose={(chosen) => changeSearch({ wave: chosen })}
        />
        <Choice
          label={t.state}
          value={state}
          options={[['', t.anyState], ...Object.entries(t.robotStates)]}
          onChoose={(chosen) => changeSearch({ state: chosen })}
        />
      </FilterBar>
      <Loaded query={robots} height={160}>
        {({ items, total }) => (
          <RobotTable
            label={t.robots}
            rows={items}
            columns={COLUMNS}
            cutText={total > items.length ? t.robotList.cut(items.length, total) : undefined}
            emptyText={t.robotList.none}
          />
        )}
      </Loaded>
    </Region>
  );
}

/** Returns why a robot waits or ended, how far it is, or what its script has written. */
function detailOf({ reason, percent, result }: FleetCampaignRobot): string | undefined {
  const output = result && [result.stdout, result.stderr].filter((text) => text != null).join('\n');
  if (reason != null) return output ? `${reason}\n${output}` : reason;
  if (percent != null) return t.robotList.percent(percent);
  return result ? output || t.robotList.noOutput : undefined;
}

const COLUMNS: readonly Column<FleetCampaignRobot>[] = [
  robotColumn(({ state, wave }) => `${t.robotStates[state]} · ${t.waves.name(wave)}`),
  siteColumn('12%'),
  {
    id: 'wave',
    title: t.wave,
    width: '5.5rem',
    isWideOnly: true,
    sortBy: ({ wave }) => wave,
    cell: ({ wave }) => wave,
  },
  {
    id: 'state',
    title: t.state,
    width: '11rem',
    isWideOnly: true,
    sortBy: ({ state }) => t.robotStates[state],
    cell: ({ state }) => <RobotProgress state={state} />,
  },
  {
    id: 'reason',
    title: t.robotList.reason,
    width: '34%',
    sortBy: ({ reason }) => reason,
    cell: (robot) => {
      const text = detailOf(robot);
      return text ? <span title={text}>{text}</span> : <span className="soft">–</span>;
    },
  },
  {
    id: 'attempt',
    title: t.robotList.attempt,
    width: '11rem',
    isWideOnly: true,
    cell: ({ attempt, next_attempt: next }) => (
      <>
        {attempt}
        {next && (
          <span className="soft">
            , {t.robotList.next} <Time ms={timeMs(next)} />
          </span>
        )}
      </>
    ),
  },
  {
    id: 'since',
    title: t.robotList.since,
    width: '8rem',
    isWideOnly: true,
    sortBy: ({ since }) => timeMs(since),
    cell: ({ since }) => <Ago ms={timeMs(since)} />,
  },
];
