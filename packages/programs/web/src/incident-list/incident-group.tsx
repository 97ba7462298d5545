import type { Incident } from '@medkit/contract';
import { useState } from 'react';
import { Severity } from '../controls/severity.tsx';
import { gateway, refetchRoutes } from '../gateway/gateway.ts';
import { usePermission } from '../gateway/principal.ts';
import { IncidentCard } from '../incidents/incident-card.tsx';
import { useIsLost } from '../live/live-stream.ts';
import { Confirm } from '../regions/confirm.tsx';
import { Failure } from '../regions/failure.tsx';
import { texts } from '../texts/texts.ts';
import { Ago } from '../time/time.tsx';
import { timeMs } from '../time/times.ts';
import { beginningsIn, type CauseGroup } from './cause-groups.ts';
import { t } from './texts.ts';
import './incident-group.css';

interface IncidentGroupProps {
  readonly group: CauseGroup;
  /** The time span of the sparkline. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** Incidents with one cause: how often and when they began, and who works on them. Opens to the incidents. */
export function IncidentGroup({ group: { incidents }, fromMs, toMs }: IncidentGroupProps) {
  const [isOpen, setOpen] = useState(false);
  const [newest] = incidents as readonly [Incident, ...Incident[]];
  const open = incidents.filter(({ state }) => state === 'open').length;
  const assignees = [...new Set(incidents.flatMap(({ acknowledged_by }) => acknowledged_by ?? []))];
  return (
    <details className="incident-group" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <Severity severity={Math.max(...incidents.map(({ severity }) => severity))} short />
        <span className="incident-group-title">
          <b>{newest.title}</b>
          <span className="soft">
            {newest.entity_id} · <span className="mono">{newest.root}</span>
          </span>
        </span>
        <Sparkline counts={beginningsIn(incidents, fromMs, toMs)} />
        <span className="incident-group-facts">
          <b>{t.incidents(incidents.length)}</b>
          <span className={open > 0 ? 'severity-2' : 'soft'}>{open > 0 ? texts.home.stillOpen(open) : t.noneOpen}</span>
          <Ago ms={timeMs(newest.began)} />
          {assignees.length > 0 && <span className="soft">{texts.incidents.takenBy(assignees.join(', '))}</span>}
        </span>
      </summary>
      {isOpen && (
        <div className="stack">
          <GroupActions incidents={incidents} />
          <ul className="stack">
            {incidents.map((incident) => (
              <li key={incident.id}>
                <IncidentCard incident={incident} />
              </li>
            ))}
          </ul>
        </div>
      )}
    </details>
  );
}

const TOUCHED = ['listIncidents', 'getIncident', 'getIncidentTimeline'] as const;

/** Changes all incidents of a group; each action requires the permission `incidents`. */
function GroupActions({ incidents }: { readonly incidents: readonly Incident[] }) {
  const [action, setAction] = useState<'close' | 'merge'>();
  const [error, setError] = useState<Error>();
  const mayChange = usePermission('incidents');
  const isLost = useIsLost();
  if (!mayChange) return null;
  const unassigned = incidents.filter(({ state, acknowledged_by }) => state === 'open' && !acknowledged_by);
  const closable = incidents.filter(({ state }) => state !== 'closed');
  const changeAll = async (some: readonly Incident[], body: { acknowledged: true } | { state: 'closed' }) => {
    try {
      // One after the other: if one fails, the later ones are unchanged, and the message names the failed one.
      for (const { id } of some) await gateway().call('changeIncident', { path: { incident_id: id }, body });
    } finally {
      refetchRoutes(TOUCHED);
    }
  };
  const merge = async () => {
    const [target, ...others] = incidents.toReversed().map(({ id }) => id);
    await gateway().call('mergeIncidents', { path: { incident_id: target! }, body: { incidents: others } });
    refetchRoutes(TOUCHED);
  };
  return (
    <div className="row screen-only">
      {error && <Failure error={error} />}
      {unassigned.length > 0 && (
        <button
          type="button"
          className="button"
          disabled={isLost}
          onClick={() => {
            setError(undefined);
            changeAll(unassigned, { acknowledged: true }).catch(setError);
          }}
        >
          {t.acknowledge(unassigned.length)}
        </button>
      )}
      {closable.length > 0 && (
        <button type="button" className="button" disabled={isLost} onClick={() => setAction('close')}>
          {t.close(closable.length)}
        </button>
      )}
      <button type="button" className="button" disabled={isLost} onClick={() => setAction('merge')}>
        {t.merge(incidents.length)}
      </button>
      {action === 'close' && (
        <Confirm
          title={t.close(closable.length)}
          action={texts.incidents.close}
          onClose={() => setAction(undefined)}
          onConfirm={() => changeAll(closable, { state: 'closed' })}
        >
          <p>{t.closeEffect}</p>
        </Confirm>
      )}
      {action === 'merge' && (
        <Confirm
          title={t.merge(incidents.length)}
          action={t.mergeAction}
          onClose={() => setAction(undefined)}
          onConfirm={merge}
        >
          <p>{t.mergeEffect(incidents.at(-1)!.id)}</p>
        </Confirm>
      )}
    </div>
  );
}

const SLOT = { width: 5, height: 24 } as const;

/** When the incidents began, as bars. The numbers beside it say the same. */
function Sparkline({ counts }: { readonly counts: readonly number[] }) {
  const most = Math.max(1, ...counts);
  return (
    <svg
      className="incident-sparkline"
      width={counts.length * SLOT.width}
      height={SLOT.height}
      viewBox={`0 0 ${counts.length * SLOT.width} ${SLOT.height}`}
      aria-hidden="true"
    >
      {counts.map((count, at) => {
        const height = count === 0 ? 1 : Math.max(3, (count / most) * SLOT.height);
        return (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: a bar is its place on the time axis.
            key={at}
            className={count === 0 ? 'incident-spark-none' : undefined}
            x={at * SLOT.width}
            y={SLOT.height - height}
            width={SLOT.width - 1}
            height={height}
          />
        );
      })}
    </svg>
  );
}
