import type { EntityRef } from '@medkit/client';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { BeforeActing } from '../access/before-acting.tsx';
import { useDisabledReason } from '../access/use-disabled-reason.ts';
import { gateway, queries, refetchRoutes, useRoute } from '../gateway/gateway.ts';
import { usePermission } from '../gateway/principal.ts';
import { Confirm } from '../regions/confirm.tsx';
import { alarmsQuery } from './alarms-query.ts';
import { type AlarmOperation, alarmOperations, needs, PLC_ALARMS, type PlcAlarm } from './plc-alarms.ts';
import { faultTexts } from './texts.ts';

const t = faultTexts.alarm;

/** The state and the actions of the alarm behind a fault. Renders nothing if the fault is no alarm of a PLC. */
export function AlarmOfFault({ entity, code }: { readonly entity: EntityRef; readonly code: string }) {
  const list = useRoute('listOperations', { entity }, { enabled: entity.kind === 'app' });
  const hasAlarms = alarmOperations(list.data?.items ?? []).length > 0;
  const { data } = useQuery({ ...alarmsQuery(entity.id), enabled: hasAlarms });
  const alarm = data?.alarms.find((each) => each.code === code);
  if (!alarm) return null;
  return (
    <section className="card stack" aria-label={t.title}>
      <p className="row">
        <strong>{t.title}</strong> <AlarmState alarm={alarm} />
      </p>
      <AlarmActions entity={entity} alarm={alarm} />
    </section>
  );
}

/** Whether the cause of an alarm has ended, and whether an operator has handled it. */
export function AlarmState({ alarm: { isActive, isAcknowledged, isConfirmed } }: { readonly alarm: PlcAlarm }) {
  return (
    <>
      <span className="chip">{isActive ? t.active : t.ended}</span>
      <span className="chip">{isAcknowledged ? t.acknowledged : t.unacknowledged}</span>
      <span className="chip">{isConfirmed ? t.confirmed : t.unconfirmed}</span>
    </>
  );
}

interface AlarmActionsProps {
  readonly entity: EntityRef;
  readonly alarm: PlcAlarm;
}

/** Buttons for what an alarm still needs. Renders nothing if the user may not operate its app. */
export function AlarmActions({ entity, alarm }: AlarmActionsProps) {
  const may = usePermission('operations.run');
  const reason = useDisabledReason(entity, 'operations', 'operations.run');
  const list = useRoute('listOperations', { entity }, { enabled: may });
  const [open, setOpen] = useState<AlarmOperation>();
  const [done, setDone] = useState('');
  const operations = alarmOperations(list.data?.items ?? []).filter(({ act }) => needs(alarm, act));
  if (!may) return null;
  return (
    <div className="row">
      {operations.map((operation) => {
        const { button, title } = t[operation.act];
        return (
          <button
            key={operation.act}
            type="button"
            className="button"
            aria-label={`${button} ${title(alarm.code, entity.id)}`}
            title={reason}
            disabled={reason !== undefined}
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
          alarm={alarm}
          operation={open}
          onDone={() => setDone(t[open.act].done)}
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

function AlarmDialog({ entity, alarm: { code }, operation: { act, maxComment }, onDone, onClose }: AlarmDialogProps) {
  const [comment, setComment] = useState('');
  const { title, action, effect } = t[act];
  const send = async (): Promise<void> => {
    const parameters = { fault_code: code, ...(comment.trim() !== '' && { comment: comment.trim() }) };
    await gateway().call('executeOperation', { entity, path: { operation_id: act }, body: { parameters } });
    onDone();
    void queries.invalidateQueries({ queryKey: [PLC_ALARMS, entity.id] });
    refetchRoutes(['getFault', 'getFaultHistory', 'listFaults', 'listAllExecutions']);
  };
  return (
    <Confirm title={title(code, entity.id)} action={action} onConfirm={send} onClose={onClose}>
      <p>{effect}</p>
      <BeforeActing entity={entity} collection="operations" />
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
