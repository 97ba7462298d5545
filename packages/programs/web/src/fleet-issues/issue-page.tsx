import type { FleetIssueDetail } from '@medkit/contract';
import { Severity } from '../controls/severity.tsx';
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
import { Ago, Time } from '../time/time.tsx';
import { timeMs } from '../time/times.ts';
import { IssueActions } from './issue-actions.tsx';
import { IssueEvidence } from './issue-evidence.tsx';
import { IssueNotes } from './issue-notes.tsx';
import { IssueRobots } from './issue-robots.tsx';
import { IssueShares } from './issue-shares.tsx';
import { IssueState, titleOf } from './issue-state.tsx';
import { t } from './texts.ts';
import '../fleet/fleet.css';
import './issues.css';

const EVERY_MS = 10_000;

/** One issue: what it is, where and how often it occurs, and what people decided. */
export function IssuePage({ issue: id }: ParametersOf<'issue'>) {
  const issue = useRoute('getFleetIssue', { path: { issue: id } }, { everyMs: EVERY_MS });
  useBackToList(addressOf('issues', {}));
  const title = issue.data ? titleOf(issue.data) : `${t.issue} ${id}`;
  return (
    <FleetPart heading={title} error={issue.error}>
      <div className="stack">
        <p>
          <Link to={addressOf('issues', {})}>{texts.shell.issues}</Link>
        </p>
        <Heading>{title}</Heading>
        <Loaded query={issue} height={420}>
          {(known) => <KnownIssue issue={known} />}
        </Loaded>
      </div>
    </FleetPart>
  );
}

function KnownIssue({ issue }: { readonly issue: FleetIssueDetail }) {
  const { by_version: byVersion, by_site: bySite } = issue;
  return (
    <>
      <p className="row">
        <Severity severity={issue.severity} />
        <IssueState issue={issue} />
        <span>
          {t.robots} <b className="number">{formatCount(issue.robots)}</b>
        </span>
        <span>
          {t.occurrences} <b className="number">{formatCount(issue.occurrences)}</b>
        </span>
        <span>
          {t.last} <Ago ms={timeMs(issue.last_seen)} />
        </span>
      </p>
      <IssueActions issue={issue} />
      <IssueFacts issue={issue} />
      <IssueShares
        hours={issue.by_hour}
        versions={byVersion.map((share) => ({ name: share.version ?? t.unknownVersion, ...share }))}
        sites={bySite.map((share) => ({ name: share.site ?? t.noSite, ...share }))}
      />
      <IssueRobots issue={issue} />
      <IssueEvidence issue={issue} />
      <IssueNotes issue={issue} />
    </>
  );
}

function IssueFacts({ issue }: { readonly issue: FleetIssueDetail }) {
  const p = t.page;
  const { rule, fault_code: code, entity_id: entity, cause, owner, decided, regressed, first, last } = issue;
  return (
    <Region title={p.facts}>
      <dl className="fleet-facts">
        {rule ? <Fact term={p.rule}>{rule}</Fact> : <Fact term={p.code}>{code && <code>{code}</code>}</Fact>}
        <Fact term={t.entity}>{entity}</Fact>
        <Fact term={p.cause}>{cause && <code>{cause}</code>}</Fact>
        <Fact term={t.owner}>{owner ?? t.noOwner}</Fact>
        <Fact term={t.first}>
          <Sighting at={issue.first_seen} robot={first?.robot} version={first?.version} />
        </Fact>
        <Fact term={t.last}>
          <Sighting at={issue.last_seen} robot={last?.robot} version={last?.version} />
        </Fact>
        {decided && (
          <Fact term={p.decided}>
            <IssueState issue={issue} /> {p.by(decided.by)} <Time ms={timeMs(decided.at)} />
          </Fact>
        )}
        {regressed && (
          <Fact term={p.regressed}>
            <Sighting at={regressed.at} robot={regressed.robot} version={regressed.version} />
          </Fact>
        )}
      </dl>
    </Region>
  );
}

interface SightingProps {
  readonly at: string;
  readonly robot: string | null | undefined;
  readonly version: string | null | undefined;
}

/** When an occurrence began, with its robot and software. */
function Sighting({ at, robot, version }: SightingProps) {
  return (
    <>
      <Time ms={timeMs(at)} />
      {robot && (
        <>
          {' '}
          <Link to={addressOf('fleet.robot', { robot })}>{t.page.on(robot)}</Link>
        </>
      )}{' '}
      {version && t.page.with(version)}
    </>
  );
}
