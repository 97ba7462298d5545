import { parseNumber } from './condition.ts';
import { conditionText, thresholdText, valueName } from './condition-text.ts';
import { conditionOf, type Draft, LIFETIMES, type RuleKind, type Target } from './draft.ts';
import { observedName } from './observed-resource.ts';
import { t } from './texts.ts';
import { useEntityNames } from './use-entity-names.ts';

interface SummaryProps {
  readonly as: RuleKind;
  readonly target: Target;
  readonly draft: Draft;
  readonly unit: string | undefined;
}

/** A new trigger or rule as one sentence. */
export function Summary({ as, target, draft, unit }: SummaryProps) {
  const nameOf = useEntityNames();
  const entity = nameOf(target.entity);
  const isNamed = target.collection !== 'data' || target.item !== '';
  const value = isNamed ? valueName(observedName(target), target.path) : t.anItem;
  if (as === 'fault') {
    const threshold = parseNumber(draft.threshold);
    const condition = threshold === undefined ? `${draft.operator} …` : thresholdText({ ...draft, threshold }, unit);
    const severity = t.severities[draft.severity];
    return <p>{t.summaryRule(value, entity, condition, severity, draft.code.trim() || t.aCode)}</p>;
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
  if (to === 'events') return t.events;
  return URL.canParse(url.trim()) ? new URL(url.trim()).origin : t.webhook;
}
