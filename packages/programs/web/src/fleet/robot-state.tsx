import type { FleetRobot } from '@medkit/contract';
import { isRobotConnected } from '@medkit/contract/robot-presence';
import { Severity } from '../controls/severity.tsx';
import { Ago } from '../time/time.tsx';
import { timeMs } from '../time/times.ts';
import { worstSeverity } from './fleet-filter.ts';
import { t } from './texts.ts';

/** Returns the word for the state of a robot: its presence once it is approved. */
export function stateWord({ state, presence }: Pick<FleetRobot, 'presence' | 'state'>): string {
  return state === 'approved' ? t.presences[presence] : t.states[state];
}

/** The state of a robot as shape, colour and word. */
export function RobotState({ robot }: { readonly robot: FleetRobot }) {
  const { state, presence, park, problems } = robot;
  return (
    <span className={`fleet-state fleet-is-${state === 'approved' ? presence : state}`}>
      {stateWord(robot)}
      {park?.active && presence !== 'expected_offline' && <span className="chip fleet-problems">{t.park.parked}</span>}
      {problems.length > 0 && <span className="chip fleet-problems">{problems.length}</span>}
    </span>
  );
}

const COUNTED = ['info', 'warning', 'error', 'critical'] as const;

/** The numbers of active faults, the most severe first; the age of what is known of a robot that is away. */
export function RobotFaults({ robot }: { readonly robot: FleetRobot }) {
  const { faults, presence, as_of } = robot;
  if (!faults) return <span className="soft">{t.unknown}</span>;
  return (
    <span className="row fleet-faults">
      {worstSeverity(robot) === undefined && <span className="soft">{t.noFaults}</span>}
      {([3, 2, 1, 0] as const).map(
        (severity) =>
          faults[COUNTED[severity]] > 0 && (
            <span key={severity} className="row fleet-fault">
              <Severity severity={severity} short />
              <span className="number">{faults[COUNTED[severity]]}</span>
            </span>
          ),
      )}
      {!isRobotConnected(presence) && as_of && (
        <span className="soft">
          {t.asOf} <Ago ms={timeMs(as_of)} />
        </span>
      )}
    </span>
  );
}
