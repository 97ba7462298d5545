import type { FleetCampaignDetail } from '@medkit/contract';
import { Fact } from '../fleet/fact.tsx';
import { FleetPart } from '../fleet/fleet-off.tsx';
import { useRoute } from '../gateway/gateway.ts';
import { Heading } from '../heading/heading.tsx';
import { formatCount } from '../recordings/format-size.ts';
import { Loaded } from '../regions/loaded.tsx';
import { Region } from '../regions/region.tsx';
import { Link } from '../routes/link.tsx';
import { addressOf, type ParametersOf } from '../routes/pages.ts';
import { useBackToList } from '../tables/list-return.ts';
import { texts } from '../texts/texts.ts';
import { Time } from '../time/time.tsx';
import { timeMs } from '../time/times.ts';
import { CampaignActions } from './campaign-actions.tsx';
import { waveText } from './campaign-columns.tsx';
import { CampaignGate } from './campaign-gate.tsx';
import { countedStates } from './campaign-progress.ts';
import { CampaignRobots } from './campaign-robots.tsx';
import { CampaignSites } from './campaign-sites.tsx';
import { CampaignState, RobotProgress } from './campaign-state.tsx';
import { CampaignWaves } from './campaign-waves.tsx';
import { planText } from './plan-text.ts';
import { t } from './texts.ts';
import { EVERY_MS } from './use-campaigns.ts';
import '../fleet/fleet.css';
import './campaigns.css';

/** One campaign: how far its waves are, what its gate reads, and what people may decide. */
export function CampaignPage({ campaign: id }: ParametersOf<'campaign'>) {
  const campaign = useRoute('getFleetCampaign', { path: { campaign: id } }, { everyMs: EVERY_MS });
  useBackToList(addressOf('campaigns', {}));
  return (
    <FleetPart heading={id} error={campaign.error}>
      <div className="stack">
        <p>
          <Link to={addressOf('campaigns', {})}>{texts.shell.campaigns}</Link>
        </p>
        <Heading>{id}</Heading>
        <Loaded query={campaign} height={420}>
          {(known) => <KnownCampaign campaign={known} />}
        </Loaded>
      </div>
    </FleetPart>
  );
}

function KnownCampaign({ campaign }: { readonly campaign: FleetCampaignDetail }) {
  const { state, reason, robots, states, gate, sites } = campaign;
  return (
    <>
      <p className="row">
        <CampaignState state={state} />
        {reason && <strong className="campaign-reason">{reason}</strong>}
        <span>
          {t.wave} <b className="number">{waveText(campaign)}</b>
        </span>
        <span>
          {t.robots} <b className="number">{formatCount(robots)}</b>
        </span>
        {countedStates(states).map(([each, count]) => (
          <span key={each}>
            <RobotProgress state={each} /> <b className="number">{formatCount(count)}</b>
          </span>
        ))}
      </p>
      {state === 'stopped' && <p className="soft">{t.page.notContinued}</p>}
      <CampaignActions campaign={campaign} />
      <CampaignWaves campaign={campaign} />
      {gate && <CampaignGate gate={gate} />}
      {sites && <CampaignSites sites={sites} />}
      <CampaignRobots campaign={campaign} />
      <CampaignFacts campaign={campaign} />
    </>
  );
}

function CampaignFacts({ campaign }: { readonly campaign: FleetCampaignDetail }) {
  const p = t.page;
  const { kind, plan, created_at, created_by, stopped_at, stopped_by, roll_back, expires_at } = campaign;
  return (
    <Region title={p.facts}>
      <dl className="fleet-facts">
        <Fact term={t.kind}>{t.kinds[kind]}</Fact>
        <Fact term={p.note}>{plan.note}</Fact>
        {plan.artifact && <Fact term={p.artifact}>{plan.artifact}</Fact>}
        <Fact term={t.created}>
          <Time ms={timeMs(created_at)} /> {p.at(created_by)}
        </Fact>
        <Fact term={p.expires}>
          <Time ms={timeMs(expires_at)} />
        </Fact>
        {plan.targets.dynamic && <Fact term={p.dynamic}>{p.dynamicText}</Fact>}
        {plan.conditions?.map((condition) => (
          <Fact key={condition} term={p.condition}>
            <code>{condition}</code>
          </Fact>
        ))}
        {stopped_at && (
          <Fact term={p.stopped}>
            <Time ms={timeMs(stopped_at)} /> {stopped_by ? p.at(stopped_by) : p.byGate}
          </Fact>
        )}
        {roll_back && <Fact term={p.rollBack}>{t.rollBacks[roll_back]}</Fact>}
      </dl>
      <details>
        <summary>{p.plan}</summary>
        <pre className="fleet-command campaign-plan">{planText(plan)}</pre>
      </details>
    </Region>
  );
}
