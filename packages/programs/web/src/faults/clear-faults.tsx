import { queueableRequest } from '@medkit/client';
import type { FaultListItem } from '@medkit/contract';
import { useState } from 'react';
import { DownloadLink } from '../controls/download-link.tsx';
import { gateway, refetchRoutes } from '../gateway/gateway.ts';
import { usePermission } from '../gateway/principal.ts';
import { QueueOffer } from '../queue-offer/queue-offer.tsx';
import { useAbsentRobot } from '../queue-offer/use-absent-robot.ts';
import { Confirm } from '../regions/confirm.tsx';
import { entityOf } from '../routes/entity-of.ts';
import { exportAddress } from '../routes/file-address.ts';
import { refreshAllFaults } from './fault-list.ts';
import type { IncidentOf } from './incidents-of-faults.ts';
import { faultTexts } from './texts.ts';

type Cleared = Pick<FaultListItem, 'fault_code' | 'entity_id' | 'entity_type'>;

/** Maximum faults listed by name. */
const MAX_NAMED = 12;
const TOUCHED = ['listAllFaults', 'listFaults', 'getFault', 'getFaultHistory', 'listIncidents', 'getIncident'] as const;

interface ClearFaultsProps {
  readonly faults: readonly Cleared[];
  readonly incidentOf: IncidentOf;
  readonly onClose: () => void;
  /** Called after all faults were cleared, or queued to be cleared. */
  readonly onCleared?: () => void;
}

/**
 * Confirmation dialog for clearing faults: lists them and offers to export their incidents first. If the robot is away,
 * offers to clear them when it is back.
 */
export function ClearFaults({ faults, incidentOf, onClose, onCleared }: ClearFaultsProps) {
  const t = faultTexts;
  const mayExport = usePermission('files.read');
  const absent = useAbsentRobot('clearFault');
  // If the robot returns while the dialog is open, the dialog stays.
  const [robot] = useState(absent);
  const requests = faults.flatMap((fault) => {
    const entity = entityOf(fault);
    return entity ? [{ entity, path: { fault_code: fault.fault_code } }] : [];
  });
  const incidents = [...new Set(faults.flatMap((fault) => incidentOf(fault) ?? []))];
  const clear = async () => {
    try {
      for (const request of requests) await gateway().call('clearFault', request);
    } finally {
      refetchRoutes(TOUCHED);
      void refreshAllFaults();
    }
    onCleared?.();
  };
  const [first] = faults;
  const title =
    faults.length === 1 && first ? t.clearOne(first.fault_code, first.entity_id ?? '') : t.clearSeveral(faults.length);
  if (robot) {
    return (
      <QueueOffer
        {...{ title, robot, onClose }}
        requests={requests.map((request) => queueableRequest('clearFault', request))}
        onQueued={onCleared}
      >
        <NamedFaults faults={faults} />
      </QueueOffer>
    );
  }
  return (
    <Confirm title={title} action={t.clearNow} onConfirm={clear} onClose={onClose}>
      <NamedFaults faults={faults} />
      <p>{t.clearEffect}</p>
      {mayExport && incidents.length > 0 && (
        <div className="stack">
          <p className="soft">{t.exportFirst}</p>
          <div className="row">
            {incidents.slice(0, MAX_NAMED).map((id) => (
              <DownloadLink key={id} href={exportAddress(id)} name={`incident-${id.replaceAll(/[^\w@.-]/g, '_')}.zip`}>
                {t.exportOf(id)}
              </DownloadLink>
            ))}
          </div>
        </div>
      )}
    </Confirm>
  );
}

/** Names several faults. */
function NamedFaults({ faults }: Pick<ClearFaultsProps, 'faults'>) {
  if (faults.length === 1) return null;
  return (
    <ul className="fault-named">
      {faults.slice(0, MAX_NAMED).map(({ fault_code, entity_id }) => (
        <li key={`${entity_id}/${fault_code}`}>
          <span className="mono">{fault_code}</span> <span className="soft">{entity_id}</span>
        </li>
      ))}
      {faults.length > MAX_NAMED && <li className="soft">{faultTexts.andMore(faults.length - MAX_NAMED)}</li>}
    </ul>
  );
}
