import { GatewayRefused } from '@medkit/client';
import type { WebhookDeliveryDetail } from '@medkit/contract';
import { stringifyJson } from '@medkit/core/json';
import { useMemo, useState } from 'react';
import { useRefusal } from '../access/use-disabled-reason.ts';
import { CopyButton } from '../controls/copy-button.tsx';
import { Dialog } from '../controls/dialog.tsx';
import { gateway, useRoute } from '../gateway/gateway.ts';
import { Confirm } from '../regions/confirm.tsx';
import { Failure } from '../regions/failure.tsx';
import { Loaded } from '../regions/loaded.tsx';
import { Link } from '../routes/link.tsx';
import { addressOf } from '../routes/pages.ts';
import { formatDuration, timeMs, wholeTime } from '../time/times.ts';
import { eventFields } from './event-fields.ts';
import { pageOfSource, sourceText, targetLabel } from './target-label.ts';
import { t } from './texts.ts';
import { refreshDeliveries } from './use-deliveries.ts';

interface DeliveryDialogProps {
  readonly id: string;
  readonly onClose: () => void;
}

/** One delivery: its state, attempts, last answer and event, with the actions on it. */
export function DeliveryDialog({ id, onClose }: DeliveryDialogProps) {
  const detail = useRoute('getWebhookDelivery', { path: { delivery_id: id } });
  const isGone = detail.error instanceof GatewayRefused && detail.error.status === 404;
  return (
    <Dialog title={t.delivery.title(id)} onClose={onClose} className="notify-dialog">
      {isGone ? (
        <p>{t.delivery.gone}</p>
      ) : (
        <Loaded query={detail} height={260}>
          {(delivery) => (
            <>
              <DeliveryFacts delivery={delivery} />
              <DeliveryEvent event={delivery.event} />
              <DeliveryActions delivery={delivery} onClose={onClose} />
            </>
          )}
        </Loaded>
      )}
    </Dialog>
  );
}

function DeliveryFacts({ delivery }: { readonly delivery: WebhookDeliveryDetail }) {
  const d = t.delivery;
  const { status, origin, source, type, message_id, time, attempts, waited_sec, last_error, died_at } = delivery;
  const page = pageOfSource(source);
  return (
    <dl>
      <dt>{d.status}</dt>
      <dd>
        <span className={`notify-state notify-${status}`}>{t.deliveries.statuses[status]}</span>
      </dd>
      <dt>{d.answer}</dt>
      <dd className={last_error ? 'severity-2' : 'soft'}>{last_error ?? d.noAnswer}</dd>
      <dt>{d.attempts}</dt>
      <dd className="number">
        {d.failedAttempts(attempts)} · {d.waited} {formatDuration(waited_sec * 1000)}
      </dd>
      <dt>{d.target}</dt>
      <dd className="mono">{targetLabel(origin)}</dd>
      <dt>{d.source}</dt>
      <dd>
        <span className="mono">{page ? <Link to={page}>{page}</Link> : sourceText(source)}</span>{' '}
        <Link className="notify-type" to={addressOf('notifications', {}, { source })}>
          {d.ofSource}
        </Link>
      </dd>
      <dt>{d.type}</dt>
      <dd className="mono">{type}</dd>
      <dt>{d.time}</dt>
      <dd className="number">{timeText(time)}</dd>
      {died_at && (
        <>
          <dt>{d.diedAt}</dt>
          <dd className="number">{timeText(died_at)}</dd>
        </>
      )}
      <dt>{d.messageId}</dt>
      <dd className="mono">{message_id}</dd>
    </dl>
  );
}

function timeText(time: string): string {
  const ms = timeMs(time);
  return ms === undefined ? time : wholeTime(ms);
}

function DeliveryEvent({ event }: { readonly event: unknown }) {
  const { fields, omitted } = useMemo(() => eventFields(event), [event]);
  return (
    <section className="stack notify-event" aria-label={t.delivery.event}>
      <h3>
        {t.delivery.event} <span className="soft notify-type">{t.delivery.eventHelp}</span>
      </h3>
      <dl className="notify-fields">
        {fields.map(({ at, name, text }) => (
          <div key={at} className="notify-pair">
            <dt className="mono">{name}</dt>
            <dd className="mono">{text}</dd>
          </div>
        ))}
      </dl>
      {omitted > 0 && <p className="soft">{t.delivery.omitted(omitted)}</p>}
    </section>
  );
}

function DeliveryActions({ delivery, onClose }: { readonly delivery: WebhookDeliveryDetail; onClose: () => void }) {
  const d = t.delivery;
  const { id, origin, status, event } = delivery;
  const refusal = useRefusal('webhooks');
  const [isRemoving, setRemoving] = useState(false);
  const [error, setError] = useState<Error>();
  const path = { delivery_id: id };
  const redeliver = async (): Promise<void> => {
    try {
      await gateway().call('redeliverWebhook', { path });
      refreshDeliveries();
      onClose();
    } catch (failure) {
      setError(failure as Error);
    }
  };
  const remove = async (): Promise<void> => {
    await gateway().call('deleteWebhookDelivery', { path });
    refreshDeliveries();
    onClose();
  };
  return (
    <>
      {error && <Failure error={error} />}
      <div className="row">
        {status === 'dead' && (
          <button
            type="button"
            className="button primary"
            disabled={refusal !== undefined}
            onClick={() => void redeliver()}
          >
            {d.redeliver}
          </button>
        )}
        <button
          type="button"
          className="button danger"
          disabled={refusal !== undefined}
          onClick={() => setRemoving(true)}
        >
          {d.remove}
        </button>
        <CopyButton text={() => stringifyJson(event)} label={d.copy} />
        {refusal && <span className="soft">{refusal}</span>}
      </div>
      {isRemoving && (
        <Confirm
          title={d.removeTitle(id, targetLabel(origin))}
          action={d.remove}
          onConfirm={remove}
          onClose={() => setRemoving(false)}
        >
          <p>{d.removeEffect}</p>
        </Confirm>
      )}
    </>
  );
}
