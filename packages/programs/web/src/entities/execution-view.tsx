import type { EntityRef } from '@medkit/client';
import type { OperationExecution } from '@medkit/contract';
import { useState } from 'react';
import { refetchRoutes, useChange, useRoute } from '../gateway/gateway.ts';
import { Failure } from '../regions/failure.tsx';
import { Loaded } from '../regions/loaded.tsx';
import { Region } from '../regions/region.tsx';
import { texts } from '../texts/texts.ts';
import { Time } from '../time/time.tsx';
import { timeMs } from '../time/times.ts';
import { unitByName } from '../values/data-units.ts';
import { formatValue } from '../values/format-value.ts';
import './entities.css';
import { useDisabledReason } from '../access/use-disabled-reason.ts';

const POLL_MS = 500;
/** Maximum fields of a reply that are shown. */
const MAX_FIELDS = 40;

interface ExecutionViewProps {
  readonly entity: EntityRef;
  readonly operation: string;
  readonly execution: string;
}

/** An execution: feedback while it runs, then its result. */
export function ExecutionView({ entity, operation, execution }: ExecutionViewProps) {
  const [isOver, setOver] = useState(false);
  const path = { operation_id: operation, execution_id: execution };
  const query = useRoute('getExecution', { entity, path }, isOver ? {} : { everyMs: POLL_MS });
  const cancel = useChange('cancelExecution', { touches: ['getExecution', 'listAllExecutions'] });
  const disabledReason = useDisabledReason(entity, 'operations', 'operations.run');
  const status = query.data?.status;
  const over = status === 'completed' || status === 'failed';
  if (over !== isOver) {
    setOver(over);
    refetchRoutes(['listAllExecutions']);
  }
  return (
    <Region title={texts.entities.execution}>
      <Loaded query={query} height={160}>
        {(current) => (
          <>
            <p className="row">
              <StateChip execution={current} />
              <code className="soft">{shortId(execution)}</code>
              <span className="soft">{texts.entities.since}</span>
              <Time ms={timeMs(current.created_at ?? current.started_at)} />
              {current.finished_at && (
                <>
                  <span className="soft">{texts.entities.until}</span>
                  <Time ms={timeMs(current.finished_at)} />
                </>
              )}
            </p>
            {current.error && <p className="severity-2">{current.error}</p>}
            <Progress execution={current} />
            {!over && (
              <div className="row">
                <button
                  type="button"
                  className="button danger"
                  disabled={disabledReason !== undefined || cancel.isPending}
                  onClick={() => cancel.mutate({ entity, path })}
                >
                  {texts.entities.cancelExecution}
                </button>
                {disabledReason && <span className="soft">{disabledReason}</span>}
              </div>
            )}
            {cancel.error && <Failure error={cancel.error} />}
          </>
        )}
      </Loaded>
    </Region>
  );
}

function Progress({ execution }: { readonly execution: OperationExecution }) {
  const { last_feedback, result, status } = execution;
  const isOver = status === 'completed' || status === 'failed';
  return (
    <>
      {last_feedback !== undefined && (
        <section className="stack" aria-label={texts.entities.feedback}>
          <h3>{texts.entities.feedback}</h3>
          <Fields value={last_feedback} />
        </section>
      )}
      {isOver && result !== undefined && result !== null && (
        <section className="stack" aria-label={texts.entities.result}>
          <h3>{texts.entities.result}</h3>
          <Fields value={result} />
        </section>
      )}
    </>
  );
}

/** The members of a reply, one a line. */
export function Fields({ value }: { readonly value: unknown }) {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return <p>{formatValue(value)}</p>;
  const fields = Object.entries(value);
  if (fields.length === 0) return <p className="soft">{texts.entities.empty}</p>;
  return (
    <dl className="entity-fields">
      {fields.slice(0, MAX_FIELDS).map(([name, part]) => {
        const unit = typeof part === 'number' ? unitByName(name) : undefined;
        return (
          <div key={name} className="entity-pair">
            <dt>{name.replaceAll('_', ' ')}</dt>
            <dd className="number">
              {formatValue(part)}
              {unit && ` ${unit}`}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

type ExecutionState = Pick<OperationExecution, 'status'> & {
  readonly 'x-medkit'?: { readonly ros2_status?: string | null } | null;
};

/** The state of an execution as one word. */
export function StateChip({ execution }: { readonly execution: ExecutionState }) {
  const state = execution['x-medkit']?.ros2_status ?? execution.status;
  const label = Object.hasOwn(texts.entities.states, state)
    ? texts.entities.states[state as keyof typeof texts.entities.states]
    : state;
  return <span className={`chip entity-state entity-state-${execution.status}`}>{label}</span>;
}

/** Returns the last 8 characters of a long id. Ids of robots often start with zeros, so the end is distinctive. */
export function shortId(id: string): string {
  return id.length > 12 ? id.slice(-8) : id;
}
