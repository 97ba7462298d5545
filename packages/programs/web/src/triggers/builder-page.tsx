import { type FormEvent, useEffect, useState } from 'react';
import { useDisabledReason, useRefusal } from '../access/use-disabled-reason.ts';
import { gateway, refetchRoutes } from '../gateway/gateway.ts';
import { Heading } from '../heading/heading.tsx';
import { Failure } from '../regions/failure.tsx';
import { Region } from '../regions/region.tsx';
import { RuleTrial } from '../replay/rule-trial.tsx';
import { Link } from '../routes/link.tsx';
import { changeSearch, goTo, useSearch } from '../routes/location.ts';
import { addressOf, type ParametersOf } from '../routes/pages.ts';
import { useUnsaved } from '../routes/unsaved.ts';
import { parseNumber } from './condition.ts';
import { ConditionFields } from './condition-fields.tsx';
import { DeliveryFields } from './delivery-fields.tsx';
import {
  conditionOf,
  conditionTypesOf,
  type Draft,
  type DraftProblems,
  EMPTY_DRAFT,
  type RuleKind,
  readTarget,
  ruleRequest,
  type Target,
  trialDocument,
  triggerRequest,
} from './draft.ts';
import { FaultFields, ThresholdFields } from './fault-fields.tsx';
import { Switch } from './field.tsx';
import { ObserveFields } from './observe-fields.tsx';
import { Preview } from './preview.tsx';
import { Summary } from './summary.tsx';
import { t } from './texts.ts';
import './triggers.css';
import { useObservedValue } from './use-observed-value.ts';

const NO_PROBLEMS: DraftProblems = new Map();

/** The form of a new trigger or fault rule, with the current value beside it. */
export function BuilderPage(_: ParametersOf<'triggers.new'>) {
  const search = useSearch();
  const as: RuleKind = search.get('as') === 'fault' ? 'fault' : 'event';
  const target = readTarget(search);
  const observed = useObservedValue(target);
  const [entered, setDraft] = useState(EMPTY_DRAFT);
  const [problems, setProblems] = useState(NO_PROBLEMS);
  const draft = withType(entered, target);
  const request = target && (as === 'fault' ? ruleRequest(target, draft) : triggerRequest(target, draft));
  const creation = useCreation(target, request, setProblems);
  useUnsaved(entered !== EMPTY_DRAFT && !creation.isDone);
  const change = (changes: Partial<Draft>) => {
    setDraft({ ...draft, ...changes });
    setProblems(NO_PROBLEMS);
  };
  const fields = { draft, problems, onChange: change };
  const condition =
    as === 'fault'
      ? ({ is: 'rule', operator: draft.operator, threshold: parseNumber(draft.threshold) } as const)
      : ({ is: 'trigger', condition: conditionOf(draft) } as const);
  return (
    <div className="stack trigger-page">
      <nav aria-label={t.back}>
        <Link to={addressOf('triggers', {}, { tab: as === 'fault' ? 'rules' : undefined })}>◂ {t.back}</Link>
      </nav>
      <Heading>{as === 'fault' ? t.newRuleTitle : t.newTitle}</Heading>
      <div className={`trigger-builder ${target ? 'trigger-builder-previewed' : ''}`}>
        <form className="stack form" onSubmit={creation.submit} noValidate>
          <Switch
            label={t.kind}
            value={as}
            options={[
              ['event', t.kinds.event],
              ['fault', t.kinds.fault],
            ]}
            onChoose={(kind) => changeSearch({ as: kind === 'fault' ? 'fault' : undefined, resource: undefined })}
          />
          <Region title={t.observe}>
            <ObserveFields as={as} target={target} problems={problems} />
          </Region>
          <Region title={t.condition}>
            {as === 'fault' ? (
              <ThresholdFields {...fields} unit={observed.unit} />
            ) : (
              <ConditionFields {...fields} target={target} unit={observed.unit} />
            )}
          </Region>
          <Region title={as === 'fault' ? t.fault : t.delivery}>
            {as === 'fault' ? <FaultFields {...fields} /> : <DeliveryFields {...fields} />}
          </Region>
          {creation.error && <Failure error={creation.error} />}
          <Submit as={as} target={target} isAtWork={creation.isAtWork} />
        </form>
        <div className="trigger-preview stack">
          <Region title={t.preview}>
            <Preview target={target} observed={observed} condition={condition} />
          </Region>
          {request && 'body' in request && target && (
            <Region title={t.summary}>
              <Summary as={as} target={target} draft={draft} unit={observed.unit} />
            </Region>
          )}
          {target && (
            <Region title={t.trial}>
              <RuleTrial
                entity={target.entity}
                document={trialDocument(as, target, draft)}
                observesValues={target.collection === 'data'}
              />
            </Region>
          )}
        </div>
      </div>
    </div>
  );
}

/** Only data has ranges: replaces the condition if the observed resource does not have it. */
function withType(draft: Draft, target: Target | undefined): Draft {
  const types = conditionTypesOf(target?.collection ?? 'data');
  return types.includes(draft.type) ? draft : { ...draft, type: types[0]! };
}

/** Creates the trigger or rule and shows it; reports problems of the input by field. */
function useCreation(
  target: Target | undefined,
  request: ReturnType<typeof triggerRequest> | ReturnType<typeof ruleRequest> | undefined,
  onProblems: (problems: DraftProblems) => void,
) {
  const [error, setError] = useState<Error>();
  const [isAtWork, setAtWork] = useState(false);
  const [page, setPage] = useState<string>();
  // After the render in which the form no longer counts as unsaved.
  useEffect(() => {
    if (page !== undefined) goTo(page);
  }, [page]);
  const create = async (form: HTMLFormElement): Promise<void> => {
    if (!target || !request || 'problems' in request) {
      onProblems(request && 'problems' in request ? request.problems : new Map([['item', 'missing']]));
      requestAnimationFrame(() => form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
      return;
    }
    setAtWork(true);
    setError(undefined);
    try {
      setPage(await send(target, request.body));
    } catch (failure) {
      setError(failure as Error);
      setAtWork(false);
    }
  };
  return {
    error,
    isAtWork,
    isDone: page !== undefined,
    submit: (event: FormEvent<HTMLFormElement>) => {
      event.preventDefault();
      void create(event.currentTarget);
    },
  };
}

type Body = Extract<ReturnType<typeof triggerRequest> | ReturnType<typeof ruleRequest>, { body: unknown }>['body'];

/** Sends the request and returns the page that shows the result. */
async function send({ entity }: Target, body: Body): Promise<string> {
  if ('fault_code' in body) {
    const app = { kind: 'app', id: entity.id } as const;
    await gateway().call('createFaultTrigger', { entity: app, body });
    refetchRoutes(['listAllFaultTriggers', 'listFaultTriggers']);
    return addressOf('triggers', {}, { tab: 'rules' });
  }
  const trigger = await gateway().call('createTrigger', { entity, body });
  refetchRoutes(['listAllTriggers', 'listTriggers']);
  return addressOf('trigger', { ...entity, trigger: trigger.id });
}

interface SubmitProps {
  readonly as: RuleKind;
  readonly target: Target | undefined;
  readonly isAtWork: boolean;
}

const PERMISSIONS = { event: 'subscriptions', fault: 'configurations.write' } as const;

function Submit({ as, target, isAtWork }: SubmitProps) {
  const refusal = useRefusal(PERMISSIONS[as]);
  if (target) return <SubmitFor as={as} target={target} isAtWork={isAtWork} />;
  return <SubmitButton as={as} reason={refusal} isDisabled={isAtWork} />;
}

/** Considers the locks of the entity, too. */
function SubmitFor({ as, target, isAtWork }: SubmitProps & { readonly target: Target }) {
  const reason = useDisabledReason(target.entity, as === 'fault' ? 'faults' : 'triggers', PERMISSIONS[as]);
  const isWrongKind = as === 'fault' && target.entity.kind !== 'app';
  return <SubmitButton as={as} reason={reason} isDisabled={isAtWork || isWrongKind} />;
}

interface SubmitButtonProps {
  readonly as: RuleKind;
  readonly reason: string | undefined;
  readonly isDisabled: boolean;
}

function SubmitButton({ as, reason, isDisabled }: SubmitButtonProps) {
  return (
    <div className="row">
      <button type="submit" className="button primary" disabled={isDisabled || reason !== undefined}>
        {as === 'fault' ? t.saveRule : t.save}
      </button>
      {reason !== undefined && <span className="soft">{reason}</span>}
    </div>
  );
}
