import type { EntityRef } from '@medkit/client';
import type { Trigger, WebhookTestResult } from '@medkit/contract';
import { type FormEvent, useState } from 'react';
import { useDisabledReason, useRefusal } from '../access/use-disabled-reason.ts';
import { Dialog } from '../controls/dialog.tsx';
import { useChange } from '../gateway/gateway.ts';
import { usePermission, usePrincipal } from '../gateway/principal.ts';
import { Confirm } from '../regions/confirm.tsx';
import { Failure } from '../regions/failure.tsx';
import { goTo } from '../routes/location.ts';
import { addressOf } from '../routes/pages.ts';
import { formatDuration } from '../time/times.ts';
import { LifetimeField } from './delivery-fields.tsx';
import { t } from './texts.ts';

interface TriggerActionsProps {
  readonly entity: EntityRef;
  readonly trigger: Trigger;
  /** The condition as text: `voltage enters 0 … 22 V`. */
  readonly what: string;
}

/** The actions on a trigger: test its webhook, change its lifetime, delete it. */
export function TriggerActions({ entity, trigger, what }: TriggerActionsProps) {
  const [opened, open] = useState<'lifetime' | 'delete'>();
  const reason = useOwnedReason(entity, trigger);
  const test = useChange('testTrigger', { touches: ['listWebhookTargets'] });
  const testRefusal = useRefusal('configurations.write');
  const change = useChange('deleteTrigger', { touches: ['listAllTriggers', 'listTriggers'] });
  const path = { trigger_id: trigger.id };
  const isActive = trigger.status === 'active';
  return (
    <div className="stack trigger-actions">
      <div className="row">
        {trigger.protocol === 'webhook' && (
          <button
            type="button"
            className="button"
            disabled={testRefusal !== undefined || test.isPending || !isActive}
            title={testRefusal}
            onClick={() => test.mutate({ entity, path })}
          >
            {test.isPending ? t.testing : t.test}
          </button>
        )}
        {isActive && (
          <button
            type="button"
            className="button"
            disabled={reason !== undefined}
            title={reason}
            onClick={() => open('lifetime')}
          >
            {t.extend}
          </button>
        )}
        <button
          type="button"
          className="button danger"
          disabled={reason !== undefined}
          title={reason}
          onClick={() => open('delete')}
        >
          {t.remove}
        </button>
      </div>
      {reason !== undefined && <p className="soft">{reason}</p>}
      {test.data && <TestResult result={test.data} />}
      {test.error && <Failure error={test.error} />}
      {opened === 'lifetime' && <LifetimeDialog entity={entity} trigger={trigger} onClose={() => open(undefined)} />}
      {opened === 'delete' && (
        <Confirm
          title={t.removeTitle(trigger.id, entity.id)}
          action={t.removeNow}
          onConfirm={async () => {
            await change.mutateAsync({ entity, path });
            goTo(addressOf('triggers', {}));
          }}
          onClose={() => open(undefined)}
        >
          <p>{t.removeEffect(what)}</p>
        </Confirm>
      )}
    </div>
  );
}

/** Returns why the user cannot change the trigger: connection, role, lock, or owner. */
function useOwnedReason(entity: EntityRef, trigger: Trigger): string | undefined {
  const reason = useDisabledReason(entity, 'triggers', 'subscriptions');
  const mayManage = usePermission('subscriptions.manage');
  const me = usePrincipal();
  const owner = trigger['x-medkit']?.owner;
  // A key may belong to the owner, so the gateway decides about keys.
  const isForeign = typeof owner === 'string' && me?.kind === 'user' && owner !== me.principal;
  return reason ?? (isForeign && !mayManage ? t.notYours(owner.replace(/^user:/, '')) : undefined);
}

function TestResult({ result }: { readonly result: WebhookTestResult }) {
  const { delivered, status, error, reply, duration_ms } = result;
  if (delivered) {
    return (
      <p role="status" className="trigger-delivered">
        {t.delivered(status ?? undefined, formatDuration(duration_ms))}
      </p>
    );
  }
  const reason = error ?? [status && `HTTP ${status}`, reply].filter(Boolean).join(': ');
  return (
    <p role="status" className="partial">
      {t.notDelivered(reason)}
    </p>
  );
}

interface LifetimeDialogProps {
  readonly entity: EntityRef;
  readonly trigger: Trigger;
  readonly onClose: () => void;
}

function LifetimeDialog({ entity, trigger, onClose }: LifetimeDialogProps) {
  const [lifetime, setLifetime] = useState('86400');
  const change = useChange('updateTrigger', { touches: ['getTrigger', 'listAllTriggers', 'listTriggers'] });
  const save = (event: FormEvent): void => {
    event.preventDefault();
    const request = { entity, path: { trigger_id: trigger.id }, body: { lifetime: Number(lifetime) } };
    change.mutate(request, { onSuccess: onClose });
  };
  return (
    <Dialog title={t.extendTitle(trigger.id)} onClose={onClose}>
      <form className="stack form" onSubmit={save}>
        <LifetimeField value={lifetime} isLimited onChange={setLifetime} />
        <p className="soft">{t.extendHelp}</p>
        {change.error && <Failure error={change.error} />}
        <div className="row">
          <button type="submit" className="button primary" disabled={change.isPending}>
            {t.extendNow}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
