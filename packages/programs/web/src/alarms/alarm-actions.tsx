import type { EntityRef } from '@medkit/client';
import { useState } from 'react';
import { gateway, refetchRoutes, useRoute } from '../gateway/gateway.ts';
import { usePermission } from '../gateway/principal.ts';
import { useIsLost } from '../live/live-stream.ts';
import { Confirm } from '../regions/confirm.tsx';
import { type AlarmOperation, alarmOperations } from './alarm-acts.ts';
import { t } from './texts.ts';

const LABELS = {
  acknowledge_fault: {
    button: t.acknowledge,
    title: t.acknowledgeOf,
    action: t.acknowledgeNow,
    effect: t.acknowledgeEffect,
    done: t.acknowledged,
  },
  confirm_fault: {
    button: t.confirm,
    title: t.confirmOf,
    action: t.confirmNow,
    effect: t.confirmEffect,
    done: t.confirmed,
  },
} as const;

interface AlarmActionsProps {
  readonly entity: EntityRef;
  readonly code: string;
}

/** Buttons that acknowledge and confirm the alarm of a fault. Renders nothing if its app has no such operation. */
export function AlarmActions({ entity, code }: AlarmActionsProps) {
  const may = usePermission('operations.run');
  const isLost = useIsLost();
  const list = useRoute('listOperations', { entity }, { enabled: may && entity.kind === 'app' });
  const [open, setOpen] = useState<AlarmOperation>();
  const [done, setDone] = useState<string>();
  const operations = alarmOperations(list.data?.items ?? []);
  if (!may || operations.length === 0) return null;
  return (
    <div className="row">
      {operations.map((operation) => {
        const { button, title } = LABELS[operation.act];
        return (
          <button
            key={operation.act}
            type="button"
            className="button"
            aria-label={`${button} ${title(code, entity.id)}`}
            disabled={isLost}
            onClick={() => setOpen(operation)}
          >
            {button}
          </button>
        );
      })}
      <span role="status" className="soft">
        {done}
      </span>
      {open && (
        <AlarmDialog
          entity={entity}
          code={code}
          operation={open}
          onDone={() => setDone(LABELS[open.act].done)}
          onClose={() => setOpen(undefined)}
        />
      )}
    </div>
  );
}

interface AlarmDialogProps extends AlarmActionsProps {
  readonly operation: AlarmOperation;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

function AlarmDialog({ entity, code, operation: { act, maxComment }, onDone, onClose }: AlarmDialogProps) {
  const [comment, setComment] = useState('');
  const { title, action, effect } = LABELS[act];
  const send = async (): Promise<void> => {
    const parameters = { fault_code: code, ...(comment.trim() !== '' && { comment: comment.trim() }) };
    await gateway().call('executeOperation', { entity, path: { operation_id: act }, body: { parameters } });
    onDone();
    refetchRoutes(['getFault', 'getFaultHistory', 'listFaults', 'listAllExecutions']);
  };
  return (
    <Confirm title={title(code, entity.id)} action={action} onConfirm={send} onClose={onClose}>
      <p>{effect}</p>
      {maxComment !== undefined && (
        <label className="stack">
          {t.comment}
          <input
            value={comment}
            maxLength={maxComment}
            onChange={(event) => setComment(event.target.value)}
            autoComplete="off"
          />
        </label>
      )}
    </Confirm>
  );
}
