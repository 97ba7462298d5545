import type { IncidentDetail } from '@medkit/contract';
import { CircleCheck, CircleHelp, OctagonX } from 'lucide-react';
import { linkToView } from '../charts/chart-link.ts';
import { CopyButton } from '../controls/copy-button.tsx';
import { DownloadLink } from '../controls/download-link.tsx';
import { Severity } from '../controls/severity.tsx';
import { gatewayNowMs } from '../gateway/gateway-clock.ts';
import { Heading } from '../heading/heading.tsx';
import { useStreamState } from '../live/live-stream.ts';
import { entityOf } from '../routes/entity-of.ts';
import { exportAddress } from '../routes/file-address.ts';
import { Link } from '../routes/link.tsx';
import { addressOf } from '../routes/pages.ts';
import { texts } from '../texts/texts.ts';
import { Time, useTick } from '../time/time.tsx';
import { formatDuration, REAL_MS, timeMs } from '../time/times.ts';
import { Acknowledge } from './acknowledge.tsx';

interface IncidentHeadProps {
  readonly incident: IncidentDetail;
  /** True if every contributor has answered. */
  readonly isWhole: boolean;
}

/** Title, state and actions of an incident; stays visible while the page scrolls. */
export function IncidentHead({ incident, isWhole }: IncidentHeadProps) {
  const { id, title, severity, robot, began } = incident;
  const lockable = entityOf(incident);
  return (
    <header className="incident-head">
      <div className="incident-title">
        <Severity severity={severity} />
        <Heading>{title}</Heading>
        <StateChip incident={incident} />
        <Motion incident={incident} isWhole={isWhole} />
      </div>
      <div className="incident-facts">
        <span>
          {texts.incidents.began} <Time ms={timeMs(began)} digits={3} />
        </span>
        <span>
          {texts.incidents.robot} <b>{robot}</b>
        </span>
        <span>{texts.count.faults(incident.fault_count)}</span>
        <span className="soft mono">{id}</span>
        <span className="incident-actions screen-only">
          <Acknowledge incident={incident} />
          {lockable && (
            <Link className="button" to={addressOf('entity.locks', lockable)}>
              {texts.incidents.lock}
            </Link>
          )}
          <CopyButton text={linkToView} label={texts.incidents.share} />
          <DownloadLink href={exportAddress(id)} name={`${fileName(id)}.zip`}>
            {texts.incidents.export}
          </DownloadLink>
        </span>
      </div>
    </header>
  );
}

const fileName = (id: string): string => id.replaceAll(/[^\w@.-]/g, '_');

/** `open 12 s`, `healed at 02:14:58`, `closed by jan`. */
export function StateChip({
  incident,
}: {
  readonly incident: Pick<IncidentDetail, 'state' | 'began' | 'healed_at' | 'closed_by'>;
}) {
  useTick(1000);
  const { state, began, healed_at, closed_by } = incident;
  const [beganMs, healedMs] = [timeMs(began) ?? gatewayNowMs(), timeMs(healed_at)];
  return (
    <span className={`chip incident-state incident-${state}`}>
      {state === 'open' &&
        texts.incidents.open(beganMs < REAL_MS ? '' : formatDuration(Math.max(0, gatewayNowMs() - beganMs)))}
      {state === 'closed' && texts.incidents.closedBy(closed_by ?? '?')}
      {state === 'healed' && (
        <>
          {texts.incidents.healedAt} <Time ms={healedMs} digits={3} />
          {healedMs !== undefined && ` (${texts.incidents.after(formatDuration(healedMs - beganMs))})`}
        </>
      )}
    </span>
  );
}

const MOTION_ICONS = {
  blocked: OctagonX,
  'no blocking fault known': CircleCheck,
  'not configured': CircleHelp,
  unknown: CircleHelp,
} as const;

/**
 * Shows the motion state of the gateway, but replaces "no blocking fault known" with "unknown" while a contributor or
 * the live stream does not answer.
 */
function Motion({ incident, isWhole }: IncidentHeadProps) {
  const stream = useStreamState();
  const isConnected = stream.is === 'live' || stream.is === 'connecting';
  const motion =
    incident.motion === 'no blocking fault known' && !(isWhole && isConnected) ? 'unknown' : incident.motion;
  const Icon = MOTION_ICONS[motion];
  return (
    <span className={`chip incident-motion incident-motion-${motion === 'blocked' ? 'blocked' : 'other'}`}>
      <Icon size={16} aria-hidden="true" />
      {texts.incidents.motion[motion]}
    </span>
  );
}
