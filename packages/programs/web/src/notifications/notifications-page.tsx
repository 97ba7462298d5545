import { useRoute } from '../gateway/gateway.ts';
import { Heading } from '../heading/heading.tsx';
import { Failure } from '../regions/failure.tsx';
import { Skeleton } from '../regions/loaded.tsx';
import type { ParametersOf } from '../routes/pages.ts';
import { SignInLink } from '../routes/sign-in-link.tsx';
import { texts } from '../texts/texts.ts';
import { DeliveriesRegion } from './deliveries-region.tsx';
import './notifications.css';
import { ReceiversRegion } from './receivers-region.tsx';
import { isDisabled, TargetsRegion } from './targets-region.tsx';
import { t } from './texts.ts';

const EVERY_MS = 5000;

/** Who receives messages about incidents and triggers, whether they arrive, and what to do with those that did not. */
export function NotificationsPage(_: ParametersOf<'notifications'>) {
  const { data: me, error, refetch } = useRoute('getMe', {});
  return (
    <div className="stack notifications">
      <Heading>{texts.shell.notifications}</Heading>
      {error ? (
        <Failure error={error} again={refetch} />
      ) : me === undefined ? (
        <Skeleton height={420} />
      ) : me.permissions.includes('webhooks') ? (
        <Notifications />
      ) : (
        <section className="card" aria-label={texts.shell.notifications}>
          <p>
            {t.notAllowed} {me.kind === 'anonymous' && <SignInLink />}
          </p>
        </section>
      )}
    </div>
  );
}

function Notifications() {
  const targets = useRoute('listWebhookTargets', {}, { everyMs: EVERY_MS });
  const items = targets.data?.items ?? NO_TARGETS;
  const receivers = useRoute('listNotifyReceivers', {});
  const isUnused = items.length === 0 && receivers.data?.items.length === 0;
  return (
    <>
      <div className={isUnused ? 'notify-unused' : 'stack'}>
        <ReceiversRegion targets={items} />
        <TargetsRegion query={targets} />
      </div>
      {!isUnused && !isDisabled(targets.error) && <DeliveriesRegion targets={items} />}
    </>
  );
}

const NO_TARGETS: readonly [] = [];
