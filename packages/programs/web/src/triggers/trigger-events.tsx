import type { EntityRef } from '@medkit/client';
import { stringifyJson } from '@medkit/core/json';
import { useMemo, useState } from 'react';
import { CopyButton } from '../controls/copy-button.tsx';
import { Dialog } from '../controls/dialog.tsx';
import { Failure } from '../regions/failure.tsx';
import { Region } from '../regions/region.tsx';
import type { Column } from '../tables/columns.ts';
import { DataTable } from '../tables/data-table.tsx';
import { Ago, Time } from '../time/time.tsx';
import { timeMs, wholeTime } from '../time/times.ts';
import { formatValue, valueAt } from '../values/format-value.ts';
import { eventSubject, payloadFields } from './payload-fields.ts';
import { t } from './texts.ts';
import { type TriggerEvent, useTriggerEvents } from './use-trigger-events.ts';

interface TriggerEventsRegionProps {
  readonly entity: EntityRef;
  readonly trigger: string;
  /** JSON Pointer to the compared part; empty for the main value. */
  readonly path: string;
  readonly unit: string | undefined;
}

/** The stored events of a trigger and new ones as they happen, newest first. */
export function TriggerEventsRegion({ entity, trigger, path, unit }: TriggerEventsRegionProps) {
  const { events, state, error } = useTriggerEvents(entity, trigger);
  const [opened, open] = useState<TriggerEvent>();
  const columns = useMemo(() => eventColumns(path, unit), [path, unit]);
  const label = state === 'live' ? t.eventsLive : t.eventsConnecting;
  return (
    <Region
      title={t.eventsTitle}
      className="trigger-events"
      aside={state !== 'ended' && !error && <span className={`chip trigger-stream-${state}`}>{label}</span>}
    >
      {error && <Failure error={error} />}
      <DataTable
        label={t.eventsTitle}
        rows={events}
        keyOf={keyOfEvent}
        columns={columns}
        onOpen={open}
        emptyText={t.noEvents}
      />
      {state === 'ended' && <p className="soft">{t.eventsEnded}</p>}
      {opened && <EventDialog event={opened} onClose={() => open(undefined)} />}
    </Region>
  );
}

const keyOfEvent = ({ id }: TriggerEvent): string => id;

function eventColumns(path: string, unit: string | undefined): readonly Column<TriggerEvent>[] {
  const textOf = ({ payload }: TriggerEvent): string => {
    if (payload === null) return t.eventTooLarge;
    const value = withoutWrapper(valueAt(payload, path) ?? payload);
    const isNumber = typeof value === 'number' || typeof value === 'bigint';
    const text = `${formatValue(value)}${isNumber && unit ? ` ${unit}` : ''}`;
    const subject = eventSubject(payload);
    return subject === '' || subject === text ? text : `${text} · ${subject}`;
  };
  return [
    { id: 'id', title: t.eventId, width: '4rem', className: 'number', isWideOnly: true, cell: ({ id }) => id },
    {
      id: 'time',
      title: t.eventTime,
      width: '9rem',
      cell: ({ timestamp }) => <Time ms={timeMs(timestamp)} digits={3} />,
    },
    { id: 'ago', title: '', width: '7rem', isWideOnly: true, cell: ({ timestamp }) => <Ago ms={timeMs(timestamp)} /> },
    { id: 'value', title: t.eventValue, cell: (event) => <span title={textOf(event)}>{textOf(event)}</span> },
  ];
}

/** Unwraps a message whose only field is `data`. */
function withoutWrapper(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Object.keys(value).length !== 1) return value;
  return 'data' in value ? value.data : value;
}

function EventDialog({ event, onClose }: { readonly event: TriggerEvent; readonly onClose: () => void }) {
  const ms = timeMs(event.timestamp);
  return (
    <Dialog title={t.event(event.id)} onClose={onClose}>
      <p className="number">{ms === undefined ? event.timestamp : wholeTime(ms)}</p>
      <dl className="trigger-payload">
        {payloadFields(event.payload).map(([name, text]) => (
          <div key={name}>
            <dt className="mono">{name === '' ? t.eventValue : name}</dt>
            <dd className="number">{text}</dd>
          </div>
        ))}
      </dl>
      <div className="row">
        <CopyButton text={() => stringifyJson(event.payload)} label={t.copyEvent} />
      </div>
    </Dialog>
  );
}
