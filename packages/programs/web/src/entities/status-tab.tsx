import type { EntityRef } from '@medkit/client';
import type { LifecycleAction, LifecycleStatusResponse } from '@medkit/contract';
import { useState } from 'react';
import { useDisabledReason } from '../access/use-disabled-reason.ts';
import { gateway, refetchRoutes, useRoute } from '../gateway/gateway.ts';
import { Confirm } from '../regions/confirm.tsx';
import { Loaded } from '../regions/loaded.tsx';
import { Region } from '../regions/region.tsx';
import { texts } from '../texts/texts.ts';
import { Time } from '../time/time.tsx';
import { timeMs } from '../time/times.ts';

const REFRESH_MS = 1000;

const ROUTE_OF = {
  start: 'putStatusStart',
  restart: 'putStatusRestart',
  'force-restart': 'putStatusForceRestart',
  shutdown: 'putStatusShutdown',
  'force-shutdown': 'putStatusForceShutdown',
} as const satisfies Record<LifecycleAction, string>;
const ACTIONS = Object.keys(ROUTE_OF) as readonly LifecycleAction[];

/** The lifecycle state of an entity and the transitions that can be requested. */
export function StatusTab({ entity }: { readonly entity: EntityRef }) {
  const { kind, id } = entity;
  if (kind !== 'app' && kind !== 'component') return <p className="soft">{texts.entities.noLifecycle}</p>;
  return <Lifecycle entity={{ kind, id }} />;
}

type LifecycleEntity = { readonly kind: 'app' | 'component'; readonly id: string };

function Lifecycle({ entity }: { readonly entity: LifecycleEntity }) {
  const status = useRoute('getStatus', { entity }, { everyMs: REFRESH_MS });
  const [requested, setRequested] = useState<LifecycleAction>();
  return (
    <Region title={texts.entities.tab.status}>
      <Loaded query={status} height={160}>
        {(current) => (
          <>
            <p className="row">
              <span className={`chip ${current.status === 'ready' ? 'entity-online' : 'stale'}`}>
                <span aria-hidden="true">{current.status === 'ready' ? '●' : '○'}</span>
                <span>{current.status === 'ready' ? texts.entities.ready : texts.entities.notReady}</span>
              </span>
              {current['x-medkit']?.state && <span>{texts.entities.stateIs(current['x-medkit'].state)}</span>}
            </p>
            <Warnings status={current} />
            <Actions entity={entity} status={current} onAsk={setRequested} />
            <LastTransition status={current} />
            {requested && (
              <TransitionDialog
                entity={entity}
                action={requested}
                status={current}
                onClose={() => setRequested(undefined)}
              />
            )}
          </>
        )}
      </Loaded>
    </Region>
  );
}

function Warnings({ status }: { readonly status: LifecycleStatusResponse }) {
  return status['x-medkit']?.warnings?.map((warning) => (
    <p key={warning} className="partial">
      {warning}
    </p>
  ));
}

interface ActionsProps {
  readonly entity: LifecycleEntity;
  readonly status: LifecycleStatusResponse;
  readonly onAsk: (action: LifecycleAction) => void;
}

function Actions({ entity, status, onAsk }: ActionsProps) {
  const hindrances = {
    start: useDisabledReason(entity, 'operations', 'status.start'),
    stop: useDisabledReason(entity, 'operations', 'status.stop'),
  };
  const offered = ACTIONS.filter((action) => typeof status[action] === 'string');
  if (offered.length === 0) return <p className="soft">{texts.entities.noTransitions}</p>;
  const hindranceOf = (action: LifecycleAction) =>
    hindrances[action === 'start' || action === 'restart' ? 'start' : 'stop'];
  const reasons = [...new Set(offered.map(hindranceOf))].filter((reason) => reason !== undefined);
  return (
    <div className="row">
      {offered.map((action) => (
        <button
          key={action}
          type="button"
          className={`button ${action === 'start' ? 'primary' : 'danger'}`}
          disabled={hindranceOf(action) !== undefined}
          onClick={() => onAsk(action)}
        >
          {texts.entities.lifecycle[action].name}
        </button>
      ))}
      {reasons.map((reason) => (
        <span key={reason} className="soft">
          {reason}
        </span>
      ))}
    </div>
  );
}

interface TransitionDialogProps {
  readonly entity: LifecycleEntity;
  readonly action: LifecycleAction;
  readonly status: LifecycleStatusResponse;
  readonly onClose: () => void;
}

/** Asks for confirmation before a lifecycle transition: a robot may stop, or not start again. */
function TransitionDialog({ entity, action, status, onClose }: TransitionDialogProps) {
  const labels = texts.entities.lifecycle[action];
  const send = async () => {
    await gateway().call(ROUTE_OF[action], { entity });
    refetchRoutes(['getStatus', 'getTree', 'getEntity']);
  };
  return (
    <Confirm title={labels.of(entity.id)} action={labels.name} onConfirm={send} onClose={onClose}>
      <p>{labels.effect}</p>
      <Warnings status={status} />
    </Confirm>
  );
}

/** Returns the label of an action. A newer gateway may report actions that this page does not know. */
function nameOf(action: string): string {
  return Object.hasOwn(texts.entities.lifecycle, action)
    ? texts.entities.lifecycle[action as LifecycleAction].name
    : action;
}

function LastTransition({ status }: { readonly status: LifecycleStatusResponse }) {
  const transition = status['x-medkit']?.last_transition;
  if (!transition) return null;
  const { action, outcome, step, message, started_at, ended_at } = transition;
  return (
    <section className="stack" aria-label={texts.entities.lastTransition}>
      <h3>{texts.entities.lastTransition}</h3>
      <p className="row" role="status">
        <span>{nameOf(action)}</span>
        <span className={outcome === 'failed' || outcome === 'unknown' ? 'severity-2' : ''}>
          {labelOf(texts.entities.outcome, outcome)}
        </span>
        {step && <code className="soft">{step}</code>}
        <Time ms={timeMs(ended_at ?? started_at)} />
      </p>
      {message && <p>{message}</p>}
    </section>
  );
}

/** Returns the label of a name, or the name if it has no label. */
function labelOf(labels: Readonly<Record<string, string>>, name: string): string {
  return Object.hasOwn(labels, name) ? labels[name]! : name;
}
