import type { IncidentChange, IncidentDetail } from '@medkit/contract';
import { useState } from 'react';
import { gateway, refetchRoutes, useChange } from '../gateway/gateway.ts';
import { usePermission } from '../gateway/principal.ts';
import { useIsLost } from '../live/live-stream.ts';
import { Confirm } from '../regions/confirm.tsx';
import { Failure } from '../regions/failure.tsx';
import { texts } from '../texts/texts.ts';

const TOUCHED = ['getIncident', 'listIncidents', 'getIncidentTimeline'] as const;

/**
 * Acknowledges, releases or closes an incident, and shows who acknowledged it. The buttons require the permission
 * `incidents`.
 */
export function Acknowledge({ incident }: { readonly incident: IncidentDetail }) {
  const { id, state, acknowledged_by } = incident;
  const change = useChange('changeIncident', { touches: TOUCHED });
  const [isClosing, setClosing] = useState(false);
  const mayChange = usePermission('incidents');
  const isLost = useIsLost();
  const notice = acknowledged_by ? <span className="soft">{texts.incidents.takenBy(acknowledged_by)}</span> : null;
  if (!mayChange) return notice;
  const ask = (body: IncidentChange) => change.mutate({ path: { incident_id: id }, body });
  const isIdle = !isLost && !change.isPending;
  return (
    <>
      {notice}
      {change.error && <Failure error={change.error} />}
      <button
        type="button"
        className={acknowledged_by ? 'button' : 'button primary'}
        disabled={!isIdle}
        onClick={() => ask({ acknowledged: !acknowledged_by })}
      >
        {acknowledged_by ? texts.incidents.release : texts.incidents.acknowledge}
      </button>
      <button
        type="button"
        className="button"
        disabled={!isIdle}
        onClick={() => (state === 'closed' ? ask({ state: 'open' }) : setClosing(true))}
      >
        {state === 'closed' ? texts.incidents.reopen : texts.incidents.close}
      </button>
      {isClosing && (
        <Confirm
          title={texts.incidents.closeTitle(id)}
          action={texts.incidents.close}
          onClose={() => setClosing(false)}
          onConfirm={async () => {
            await gateway().call('changeIncident', { path: { incident_id: id }, body: { state: 'closed' } });
            refetchRoutes(TOUCHED);
          }}
        >
          <p>{state === 'open' ? texts.incidents.closeOpen : texts.incidents.closeHealed}</p>
        </Confirm>
      )}
    </>
  );
}
