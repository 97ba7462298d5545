import { type EntityRef, GatewayRefused } from '@medkit/client';
import type { OperationItem } from '@medkit/contract';
import { useCallback, useRef, useState } from 'react';
import { BeforeActing } from '../access/before-acting.tsx';
import { SchemaForm } from '../forms/schema-form.tsx';
import { gateway, refetchRoutes, useRoute } from '../gateway/gateway.ts';
import { Confirm } from '../regions/confirm.tsx';
import { Failure } from '../regions/failure.tsx';
import { Loaded } from '../regions/loaded.tsx';
import { Region } from '../regions/region.tsx';
import { changeSearch, useSearch } from '../routes/location.ts';
import type { ParametersOf } from '../routes/pages.ts';
import { texts } from '../texts/texts.ts';
import './entities.css';
import { useRefusal } from '../access/use-disabled-reason.ts';
import { ExecutionView, Fields } from './execution-view.tsx';
import { ExecutionsList } from './executions-list.tsx';
import { isHeld, LockConflict } from './lock-conflict.tsx';
import { LogRows } from './log-rows.tsx';
import { typeOfOperation } from './operations-tab.tsx';
import { PartHead } from './part-head.tsx';

/** An operation: its parameters and its executions. */
export function OperationPage({ kind, id, operation }: ParametersOf<'entity.operation'>) {
  const entity = { kind, id };
  const detail = useRoute('getOperation', { entity, path: { operation_id: operation } });
  const chosen = useSearch().get('x');
  return (
    <div className="stack entity-page">
      <PartHead entity={entity} tab="operations" name={detail.data?.item.name ?? operation}>
        {detail.data && (
          <>
            <span className="chip">
              {detail.data.item.asynchronous_execution ? texts.entities.action : texts.entities.service}
            </span>
            <code className="soft">{typeOfOperation(detail.data.item)}</code>
          </>
        )}
      </PartHead>
      <div className="entity-halves">
        <Loaded query={detail} height={300}>
          {({ item }) => <Execute entity={entity} operation={operation} item={item} />}
        </Loaded>
        <div className="stack">
          {chosen !== null && <ExecutionView key={chosen} entity={entity} operation={operation} execution={chosen} />}
          {detail.data?.item.asynchronous_execution && (
            <ExecutionsList entity={entity} operation={operation} chosen={chosen ?? undefined} />
          )}
        </div>
      </div>
    </div>
  );
}

type Outcome = { readonly error: Error } | { readonly answer: unknown };

interface ExecuteProps {
  readonly entity: EntityRef;
  readonly operation: string;
  readonly item: OperationItem;
}

/** Executes the operation after a confirmation, because a robot acts on it immediately. */
function Execute({ entity, operation, item }: ExecuteProps) {
  const refusal = useRefusal('operations.run');
  const [isAtWork, setAtWork] = useState(false);
  const [parameters, setParameters] = useState<unknown>();
  const [isAsking, setAsking] = useState(false);
  const [outcome, setOutcome] = useState<Outcome>();
  const [isSent, setSent] = useState(false);
  const { goal, request } = Object(item['x-medkit']?.type_info);
  // Keeps the first schema: a different schema in a later reply would discard the typed input.
  const schema = useRef<unknown>(goal ?? request);
  const execute = async () => {
    setAtWork(true);
    setOutcome(undefined);
    try {
      const reply = await gateway().call('executeOperation', {
        entity,
        path: { operation_id: operation },
        body: { parameters },
      });
      setSent(true);
      if ('id' in reply && typeof reply.id === 'string') changeSearch({ x: reply.id });
      else setOutcome({ answer: 'parameters' in reply ? reply.parameters : reply });
    } catch (error) {
      setOutcome({ error: error as Error });
    }
    setAtWork(false);
    refetchRoutes(['listAllExecutions', 'listLocks']);
  };
  // After waiting for a lock, the user has to confirm again: a late command could move a robot that is unattended.
  const ask = useCallback(async () => {
    setOutcome(undefined);
    setAsking(true);
  }, []);
  return (
    <Region title={item.asynchronous_execution ? texts.entities.goal : texts.entities.request}>
      <SchemaForm
        schema={schema.current}
        action={isAtWork ? texts.entities.executing : texts.entities.executeNow}
        disabledReason={refusal}
        isAtWork={isAtWork}
        isSent={isSent}
        onSend={(input) => {
          setSent(false);
          setParameters(input);
          setAsking(true);
        }}
      />
      {isAsking && (
        <Confirm
          title={texts.entities.executeOf(item.name, entity.id)}
          action={texts.entities.execute}
          // Does not wait for the execution: its result is shown below the form, however long it takes.
          onConfirm={async () => void execute()}
          onClose={() => setAsking(false)}
        >
          <p>{texts.entities.executeEffect}</p>
          <BeforeActing entity={entity} collection="operations" />
        </Confirm>
      )}
      {outcome && 'error' in outcome && (
        <NotExecuted entity={entity} error={outcome.error} onRetry={ask} onClose={() => setOutcome(undefined)} />
      )}
      {outcome && 'answer' in outcome && (
        <div role="status" className="stack">
          <h3>{texts.entities.answer}</h3>
          <Fields value={outcome.answer} />
        </div>
      )}
    </Region>
  );
}

interface NotExecutedProps {
  readonly entity: EntityRef;
  readonly error: Error;
  readonly onRetry: () => Promise<void>;
  readonly onClose: () => void;
}

function NotExecuted({ entity, error, onRetry, onClose }: NotExecutedProps) {
  if (!isHeld(error)) return <Rejected entity={entity} error={error} />;
  return <LockConflict entity={entity} collection="operations" error={error} onRetry={onRetry} onClose={onClose} />;
}

/** Log lines shown next to a refusal; the node has usually logged the reason. */
const LINES = 5;

/** Shows why the operation did not start, with the recent log of the node. */
function Rejected({ entity, error }: { readonly entity: EntityRef; readonly error: Error }) {
  const logs = useRoute('listLogs', { entity, query: { limit: LINES } }, { everyMs: 2000 });
  const isRejected = error instanceof GatewayRefused && error.code === 'x-medkit-ros2-action-rejected';
  return (
    <div className="stack">
      {isRejected && <h3>{texts.entities.rejected}</h3>}
      <Failure error={error} />
      <section className="stack" aria-label={texts.entities.lastLogs(entity.id)}>
        <h3>{texts.entities.lastLogs(entity.id)}</h3>
        <Loaded query={logs} height={90}>
          {({ items }) =>
            items.length === 0 ? <p className="soft">{texts.entities.noLogs}</p> : <LogRows entries={items} />
          }
        </Loaded>
      </section>
    </div>
  );
}
