import type { FleetEvidence } from '@medkit/contract';
import { useState } from 'react';
import { useRefusal } from '../access/use-disabled-reason.ts';
import { Dialog } from '../controls/dialog.tsx';
import { DownloadLink } from '../controls/download-link.tsx';
import { Fact } from '../fleet/fact.tsx';
import { gateway, refetchRoutes } from '../gateway/gateway.ts';
import { usePermission } from '../gateway/principal.ts';
import { Failure } from '../regions/failure.tsx';
import { evidenceFileAddress } from '../routes/file-address.ts';
import { Link } from '../routes/link.tsx';
import { addressOf } from '../routes/pages.ts';
import { texts } from '../texts/texts.ts';
import { Time } from '../time/time.tsx';
import { timeMs } from '../time/times.ts';
import { EvidenceState, sizeText } from './evidence-state.tsx';
import { t } from './texts.ts';

interface EvidenceDialogProps {
  readonly evidence: FleetEvidence;
  readonly onClose: () => void;
}

/** The details of evidence: download, fetch and pin. */
export function EvidenceDialog({ evidence, onClose }: EvidenceDialogProps) {
  const d = t.details;
  const { fault_code: code, robot, descriptor, version, entity, site, reason } = evidence;
  return (
    <Dialog title={d.title(t.kinds[descriptor.evidence], code)} onClose={onClose}>
      <dl className="fleet-facts">
        <Fact term={t.robot}>
          <Link to={addressOf('fleet.robot', { robot })}>{robot}</Link>
        </Fact>
        <Fact term={t.state}>
          <EvidenceState evidence={evidence} />
        </Fact>
        {reason && <Fact term={d.reason}>{reason}</Fact>}
        <Fact term={d.entity}>{entity}</Fact>
        <Fact term={d.site}>{site}</Fact>
        <Fact term={d.version}>{version}</Fact>
        <Fact term={t.size}>{sizeText(evidence)}</Fact>
        {descriptor.duration_sec != null && <Fact term={d.duration}>{d.seconds(descriptor.duration_sec)}</Fact>}
        {descriptor.lines != null && <Fact term={d.lines}>{descriptor.lines}</Fact>}
        {descriptor.frames != null && <Fact term={d.frames}>{descriptor.frames}</Fact>}
        <Fact term={t.reported}>
          <Time ms={timeMs(evidence.reported_at)} />
        </Fact>
        {evidence.state !== 'offered' && <Fact term={d.requestedBy}>{evidence.requested_by ?? d.byRule}</Fact>}
        <StoredFacts evidence={evidence} />
      </dl>
      <EvidenceActions evidence={evidence} />
    </Dialog>
  );
}

function StoredFacts({ evidence }: { readonly evidence: FleetEvidence }) {
  const d = t.details;
  const { stored_at: storedAt, expires_at: expiresAt, pinned, name } = evidence;
  if (!storedAt) return null;
  return (
    <>
      <Fact term={d.stored}>
        <Time ms={timeMs(storedAt)} />
      </Fact>
      <Fact term={d.expires}>{pinned ? d.expiresNever : <Time ms={timeMs(expiresAt)} />}</Fact>
      <Fact term={d.file}>{name}</Fact>
    </>
  );
}

const FETCHABLE: readonly FleetEvidence['state'][] = ['offered', 'queued', 'failed', 'lost'];

function EvidenceActions({ evidence }: { readonly evidence: FleetEvidence }) {
  const d = t.details;
  const { id, state, pinned, name, requested_by: requestedBy } = evidence;
  const [error, setError] = useState<Error>();
  const [done, setDone] = useState('');
  const [isAtWork, setAtWork] = useState(false);
  const mayRead = usePermission('files.read');
  const [fetchRefusal, pinRefusal] = [useRefusal('files.write'), useRefusal('fleet.manage')];
  const isStored = state === 'kept';
  // A request of a person comes before those of rules, also for what already waits.
  const canFetch = FETCHABLE.includes(state) && !(state === 'queued' && requestedBy);
  const refusals = [
    isStored && !mayRead && texts.entities.notAllowed,
    canFetch && fetchRefusal,
    isStored && pinRefusal,
  ];
  const run = async (text: string, work: () => Promise<unknown>): Promise<void> => {
    setAtWork(true);
    setError(undefined);
    setDone('');
    try {
      await work();
      setDone(text);
      refetchRoutes(['listFleetEvidence']);
    } catch (failure) {
      setError(failure as Error);
    }
    setAtWork(false);
  };
  const fetchNow = () => run(d.fetched, () => gateway().call('fetchFleetEvidence', { path: { evidence: id } }));
  const pin = () =>
    run(pinned ? d.unpinDone : d.pinDone, () =>
      gateway().call('pinFleetEvidence', { path: { evidence: id }, body: { pinned: !pinned } }),
    );
  return (
    <>
      <div role="status">{done}</div>
      {error && <Failure error={error} />}
      <div className="row">
        {isStored && mayRead && (
          <DownloadLink href={evidenceFileAddress(id)} name={name ?? `evidence-${id}`}>
            {d.download}
          </DownloadLink>
        )}
        {isStored && !mayRead && (
          <button type="button" className="button" disabled>
            {d.download}
          </button>
        )}
        {canFetch && (
          <button
            type="button"
            className="button primary"
            disabled={isAtWork || fetchRefusal !== undefined}
            onClick={() => void fetchNow()}
          >
            {d.fetch}
          </button>
        )}
        {isStored && (
          <button
            type="button"
            className="button"
            disabled={isAtWork || pinRefusal !== undefined}
            onClick={() => void pin()}
          >
            {pinned ? d.unpin : d.pin}
          </button>
        )}
        <span className="soft">{[...new Set(refusals.filter(Boolean))].join(' ')}</span>
      </div>
    </>
  );
}
