import { GatewayRefused } from '@medkit/client';
import type { Trigger } from '@medkit/contract';
import { useRoute } from '../gateway/gateway.ts';
import { Heading } from '../heading/heading.tsx';
import { Loaded } from '../regions/loaded.tsx';
import { Region } from '../regions/region.tsx';
import { Link } from '../routes/link.tsx';
import { addressOf, type ParametersOf } from '../routes/pages.ts';
import { readCondition } from './condition.ts';
import { conditionText } from './condition-text.ts';
import type { Target } from './draft.ts';
import { COLLECTIONS, readObserved } from './observed-resource.ts';
import { Preview } from './preview.tsx';
import { TriggerTrial } from './stored-rule-trial.tsx';
import { t } from './texts.ts';
import { TriggerActions } from './trigger-actions.tsx';
import { observedText, TriggerStateSign } from './trigger-columns.tsx';
import { TriggerEventsRegion } from './trigger-events.tsx';
import { TriggerFacts } from './trigger-facts.tsx';
import './triggers.css';
import { useEntityNames } from './use-entity-names.ts';
import { useObservedValue } from './use-observed-value.ts';
import { WebhookRegion } from './webhook-region.tsx';

const EVERY_MS = 3000;
const NOT_FOUND = 404;

/** One trigger: its state, its events as they happen, and the actions on it. */
export function TriggerPage({ kind, id, trigger }: ParametersOf<'trigger'>) {
  const entity = { kind, id };
  const query = useRoute('getTrigger', { entity, path: { trigger_id: trigger } }, { everyMs: EVERY_MS });
  const isGone = query.error instanceof GatewayRefused && query.error.status === NOT_FOUND;
  return (
    <div className="stack trigger-page">
      <nav aria-label={t.back}>
        <Link to={addressOf('triggers', {})}>◂ {t.back}</Link>
      </nav>
      {isGone ? (
        <>
          <Heading>{trigger}</Heading>
          <p>{t.notFound}</p>
        </>
      ) : (
        <>
          {!query.data && <Heading>{trigger}</Heading>}
          <Loaded query={query} height={420}>
            {(detail) => <Detail entity={entity} trigger={detail} />}
          </Loaded>
        </>
      )}
    </div>
  );
}

interface DetailProps {
  readonly entity: Target['entity'];
  readonly trigger: Trigger;
}

function Detail({ entity, trigger }: DetailProps) {
  const nameOf = useEntityNames();
  const target = targetOf(trigger);
  const observed = useObservedValue(target);
  const [value, name] = observedText(trigger, nameOf);
  const when = conditionText(trigger.trigger_condition, observed.unit);
  const problem = trigger['x-medkit']?.problem;
  return (
    <>
      <header className="spread trigger-head">
        <div className="stack">
          <Heading>
            {value} {when}
          </Heading>
          <p className="row soft">
            <TriggerStateSign trigger={trigger} />
            <span>{name}</span>
            <code>{trigger.id}</code>
          </p>
        </div>
        <TriggerActions entity={entity} trigger={trigger} what={`${value} ${when}`} />
      </header>
      {problem && <p className="partial">{problem}</p>}
      <TriggerFacts trigger={trigger} />
      <div className="trigger-columns">
        <div className="stack">
          <TriggerEventsRegion entity={entity} trigger={trigger.id} path={trigger.path ?? ''} unit={observed.unit} />
          {trigger.protocol === 'webhook' && <WebhookRegion trigger={trigger} />}
        </div>
        {target && (
          <Region title={t.now}>
            <Preview
              target={target}
              observed={observed}
              condition={{ is: 'trigger', condition: readCondition(trigger.trigger_condition) }}
            />
            {target.collection === 'data' && <TriggerTrial trigger={trigger} target={target} unit={observed.unit} />}
          </Region>
        )}
      </div>
    </>
  );
}

/** Returns what the current value is read from; `undefined` for resources of plugins and of the whole robot. */
function targetOf({ observed_resource, path }: Trigger): Target | undefined {
  const { entity, collection: name, item } = readObserved(observed_resource) ?? {};
  const collection = COLLECTIONS.find((each) => each === name);
  if (!entity || !collection || item === undefined) return undefined;
  return { entity, collection, item, path: path ?? '' };
}
