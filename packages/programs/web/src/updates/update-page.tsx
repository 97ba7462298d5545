import type { UpdateDetail, UpdateStatus } from '@medkit/contract';
import { useMemo } from 'react';
import { refetchRoutes, useRoute } from '../gateway/gateway.ts';
import { Heading } from '../heading/heading.tsx';
import { Failure } from '../regions/failure.tsx';
import { Skeleton } from '../regions/loaded.tsx';
import { Region } from '../regions/region.tsx';
import { Link } from '../routes/link.tsx';
import { addressOf, type ParametersOf } from '../routes/pages.ts';
import { texts } from '../texts/texts.ts';
import { installFacts } from './install-facts.ts';
import { registeredMembers } from './registered-members.ts';
import { StepsRegion } from './steps-region.tsx';
import { t } from './texts.ts';
import { UpdateActions } from './update-actions.tsx';
import { UpdateState } from './update-marks.tsx';
import { ProblemRegion } from './update-problem.tsx';
import { labelOf, problemOf } from './update-state.ts';
import { stepsOf } from './update-steps.ts';
import './updates.css';

const EVERY_MS = 2000;

/** One update: its state, the possible actions, its steps, the reason of a failure, and its registration. */
export function UpdatePage({ id }: ParametersOf<'update'>) {
  const path = { update_id: id };
  const detail = useRoute('getUpdate', { path });
  const status = useRoute('getUpdateStatus', { path }, { everyMs: EVERY_MS });
  const health = useRoute('getHealth', {}, { everyMs: EVERY_MS });
  const facts = useMemo(() => installFacts(health.data), [health.data]);
  const members = registeredMembers(detail.data);
  const label = status.data && labelOf(id, status.data, facts);
  const error = detail.error ?? status.error;
  return (
    <div className="stack update-page">
      <header className="stack update-head">
        <nav aria-label={texts.entities.partOf} className="row update-places">
          <Link to={addressOf('updates', {})}>{texts.shell.updates}</Link>
        </nav>
        <div className="spread">
          <div className="row">
            <Heading>{id}</Heading>
            {label && <UpdateState label={label} />}
          </div>
          {label && detail.data && (
            <UpdateActions
              id={id}
              label={label}
              members={members}
              facts={facts}
              confirmSec={status.data?.['x-medkit'].confirm_remaining_sec ?? undefined}
              onDone={() => refetchRoutes(['getUpdateStatus', 'listUpdates', 'getHealth'])}
            />
          )}
        </div>
      </header>
      {error && <Failure error={error} again={() => Promise.all([detail.refetch(), status.refetch()])} />}
      {!status.data && !error && <Skeleton height={320} />}
      {status.data && (
        <Update id={id} status={status.data} atMs={status.dataUpdatedAt} detail={detail.data} facts={facts} />
      )}
    </div>
  );
}

interface UpdateProps {
  readonly id: string;
  readonly status: UpdateStatus;
  /** Time when the status was loaded, by the clock of the browser. */
  readonly atMs: number;
  readonly detail: UpdateDetail | undefined;
  readonly facts: ReturnType<typeof installFacts>;
}

function Update({ id, status, atMs, detail, facts }: UpdateProps) {
  const members = registeredMembers(detail);
  const problem = problemOf(status);
  const label = labelOf(id, status, facts);
  const steps = stepsOf({ id, status, facts, hasDigest: members.sha256 !== '' });
  return (
    <div className="update-halves">
      <div className="stack">
        {problem && <ProblemRegion label={label} problem={problem} />}
        <StepsRegion steps={steps} gateSec={facts.gateSec} atMs={atMs} isQueued={label === 'queued'} />
      </div>
      {detail && <About id={id} detail={detail} />}
    </div>
  );
}

/** The update as it was registered. */
function About({ id, detail }: { readonly id: string; readonly detail: UpdateDetail }) {
  const { name, version, isAutomated, components, affected, origins, artifact, sha256 } = registeredMembers(detail);
  const rows: readonly (readonly [string, string])[] = [
    [t.id, id],
    [t.name, name],
    [t.version, version],
    [t.components, components.join(', ') || t.wholeRobot],
    [t.affected, affected.join(', ')],
    [t.origins, origins.join(', ')],
    [t.folder, artifact],
    [t.automatedShort, isAutomated ? t.yes : t.no],
    [t.sha256, sha256],
  ];
  return (
    <Region title={t.about}>
      <dl className="update-about">
        {rows
          .filter(([, value]) => value !== '')
          .map(([title, value]) => (
            <div key={title}>
              <dt>{title}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
    </Region>
  );
}
