import { useState } from 'react';
import { Region } from '../app/region.tsx';
import { Confirm } from '../controls/confirm.tsx';
import { SchemaForm } from '../forms/schema-form.tsx';
import { gateway } from '../gateway/gateway.ts';
import { texts } from '../texts/texts.ts';
import { clockTime } from '../time/times.ts';
import type { EntityName } from './places.ts';
import { useHindrance } from './use-hindrance.ts';

interface PublishFormProps {
  readonly entity: EntityName;
  readonly item: string;
  readonly schema: unknown;
  readonly subscribers: number | undefined;
}

/** Publishes one message, after asking: nodes act on it at once. */
export function PublishForm({ entity, item, schema, subscribers }: PublishFormProps) {
  const hindrance = useHindrance(entity, 'data', 'data.write');
  const [message, setMessage] = useState<unknown>();
  const [publishedMs, setPublishedMs] = useState<number>();
  const publish = async () => {
    await gateway().call('putDataItem', { entity, path: { data_id: item }, body: { data: message } });
    setPublishedMs(Date.now());
  };
  return (
    <Region title={texts.entities.publish}>
      <details>
        <summary>{texts.entities.publishHelp}</summary>
        <SchemaForm schema={schema} action={texts.entities.publishNow} hindrance={hindrance} onSend={setMessage} />
      </details>
      {publishedMs !== undefined && <p role="status">{texts.entities.published(clockTime(publishedMs))}</p>}
      {message !== undefined && (
        <Confirm
          title={texts.entities.publishTo(item, entity.id)}
          action={texts.entities.publishAction}
          onConfirm={publish}
          onClose={() => setMessage(undefined)}
        >
          <p>{texts.entities.publishEffect(subscribers ?? 0)}</p>
        </Confirm>
      )}
    </Region>
  );
}
