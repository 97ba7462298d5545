import type { FleetQueuedRequest } from '@medkit/contract';
import { stringifyJson } from '@medkit/core/json';
import { useState } from 'react';
import { useRefusal } from '../access/use-disabled-reason.ts';
import { Dialog } from '../controls/dialog.tsx';
import { Fact } from '../fleet/fact.tsx';
import { pageOfRobot } from '../fleet/robot-table.tsx';
import { gateway } from '../gateway/gateway.ts';
import { Confirm } from '../regions/confirm.tsx';
import { Link } from '../routes/link.tsx';
import { Time } from '../time/time.tsx';
import { timeMs } from '../time/times.ts';
import { requestText } from './queue-columns.tsx';
import { QueueState } from './queue-state.tsx';
import { t } from './texts.ts';
import { refetchQueue } from './use-queue.ts';

interface QueuedRequestDialogProps {
  readonly request: FleetQueuedRequest;
  readonly onClose: () => void;
}

/** The details of a queued request, with its cancellation. */
export function QueuedRequestDialog({ request, onClose }: QueuedRequestDialogProps) {
  const d = t.details;
  const [isCancelling, cancel] = useState(false);
  const refusal = useRefusal('incidents');
  const canCancel = request.ended_at == null && (request.state === 'waiting' || request.state === 'unknown');
  if (isCancelling) return <CancelDialog request={request} onCancelled={onClose} onClose={() => cancel(false)} />;
  return (
    <Dialog title={d.title(request.id)} onClose={onClose}>
      <RequestFacts request={request} />
      {canCancel && (
        <div className="row">
          <button type="button" className="button danger" disabled={refusal !== undefined} onClick={() => cancel(true)}>
            {d.cancel}
          </button>
          {refusal && <span className="soft">{refusal}</span>}
        </div>
      )}
    </Dialog>
  );
}

function RequestFacts({ request }: Pick<QueuedRequestDialogProps, 'request'>) {
  const d = t.details;
  const { robot, state, reason, body, note, created_by, reply } = request;
  const times = [
    [t.created, request.created_at],
    [d.notBefore, request.not_before],
    [d.sent, request.sent_at],
    [d.next, request.next_attempt],
    [d.expires, request.ended_at == null ? request.expires_at : undefined],
    [d.ended, request.ended_at],
  ] as const;
  return (
    <dl className="fleet-facts">
      <Fact term={d.robot}>
        <Link to={pageOfRobot({ robot })}>{robot}</Link>
      </Fact>
      <Fact term={t.state}>
        <QueueState state={state} />
      </Fact>
      {reason && <Fact term={d.reason}>{reason}</Fact>}
      <Fact term={t.request}>
        <code>{requestText(request)}</code>
      </Fact>
      {body !== undefined && (
        <Fact term={d.body}>
          <Json value={body} />
        </Fact>
      )}
      <Fact term={t.by}>{created_by}</Fact>
      {note && <Fact term={d.note}>{note}</Fact>}
      {times.map(
        ([term, at]) =>
          at && (
            <Fact key={term} term={term}>
              <Time ms={timeMs(at)} />
            </Fact>
          ),
      )}
      {reply && (
        <Fact term={d.reply}>
          {reply.status} {reply.body !== undefined && <Json value={reply.body} />}
        </Fact>
      )}
    </dl>
  );
}

const Json = ({ value }: { readonly value: unknown }) => <pre className="queue-content">{stringifyJson(value)}</pre>;

interface CancelDialogProps extends QueuedRequestDialogProps {
  readonly onCancelled: () => void;
}

function CancelDialog({ request: { robot, id, state, ...call }, onCancelled, onClose }: CancelDialogProps) {
  const d = t.details;
  return (
    <Confirm
      title={d.cancelTitle(id)}
      action={d.cancelNow}
      onConfirm={async () => {
        try {
          await gateway().call('cancelFleetQueuedRequest', { path: { robot, queued: id } });
        } finally {
          refetchQueue();
        }
        onCancelled();
      }}
      onClose={onClose}
    >
      <p>
        {robot}: <code>{requestText(call)}</code>
      </p>
      <p>{state === 'unknown' ? d.unknownEffect : d.cancelEffect}</p>
    </Confirm>
  );
}
