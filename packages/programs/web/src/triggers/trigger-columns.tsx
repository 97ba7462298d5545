import type { Trigger } from '@medkit/contract';
import { Link } from '../routes/link.tsx';
import type { Column } from '../tables/columns.ts';
import { Ago, Time } from '../time/time.tsx';
import { timeMs } from '../time/times.ts';
import { conditionText, observedLabel } from './condition-text.ts';
import { pageOfTrigger, readObserved } from './observed-resource.ts';
import { t } from './texts.ts';
import { stateOfTrigger } from './trigger-rows.ts';
import type { EntityNameOf } from './use-entity-names.ts';

/** Returns what a trigger observes, as the name of the value and the name of its entity. */
export function observedText(trigger: Trigger, nameOf: EntityNameOf): readonly [value: string, entity: string] {
  const observed = readObserved(trigger.observed_resource);
  if (!observed) return [trigger.observed_resource, ''];
  return [observedLabel(observed, trigger.path), observed.entity ? nameOf(observed.entity) : t.wholeRobot];
}

/** Returns where a trigger reports to. */
export function receiverText({ protocol, 'x-medkit': about }: Trigger): string {
  if (protocol === 'webhook') return about?.webhook?.origin ?? t.webhook;
  return protocol === 'sse' ? t.events : protocol;
}

/** The columns of the list of triggers. The problems have a column if there are any. */
export function triggerColumns(nameOf: EntityNameOf, hasProblems: boolean): readonly Column<Trigger>[] {
  return [
    {
      id: 'state',
      title: t.columns.state,
      width: '7rem',
      isWideOnly: true,
      sortBy: stateOfTrigger,
      cell: (trigger) => <TriggerStateSign trigger={trigger} />,
    },
    {
      id: 'observes',
      title: t.columns.observes,
      sortBy: (trigger) => observedText(trigger, nameOf).join(' '),
      cell: (trigger) => {
        const [value, entity] = observedText(trigger, nameOf);
        const page = pageOfTrigger(trigger);
        return (
          <>
            {page ? (
              <Link className="trigger-name" to={page} tabIndex={-1}>
                {value}
              </Link>
            ) : (
              <strong>{value}</strong>
            )}{' '}
            <span className="soft">{entity}</span>
          </>
        );
      },
      under: (trigger) =>
        `${t.states[stateOfTrigger(trigger)]} · ${conditionText(trigger.trigger_condition)} · ${t.times(trigger['x-medkit']?.fired_total ?? 0)}`,
    },
    {
      id: 'when',
      title: t.columns.when,
      width: '16%',
      isWideOnly: true,
      sortBy: ({ trigger_condition }) => conditionText(trigger_condition),
      cell: ({ trigger_condition }) => (
        <span title={conditionText(trigger_condition)}>{conditionText(trigger_condition)}</span>
      ),
    },
    {
      id: 'to',
      title: t.columns.to,
      width: '16%',
      isWideOnly: true,
      sortBy: receiverText,
      cell: (trigger) => <span title={receiverText(trigger)}>{receiverText(trigger)}</span>,
    },
    {
      id: 'fired',
      title: t.columns.fired,
      width: '5rem',
      className: 'number',
      isWideOnly: true,
      sortBy: ({ 'x-medkit': about }) => about?.fired_total,
      cell: ({ 'x-medkit': about }) => about?.fired_total ?? '–',
    },
    {
      id: 'last',
      title: t.columns.last,
      width: '8.5rem',
      isWideOnly: true,
      sortBy: ({ 'x-medkit': about }) => about?.last_fired,
      cell: ({ 'x-medkit': about }) => (about?.last_fired ? <Ago ms={timeMs(about.last_fired)} /> : '–'),
    },
    {
      id: 'ends',
      title: t.columns.ends,
      width: '9rem',
      isWideOnly: true,
      sortBy: ({ 'x-medkit': about }) => about?.expires,
      cell: ({ 'x-medkit': about }) => (about?.expires ? <Time ms={timeMs(about.expires)} /> : t.never),
    },
    ...(hasProblems ? [PROBLEM_COLUMN] : []),
  ];
}

const PROBLEM_COLUMN: Column<Trigger> = {
  id: 'problem',
  title: t.columns.problem,
  width: '20%',
  isWideOnly: true,
  cell: ({ 'x-medkit': about }) => about?.problem && <span title={about.problem}>{about.problem}</span>,
};

/** The state of a trigger as symbol and word. */
export function TriggerStateSign({ trigger }: { readonly trigger: Trigger }) {
  const state = stateOfTrigger(trigger);
  return <span className={`trigger-state trigger-${state}`}>{t.states[state]}</span>;
}
