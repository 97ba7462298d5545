import type { EntityRef, GatewayRefused } from '@medkit/client';
import { useCallback, useState } from 'react';
import { BeforeActing } from '../access/before-acting.tsx';
import { useRefusal } from '../access/use-disabled-reason.ts';
import { SchemaForm } from '../forms/schema-form.tsx';
import { gateway } from '../gateway/gateway.ts';
import { gatewayNowMs } from '../gateway/gateway-clock.ts';
import { Confirm } from '../regions/confirm.tsx';
import { Region } from '../regions/region.tsx';
import { texts } from '../texts/texts.ts';
import { clockTime } from '../time/times.ts';
import { isHeld, LockConflict } from './lock-conflict.tsx';

interface PublishFormProps {
  readonly entity: EntityRef;
  readonly item: string;
  readonly schema: unknown;
  readonly subscribers: number | undefined;
}

/** Publishes one message after a confirmation, because nodes act on it immediately. */
export function PublishForm({ entity, item, schema, subscribers }: PublishFormProps) {
  const refusal = useRefusal('data.write');
  const [message, setMessage] = useState<unknown>();
  const [isAsking, setAsking] = useState(false);
  const [held, setHeld] = useState<GatewayRefused>();
  const [publishedMs, setPublishedMs] = useState<number>();
  const publish = async () => {
    try {
      await gateway().call('putDataItem', { entity, path: { data_id: item }, body: { data: message } });
      setPublishedMs(gatewayNowMs());
    } catch (error) {
      if (!isHeld(error as Error)) throw error;
      setHeld(error as GatewayRefused);
    }
  };
  // After waiting for a lock, the user has to confirm again: a late message could move a robot that is unattended.
  const ask = useCallback(async () => {
    setHeld(undefined);
    setPublishedMs(undefined);
    setAsking(true);
  }, []);
  return (
    <Region title={texts.entities.publish}>
      <details>
        <summary>{texts.entities.publishHelp}</summary>
        <SchemaForm
          schema={schema}
          action={texts.entities.publishNow}
          disabledReason={refusal}
          isSent={publishedMs !== undefined}
          onSend={(input) => {
            setMessage(input);
            void ask();
          }}
        />
      </details>
      {publishedMs !== undefined && <p role="status">{texts.entities.published(clockTime(publishedMs))}</p>}
      {held && (
        <LockConflict entity={entity} collection="data" error={held} onRetry={ask} onClose={() => setHeld(undefined)} />
      )}
      {isAsking && (
        <Confirm
          title={texts.entities.publishTo(item, entity.id)}
          action={texts.entities.publishAction}
          onConfirm={publish}
          onClose={() => setAsking(false)}
        >
          <p>{texts.entities.publishEffect(subscribers ?? 0)}</p>
          <BeforeActing entity={entity} collection="data" />
        </Confirm>
      )}
    </Region>
  );
}
