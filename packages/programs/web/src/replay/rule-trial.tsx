import type { EntityRef } from '@medkit/client';
import type { TriedOutcome, TriedRecordings } from '@medkit/contract';
import { useEffect, useRef, useState } from 'react';
import { useChange, useRoute } from '../gateway/gateway.ts';
import { useIsLost } from '../live/live-stream.ts';
import { Failure } from '../regions/failure.tsx';
import { Time } from '../time/time.tsx';
import { formatOffset, timeMs } from '../time/times.ts';
import { t } from './texts.ts';

interface RuleTrialProps {
  /** The entity whose values the rule observes. */
  readonly entity: EntityRef;
  /** The rules as text, for `trigger_rules`; `undefined` while the input is incomplete. */
  readonly document: string | undefined;
  /** Whether the rule observes values, which recordings contain. */
  readonly observesValues: boolean;
}

/** Tries a rule on the recordings of the last 30 days. The request ends if the user leaves the page. */
export function RuleTrial({ entity, document, observesValues }: RuleTrialProps) {
  const trial = useChange('tryRules');
  const [tried, setTried] = useState<string>();
  const leaving = useRef<AbortController>(undefined);
  useEffect(() => () => leaving.current?.abort(), []);
  const isLost = useIsLost();
  const isForeign = useIsForeign(entity);
  if (!observesValues || isForeign) return <p className="soft">{isForeign ? t.otherGateway : t.valuesOnly}</p>;
  const run = (): void => {
    if (document === undefined) return;
    leaving.current = new AbortController();
    setTried(document);
    trial.mutate({ body: { trigger_rules: document }, signal: leaving.current.signal });
  };
  // A result of other input than the form now has would mislead.
  const isCurrent = tried === document;
  return (
    <div className="stack screen-only">
      <p className="soft">{t.tryRuleAbout}</p>
      <div className="row">
        <button
          type="button"
          className="button"
          disabled={document === undefined || trial.isPending || isLost}
          aria-busy={trial.isPending}
          onClick={run}
        >
          {t.tryRule}
        </button>
        {document === undefined && <span className="soft">{t.incomplete}</span>}
      </div>
      <div role="status" className="stack">
        {trial.isPending && <p>{t.runningBags}</p>}
        {trial.data && !trial.isPending && isCurrent && <Outcome outcome={trial.data} />}
      </div>
      {trial.error && isCurrent && <Failure error={trial.error} />}
    </div>
  );
}

/** Returns whether another gateway serves the entity. */
function useIsForeign({ kind, id }: EntityRef): boolean {
  const items = useRoute('getTree', {}).data?.items;
  return items?.find((item) => item.type === kind && item.id === id)?.source.startsWith('peer:') ?? false;
}

function Outcome({ outcome: { recordings, from, to } }: { readonly outcome: TriedOutcome }) {
  const rule = recordings?.rules[0];
  if (!recordings || !rule) return null;
  return (
    <>
      {recordings.replayed === 0 ? <p className="partial">{t.noBags}</p> : <Firings rule={rule} />}
      {recordings.replayed > 0 && from && to && (
        <p className="soft">
          {t.bags(recordings.replayed)} <Time ms={timeMs(from)} /> {t.until} <Time ms={timeMs(to)} />
        </p>
      )}
      {recordings.omitted > 0 && <p className="partial">{t.omittedBags(recordings.omitted)}</p>}
      {recordings.unreadable.length > 0 && (
        <div className="partial">
          <p>{t.unreadableBags(recordings.unreadable.length)}</p>
          <ul>
            {recordings.unreadable.map(({ recording, reason }) => (
              <li key={recording}>
                {recording}: {reason}
              </li>
            ))}
          </ul>
        </div>
      )}
    </>
  );
}

type Rule = TriedRecordings['rules'][number];
type Firing = Rule['items'][number];

interface RecordedFirings {
  readonly recording: string;
  readonly times: readonly Firing[];
}

/** Groups consecutive times of one recording. */
function byRecording(items: readonly Firing[]): readonly RecordedFirings[] {
  const groups: { readonly recording: string; readonly times: Firing[] }[] = [];
  for (const item of items) {
    const recording = item.recording ?? t.betweenRecordings;
    const last = groups.at(-1);
    if (last?.recording === recording) last.times.push(item);
    else groups.push({ recording, times: [item] });
  }
  return groups;
}

function Firings({ rule: { before, after, total, differences, items } }: { readonly rule: Rule }) {
  return (
    <>
      {after && <Count outcome={after} fired={t.firedTimes} unknown={t.unknownRule} />}
      {before && <Count outcome={before} fired={t.storedFired} unknown={t.storedUnknown} />}
      {before && after && differences === 0 && items.length > 0 && <p>{t.sameFirings}</p>}
      {items.length > 0 && (
        <ul className="stack">
          {byRecording(items).map(({ recording, times }) => (
            <li key={`${recording} ${times[0]?.before} ${times[0]?.after}`} className="stack">
              <span className="soft">{recording}</span>
              <ul className="row">
                {times.map((item) => (
                  <li key={`${item.is} ${item.before} ${item.after}`}>
                    {before && <strong>{t.firings[item.is]} </strong>}
                    <FiringTime item={item} />
                  </li>
                ))}
              </ul>
            </li>
          ))}
        </ul>
      )}
      {total > items.length && <p className="soft">{t.moreFirings(total - items.length)}</p>}
    </>
  );
}

interface CountProps {
  readonly outcome: NonNullable<Rule['after']>;
  readonly fired: (count: number) => string;
  readonly unknown: (reason: string) => string;
}

/** How often a rule fired, or why this is unknown; both if it is known in part. */
function Count({ outcome, fired, unknown }: CountProps) {
  const reason = outcome.unknown ?? undefined;
  if (reason !== undefined && outcome.fired === 0) return <p className="partial">{unknown(reason)}</p>;
  return (
    <>
      <p>{fired(outcome.fired)}</p>
      {reason !== undefined && <p className="partial">{t.partlyKnown(reason)}</p>}
    </>
  );
}

function FiringTime({ item: { before, after } }: { readonly item: Firing }) {
  const [beforeMs, afterMs] = [timeMs(before), timeMs(after)];
  return (
    <>
      <Time ms={afterMs ?? beforeMs} digits={1} />
      {beforeMs !== undefined && afterMs !== undefined && beforeMs !== afterMs && (
        <span className="soft"> {formatOffset(afterMs - beforeMs)}</span>
      )}
    </>
  );
}
