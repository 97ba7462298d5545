import type { Trigger } from '@medkit/contract';
import type { ReactNode } from 'react';
import { EntityLink } from '../entities/entity-link.tsx';
import { Region } from '../regions/region.tsx';
import { Link } from '../routes/link.tsx';
import { texts } from '../texts/texts.ts';
import { Ago, Time } from '../time/time.tsx';
import { timeMs } from '../time/times.ts';
import { observedName, pageOfObserved, readObserved } from './observed-resource.ts';
import { t } from './texts.ts';
import { receiverText } from './trigger-columns.tsx';
import { useEntityNames } from './use-entity-names.ts';

/** The settings and counters of a trigger. */
export function TriggerFacts({ trigger }: { readonly trigger: Trigger }) {
  const nameOf = useEntityNames();
  const observed = readObserved(trigger.observed_resource);
  const page = observed && pageOfObserved(observed);
  const about = trigger['x-medkit'];
  const name = observed ? observedName(observed) : trigger.observed_resource;
  return (
    <Region label={texts.entities.about}>
      <dl className="trigger-facts">
        <Fact name={t.facts.entity}>
          {observed?.entity ? <EntityLink entity={observed.entity} name={nameOf(observed.entity)} /> : t.wholeRobot}
        </Fact>
        <Fact name={t.facts.observes}>{page ? <Link to={page}>{name}</Link> : name}</Fact>
        <Fact name={t.facts.field}>{trigger.path ? <code>{trigger.path}</code> : t.facts.mainValue}</Fact>
        <Fact name={t.facts.repeats}>{trigger.multishot ? t.eachTime : t.once}</Fact>
        <Fact name={t.facts.to}>{receiverText(trigger)}</Fact>
        <Fact name={t.facts.fired}>
          <span className="number">{t.times(about?.fired_total ?? 0)}</span>
        </Fact>
        {about?.last_fired && (
          <Fact name={t.facts.last}>
            <Time ms={timeMs(about.last_fired)} /> <Ago ms={timeMs(about.last_fired)} />
          </Fact>
        )}
        <Fact name={t.facts.ends}>{about?.expires ? <Time ms={timeMs(about.expires)} /> : t.never}</Fact>
        <Fact name={t.facts.stored}>{trigger.persistent ? t.continues : t.isLost}</Fact>
        {trigger.log_settings && <Fact name={t.facts.log}>{trigger.log_settings.severity ?? 'info'}</Fact>}
        {about?.owner && <Fact name={t.facts.owner}>{about.owner.replace(/^user:/, '')}</Fact>}
      </dl>
    </Region>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
