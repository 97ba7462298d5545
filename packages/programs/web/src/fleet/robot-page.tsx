import type { FleetRobot } from '@medkit/contract';
import { isRobotConnected } from '@medkit/contract/robot-presence';
import { useState } from 'react';
import { Severity } from '../controls/severity.tsx';
import { pageOfFault } from '../faults/fault-columns.tsx';
import { useRoute } from '../gateway/gateway.ts';
import { usePermission } from '../gateway/principal.ts';
import { Heading } from '../heading/heading.tsx';
import { formatSize } from '../recordings/format-size.ts';
import { Loaded } from '../regions/loaded.tsx';
import { Region } from '../regions/region.tsx';
import { robotAddress } from '../routes/base-path.ts';
import { Link } from '../routes/link.tsx';
import { addressOf, type ParametersOf } from '../routes/pages.ts';
import { texts } from '../texts/texts.ts';
import { Ago, Time } from '../time/time.tsx';
import { timeMs } from '../time/times.ts';
import { ChangeRobotDialog } from './change-robot-dialog.tsx';
import { DataBudget, useDataBudget } from './data-budget.tsx';
import { Fact } from './fact.tsx';
import { FleetPart } from './fleet-off.tsx';
import { PresenceFacts, PresenceRegion } from './presence-region.tsx';
import { RobotActions } from './robot-actions.tsx';
import { RobotState } from './robot-state.tsx';
import { t } from './texts.ts';
import './fleet.css';

const EVERY_MS = 5000;
/** A fault is on the page within 2 s of its report, over a slow link too: half of that is for the way to the hub. */
const FAULTS_EVERY_MS = 1000;
/** Faults of one robot that the page lists. */
const MAX_FAULTS = 100;

/** What the hub knows of a robot, and what people may do with it. */
export function RobotPage({ robot: id }: ParametersOf<'fleet.robot'>) {
  const robot = useRoute('getFleetRobot', { path: { robot: id } }, { everyMs: EVERY_MS });
  return (
    <FleetPart heading={id} error={robot.error}>
      <div className="stack">
        <p>
          <Link to={addressOf('fleet', {})}>{texts.shell.fleet}</Link>
        </p>
        <Heading>{id}</Heading>
        <Loaded query={robot} height={420}>
          {(known) => <KnownRobot robot={known} />}
        </Loaded>
      </div>
    </FleetPart>
  );
}

function KnownRobot({ robot }: { readonly robot: FleetRobot }) {
  const [isChanging, change] = useState(false);
  const mayChange = usePermission('fleet.manage');
  const { id, state, presence, site, labels, note, problems } = robot;
  const canOpen = state === 'approved' && presence !== 'never';
  return (
    <>
      <div className="spread">
        <p className="row">
          <RobotState robot={robot} />
          {site && <span>{site}</span>}
          <PresenceFacts robot={robot} />
        </p>
        <span className="row">
          <Link to={addressOf('queue', {}, { robot: id })}>{texts.shell.queue}</Link>
          <RobotActions robot={robot} />
        </span>
      </div>
      {problems.length > 0 && (
        <Region title={t.robot.problems}>
          <ul className="stack">
            {problems.map(({ code, message, since }) => (
              <li key={code}>
                <strong className="mono severity-2">{code}</strong> {message} <Ago ms={timeMs(since)} />
              </li>
            ))}
          </ul>
        </Region>
      )}
      {canOpen && (
        <p className="row">
          <a className="button primary" href={robotAddress(id, '/')}>
            {t.open}
          </a>
          <span className="soft">{isRobotConnected(presence) ? t.openHelp : t.away}</span>
        </p>
      )}
      <ActiveFaults robot={robot} />
      <Region
        title={t.robot.facts}
        aside={
          mayChange && (
            <button type="button" className="button" onClick={() => change(true)}>
              {t.robot.edit}
            </button>
          )
        }
      >
        <dl className="fleet-facts">
          <Fact term={t.site}>{site ?? t.noSite}</Fact>
          <Fact term={t.robot.labels}>
            {Object.entries(labels).map(([name, value]) => (
              <span key={name} className="chip">
                {name}={value}
              </span>
            ))}
          </Fact>
          <Fact term={t.robot.note}>{note}</Fact>
          <Fact term={t.robot.software}>{robot.versions?.software}</Fact>
          <Fact term={t.robot.medkit}>{robot.versions?.medkit}</Fact>
          <Fact term={t.robot.machine}>{machineText(robot)}</Fact>
          <Fact term={t.robot.plugins}>{robot.inventory?.plugins.join(', ')}</Fact>
        </dl>
      </Region>
      <UplinkFacts robot={robot} />
      <PresenceRegion robot={id} />
      {isChanging && <ChangeRobotDialog robot={robot} onClose={() => change(false)} />}
    </>
  );
}

const machineText = ({ machine, inventory }: FleetRobot): string =>
  Object.entries(inventory?.machine ?? machine ?? {})
    .map(([name, value]) => `${name}: ${value}`)
    .join(', ');

function UplinkFacts({ robot }: { readonly robot: FleetRobot }) {
  const { fingerprint, key_added_at, rotation_requested_at, enrolled_at, approved_at, approved_by } = robot;
  const { address, log, as_of } = robot;
  const budget = useDataBudget(robot);
  const r = t.robot;
  return (
    <Region title={r.uplink}>
      <dl className="fleet-facts">
        <Fact term={r.fingerprint}>
          <code>{fingerprint}</code> <span className="soft">{r.fingerprintHelp}</span>
        </Fact>
        <Fact term={r.keySince}>
          {key_added_at && <Ago ms={timeMs(key_added_at)} />} {rotation_requested_at && r.rotationRequested}
        </Fact>
        <Fact term={r.enrolled}>
          <Time ms={timeMs(enrolled_at)} />
        </Fact>
        <Fact term={r.approved}>
          {approved_at && (
            <>
              <Time ms={timeMs(approved_at)} /> {approved_by && r.by(approved_by)}
            </>
          )}
        </Fact>
        <Fact term={r.address}>{address && <span className="mono">{address}</span>}</Fact>
        <Fact term={r.log}>
          {log && r.read(log.seq, log.newest == null ? undefined : Math.max(log.newest, log.seq))}{' '}
          {as_of && <Ago ms={timeMs(as_of)} />}
        </Fact>
        <Fact term={r.budget}>{budget && <DataBudget budget={budget} />}</Fact>
      </dl>
    </Region>
  );
}

/** The active faults of a robot as the hub knows them. */
function ActiveFaults({ robot: { id, as_of, presence } }: { readonly robot: FleetRobot }) {
  const faults = useRoute('listFleetFaults', { query: { robot: id, limit: MAX_FAULTS } }, { everyMs: FAULTS_EVERY_MS });
  const r = t.robot;
  return (
    <Region
      title={r.faults}
      aside={
        as_of && !isRobotConnected(presence) ? (
          <span className="soft">
            {t.asOf} <Ago ms={timeMs(as_of)} />
          </span>
        ) : undefined
      }
    >
      <Loaded query={faults} height={80}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="soft">{as_of ? r.noFaults : r.neverRead}</p>
          ) : (
            <ul className="stack">
              {items.map(({ fault, origin, evidence }) => (
                <li key={`${origin ?? ''} ${fault.fault_code}`} className="row">
                  <Severity severity={fault.severity} />
                  <a className="mono" href={robotAddress(id, pageOfFault(fault) ?? addressOf('faults', {}))}>
                    {fault.fault_code}
                  </a>
                  {origin && <span className="chip">{origin}</span>}
                  <span className="soft">{fault.description}</span>
                  <Time ms={timeMs(fault.first_occurred)} />
                  {evidence?.map(({ evidence: kind, id, size_bytes: size }) => (
                    <span key={`${kind} ${id}`} className="chip">
                      {r.evidence[kind]} {size != null && formatSize(size)}
                    </span>
                  ))}
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Region>
  );
}
