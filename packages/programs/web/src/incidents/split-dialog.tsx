import type { IncidentDetail, IncidentFault } from '@medkit/contract';
import { useState } from 'react';
import { gateway, refetchRoutes } from '../gateway/gateway.ts';
import { Confirm } from '../regions/confirm.tsx';
import { goTo } from '../routes/location.ts';
import { addressOf } from '../routes/pages.ts';
import { t } from './texts.ts';

interface SplitDialogProps {
  readonly incident: IncidentDetail;
  readonly onClose: () => void;
}

const keyOf = ({ origin, fault_code }: IncidentFault): string => `${origin ?? ''} ${fault_code}`;

/** Moves faults with another cause into a new incident, and opens it. At least one fault stays. */
export function SplitDialog({ incident: { id, faults }, onClose }: SplitDialogProps) {
  const [chosen, choose] = useState<ReadonlySet<string>>(new Set());
  const split = async () => {
    const moved = faults.filter((fault) => chosen.has(keyOf(fault)));
    const body = { faults: moved.map(({ fault_code, origin }) => ({ fault_code, ...(origin && { origin }) })) };
    const made = await gateway().call('splitIncident', { path: { incident_id: id }, body });
    refetchRoutes(['getIncident', 'listIncidents', 'getIncidentTimeline']);
    goTo(addressOf('incident', { id: made.id }));
  };
  const toggle = (key: string, isChosen: boolean): void => {
    const next = new Set(chosen);
    if (isChosen) next.add(key);
    else next.delete(key);
    choose(next);
  };
  const isPossible = chosen.size > 0 && chosen.size < faults.length;
  return (
    <Confirm
      title={t.split}
      action={t.splitAction(chosen.size)}
      isReady={isPossible}
      onConfirm={split}
      onClose={onClose}
    >
      <p>{t.splitEffect}</p>
      <ul>
        {faults.map((fault) => (
          <li key={keyOf(fault)}>
            <label className="row">
              <input
                type="checkbox"
                checked={chosen.has(keyOf(fault))}
                onChange={(event) => toggle(keyOf(fault), event.target.checked)}
              />
              <span className="mono">{fault.fault_code}</span>
              <span className="soft">{fault.entity_id}</span>
            </label>
          </li>
        ))}
      </ul>
      {chosen.size === faults.length && <p role="status">{t.splitAll}</p>}
    </Confirm>
  );
}
