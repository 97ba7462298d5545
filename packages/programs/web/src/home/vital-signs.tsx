import type { VitalSign } from '@medkit/contract';
import { useRef } from 'react';
import { useLiveValue } from '../entities/use-live-value.ts';
import { useRoute } from '../gateway/gateway.ts';
import { useOpenIncidents } from '../incidents/use-open-incidents.ts';
import { Failure } from '../regions/failure.tsx';
import { Link } from '../routes/link.tsx';
import { addressOf, pageOfHref } from '../routes/pages.ts';
import { texts } from '../texts/texts.ts';
import { signText } from './sign-text.ts';
import './vital-signs.css';

/** The state of the robot at a glance: open incidents, then battery, speed, goal and what the configuration names. */
export function VitalSigns() {
  const signs = useRoute('listVitalSigns', {});
  return (
    <section aria-label={texts.vitals.title}>
      <ul className="vitals">
        <li className="vital">
          <IncidentSign />
        </li>
        {signs.data?.items.map((sign) => (
          <li key={sign.value} className="vital">
            <Sign sign={sign} />
          </li>
        ))}
      </ul>
      {signs.error && <Failure error={signs.error} again={signs.refetch} />}
    </section>
  );
}

function IncidentSign() {
  const open = useOpenIncidents();
  const items = open.data?.items ?? [];
  const isBlocked = items.some(({ blocks_motion }) => blocks_motion);
  return (
    <Link to={addressOf('incidents', {}, { state: 'open' })} className="vital-link">
      <span className="vital-name">{texts.home.open}</span>
      <span className={`vital-value ${items.length > 0 ? 'vital-bad' : ''}`}>{open.data ? items.length : '–'}</span>
      <span className="vital-note">
        {isBlocked ? (
          <b className="severity-2">{texts.incidents.motion.blocked}</b>
        ) : (
          open.data && texts.vitals.notBlocked
        )}
      </span>
    </Link>
  );
}

function Sign({ sign }: { readonly sign: VitalSign }) {
  const value = useRef<HTMLSpanElement>(null);
  const unit = useRef<HTMLSpanElement>(null);
  const note = useRef<HTMLSpanElement>(null);
  const { kind, label, value: watch, href } = sign;
  useLiveValue(
    watch,
    (state) => {
      const content = state.hasValue ? signText(sign, state.value) : { text: undefined };
      if (!value.current || !unit.current || !note.current) return;
      value.current.textContent = content.text ?? '–';
      unit.current.textContent = content.text === undefined ? '' : (content.unit ?? '');
      note.current.textContent = kind === 'goal' && state.hasValue ? texts.time.ago(state.age) : state.age;
      value.current.parentElement?.classList.toggle('stale', state.isStale);
      value.current.parentElement?.classList.toggle('vital-bad', content.isBad === true && !state.isStale);
    },
    { isLatched: kind === 'goal' },
  );
  const page = pageOfHref(href);
  const parts = (
    <>
      <span className="vital-name">{label ?? texts.vitals.names[kind]}</span>
      <span className="vital-value">
        <span ref={value}>–</span>
        <span ref={unit} className="vital-unit" />
      </span>
      <span ref={note} className="vital-note number" />
    </>
  );
  return page ? (
    <Link to={page} className="vital-link">
      {parts}
    </Link>
  ) : (
    <span className="vital-link">{parts}</span>
  );
}
