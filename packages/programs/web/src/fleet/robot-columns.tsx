import type { FleetRobot } from '@medkit/contract';
import { isRobotConnected } from '@medkit/contract/robot-presence';
import type { Column } from '../tables/columns.ts';
import { Ago } from '../time/time.tsx';
import { timeMs } from '../time/times.ts';
import { worstSeverity } from './fleet-filter.ts';
import { RobotFaults, RobotState, stateWord } from './robot-state.tsx';
import { t } from './texts.ts';

/** Orders severities above what is unknown: a robot without known faults comes after one without faults. */
const severityOf = (robot: FleetRobot): number | undefined =>
  robot.faults === undefined || robot.faults === null ? undefined : -(worstSeverity(robot) ?? -1);

/** The columns of the robots. */
export const ROBOT_COLUMNS: readonly Column<FleetRobot>[] = [
  {
    id: 'name',
    title: t.name,
    sortBy: ({ id }) => id,
    cell: ({ id }) => <strong title={id}>{id}</strong>,
    under: (robot) => [stateWord(robot), robot.site].filter(Boolean).join(' · '),
  },
  {
    id: 'state',
    title: t.state,
    width: '11rem',
    isWideOnly: true,
    sortBy: stateWord,
    cell: (robot) => <RobotState robot={robot} />,
  },
  {
    id: 'site',
    title: t.site,
    width: '14%',
    isWideOnly: true,
    sortBy: ({ site }) => site,
    cell: ({ site }) => (site ? <span title={site}>{site}</span> : <span className="soft">{t.noSite}</span>),
  },
  {
    id: 'faults',
    title: t.faults,
    width: '14rem',
    sortBy: severityOf,
    cell: (robot) => <RobotFaults robot={robot} />,
  },
  {
    id: 'version',
    title: t.version,
    width: '18%',
    isWideOnly: true,
    sortBy: ({ versions }) => versions?.software ?? versions?.medkit,
    cell: ({ versions }) => {
      const text = versions?.software ?? (versions && `medkit ${versions.medkit}`);
      return text ? <span title={text}>{text}</span> : <span className="soft">–</span>;
    },
  },
  {
    id: 'seen',
    title: t.seen,
    width: '9rem',
    isWideOnly: true,
    // Pings arrive in any order: connected robots stay together.
    sortBy: ({ presence, last_seen }) => (isRobotConnected(presence) ? Infinity : timeMs(last_seen ?? undefined)),
    cell: ({ presence, last_seen }) => {
      if (presence === 'online') return <span className="soft">{t.now}</span>;
      return last_seen ? <Ago ms={timeMs(last_seen)} /> : <span className="soft">–</span>;
    },
  },
];
