import { parseNumber } from './condition.ts';
import { conditionText, observedLabel, thresholdText } from './condition-text.ts';
import { conditionOf, type Draft, LIFETIMES, type RuleKind, type Target } from './draft.ts';
import { t } from './texts.ts';
import { useEntityNames } from './use-entity-names.ts';

interface SummaryProps {
  readonly as: RuleKind;
  readonly target: Target;
  readonly draft: Draft;
  readonly unit: string | undefined;
}

/** A complete new trigger or rule as one sentence. */
export function Summary({ as, target, draft, unit }: SummaryProps) {
  const nameOf = useEntityNames();
  const entity = nameOf(target.entity);
  const value = observedLabel(target, target.path);
  if (as === 'fault') {
    const condition = thresholdText({ ...draft, threshold: parseNumber(draft.threshold) ?? Number.NaN }, unit);
    return <p>{t.summaryRule(value, entity, condition, t.severities[draft.severity], draft.code.trim())}</p>;
  }
  const lifetime = LIFETIMES.find((each) => each === draft.lifetime) ?? '';
  return (
    <p>
      {t.summaryEvent(
        value,
        entity,
        conditionText(conditionOf(draft), unit),
        receiver(draft),
        draft.isRepeated ? t.eachTime : t.once,
        lifetime === '' ? t.summaryNoEnd : t.summaryLifetime(t.lifetimes[lifetime]),
      )}
    </p>
  );
}

/** The address of a webhook may contain a secret after its host. */
function receiver({ to, url }: Draft): string {
  if (to === 'events') return t.summaryStream;
  return URL.canParse(url.trim()) ? new URL(url.trim()).origin : t.webhook;
}
