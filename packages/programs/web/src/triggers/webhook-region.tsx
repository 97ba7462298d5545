import type { Trigger, WebhookDelivery } from '@medkit/contract';
import { useRoute } from '../gateway/gateway.ts';
import { usePermission } from '../gateway/principal.ts';
import { Loaded } from '../regions/loaded.tsx';
import { Region } from '../regions/region.tsx';
import { Time } from '../time/time.tsx';
import { timeMs } from '../time/times.ts';
import { t } from './texts.ts';

const EVERY_MS = 3000;
/** `source` of a delivery is the address of the trigger, without that of its events. */
const EVENTS_SUFFIX = /\/events$/;

/** Deliveries of the webhook of a trigger. Shown to users who may see webhooks. */
export function WebhookRegion({ trigger }: { readonly trigger: Trigger }) {
  const mayRead = usePermission('webhooks');
  const enabled = { enabled: mayRead, everyMs: EVERY_MS };
  const origin = trigger['x-medkit']?.webhook?.origin;
  const targets = useRoute('listWebhookTargets', {}, enabled);
  const source = trigger.event_source.replace(EVENTS_SUFFIX, '');
  const deliveries = useRoute('listWebhookDeliveries', { query: { source } }, enabled);
  if (!mayRead) return null;
  const waiting = deliveries.data?.items ?? [];
  return (
    <Region title={t.deliveries}>
      <Loaded query={targets} height={90}>
        {({ items }) => {
          const ofOrigin = items.filter((target) => target.origin === origin);
          if (ofOrigin.length === 0) return <p className="soft">{t.noDeliveries}</p>;
          return (
            <>
              <ul className="stack" aria-label={t.deliveries}>
                {ofOrigin.map((target) => (
                  <li key={target.id} className="stack trigger-receiver">
                    <p className="row">
                      <strong>{target.origin}</strong>
                      <span className="soft">{t.receiverStates[target.state]}</span>
                    </p>
                    <dl className="trigger-counts">
                      <Count name={t.deliveredTotal} value={target.delivered_total} />
                      <Count name={t.queued} value={target.queued} />
                      <Count name={t.failedTotal} value={target.failed_total} />
                      <Count name={t.dead} value={target.dead} />
                    </dl>
                    {target.last_error && <p className="soft">{target.last_error}</p>}
                  </li>
                ))}
              </ul>
              <p className="soft">{t.sinceStart}</p>
            </>
          );
        }}
      </Loaded>
      {waiting.length > 0 && <Waiting deliveries={waiting} />}
    </Region>
  );
}

function Count({ name, value }: { readonly name: string; readonly value: number }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className="number">{value}</dd>
    </div>
  );
}

function Waiting({ deliveries }: { readonly deliveries: readonly WebhookDelivery[] }) {
  return (
    <>
      <h3>{t.waiting}</h3>
      <ul className="stack">
        {deliveries.map(({ id, time, status, attempts, last_error }) => (
          <li key={id} className="row">
            <Time ms={timeMs(time)} />
            <span className={status === 'dead' ? 'severity-2' : undefined}>{t.deliveryStatus[status]}</span>
            <span className="soft">{t.attempts(attempts)}</span>
            {last_error && <span className="soft">{last_error}</span>}
          </li>
        ))}
      </ul>
    </>
  );
}
