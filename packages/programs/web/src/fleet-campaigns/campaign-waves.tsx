import type { FleetCampaignDetail, FleetCampaignRobot } from '@medkit/contract';
import { Region } from '../regions/region.tsx';
import { Link } from '../routes/link.tsx';
import { addressOf } from '../routes/pages.ts';
import { Ago } from '../time/time.tsx';
import { timeMs } from '../time/times.ts';
import { countedStates } from './campaign-progress.ts';
import { RobotProgress } from './campaign-state.tsx';
import { t } from './texts.ts';
import { useCampaignRobots } from './use-campaigns.ts';

type Wave = FleetCampaignDetail['waves'][number];

/** The waves as columns, each with a mark for every robot. */
export function CampaignWaves({ campaign: { id, waves } }: { readonly campaign: FleetCampaignDetail }) {
  const robots = useCampaignRobots(id, {}).data?.items ?? [];
  return (
    <Region title={t.waves.title}>
      <ol className="campaign-waves">
        {waves.map((wave) => (
          <li key={wave.wave} className="stack">
            <WaveColumn wave={wave} robots={robots.filter((each) => each.wave === wave.wave)} />
          </li>
        ))}
      </ol>
    </Region>
  );
}

interface WaveColumnProps {
  readonly wave: Wave;
  /** Those of its robots that are listed. */
  readonly robots: readonly FleetCampaignRobot[];
}

function WaveColumn({ wave, robots }: WaveColumnProps) {
  const { wave: number, opened_at: opened, approved_by: approvedBy, waits_for: waitsFor, states } = wave;
  const w = t.waves;
  const rest = wave.robots - robots.length;
  return (
    <>
      <h3>{w.name(number)}</h3>
      {opened ? (
        <p>
          {w.open} <Ago ms={timeMs(opened)} />
        </p>
      ) : (
        <p className="soft">{waitsFor ? `${w.notOpen}: ${waitsFor}` : w.notOpen}</p>
      )}
      {approvedBy && <p className="soft">{w.approved(approvedBy)}</p>}
      <p className="row">
        {wave.robots === 0 && <span className="soft">{w.none}</span>}
        {countedStates(states).map(([state, count]) => (
          <span key={state}>
            <RobotProgress state={state} /> <b className="number">{count}</b>
          </span>
        ))}
      </p>
      <ul className="fleet-dots" aria-label={w.robotsOf(number)}>
        {robots.map((robot) => (
          <li key={robot.robot}>
            <RobotDot robot={robot} />
          </li>
        ))}
      </ul>
      {robots.length > 0 && rest > 0 && <p className="soft">{w.more(rest)}</p>}
    </>
  );
}

/** A robot as colour and shape, with its name and state as text. */
function RobotDot({ robot: { robot, state } }: { readonly robot: FleetCampaignRobot }) {
  const text = `${robot}: ${t.robotStates[state]}`;
  return (
    <Link
      to={addressOf('fleet.robot', { robot })}
      className={`fleet-dot campaign-mark campaign-is-${state}`}
      title={text}
    >
      <span className="visually-hidden">{text}</span>
    </Link>
  );
}
