import type { PastEntity, PastFault, PastParameter, PastState, PastVersion } from '@medkit/contract';
import type { ReactNode } from 'react';
import { Severity } from '../controls/severity.tsx';
import { useRoute } from '../gateway/gateway.ts';
import { Heading } from '../heading/heading.tsx';
import { Loaded } from '../regions/loaded.tsx';
import { Region } from '../regions/region.tsx';
import { Link } from '../routes/link.tsx';
import { addressOf } from '../routes/pages.ts';
import { texts } from '../texts/texts.ts';
import { Time } from '../time/time.tsx';
import { clockTime, timeMs, wholeTime } from '../time/times.ts';
import { MomentForm } from './moment-form.tsx';
import { t } from './texts.ts';

/** Maximum items of each section on the page. */
const LIMIT = 1000;

/** The recorded state at a moment, of the robot or of one entity; read-only. */
export function PastPage({ at, entity }: { readonly at: string; readonly entity?: string }) {
  const query = { t: at, limit: LIMIT, ...(entity !== undefined && { entity }) };
  const state = useRoute('getPastState', { query });
  const ms = timeMs(at);
  return (
    <div className="stack">
      <Heading>
        {t.title(ms === undefined ? at : clockTime(ms))}
        {entity !== undefined && <span className="soft"> {entity}</span>}
      </Heading>
      <section className="card stack" aria-label={t.moment}>
        <p role="status">{t.banner}</p>
        <MomentForm at={at} />
      </section>
      <Loaded query={state} height={400}>
        {(past) => <Sections past={past} at={at} />}
      </Loaded>
    </div>
  );
}

function Sections({ past, at }: { readonly past: PastState; readonly at: string }) {
  const { gap, as_of, not_covered, tree, faults, parameters, versions } = past;
  return (
    <>
      {gap && (
        <p role="status" className="partial">
          {t.gap(wholeTime(timeMs(as_of) ?? 0))} {gap.message}
        </p>
      )}
      {not_covered.length > 0 && <p className="partial">{t.notCovered(not_covered.join(', '))}</p>}
      <Section title={t.faults} section={faults} keyOf={(fault) => fault.fault_code} row={faultRow} />
      <Section
        title={t.tree}
        section={tree}
        keyOf={({ type, id }) => `${type} ${id}`}
        row={(item) => entityRow(item, at)}
      />
      <Section
        title={t.parameters}
        section={parameters}
        keyOf={({ entity_type, entity_id, name }) => `${entity_type} ${entity_id} ${name}`}
        row={parameterRow}
      />
      <Section title={t.versions} section={versions} keyOf={({ entity_id }) => entity_id ?? ''} row={versionRow} />
    </>
  );
}

interface SectionProps<Item> {
  readonly title: string;
  readonly section: { readonly total: number; readonly missing?: string | null; readonly items: readonly Item[] };
  readonly keyOf: (item: Item) => string;
  readonly row: (item: Item) => ReactNode;
}

function Section<Item>({ title, section, keyOf, row }: SectionProps<Item>) {
  const { total, missing, items } = section;
  return (
    <Region title={`${title} (${total})`}>
      {items.length === 0 && <p>{t.none}</p>}
      <ul className="stack">
        {items.map((item) => (
          <li key={keyOf(item)} className="row">
            {row(item)}
          </li>
        ))}
      </ul>
      {total > items.length && <p className="soft">{t.more(total - items.length)}</p>}
      {missing && <p className="soft">{missing}</p>}
    </Region>
  );
}

function entityRow({ type, id, name, online, since, unsteady }: PastEntity, at: string) {
  return (
    <>
      <span className="soft">{texts.kinds[type]}</span>
      <Link to={addressOf('entity', { kind: type, id }, { at })} title={id}>
        {name}
      </Link>
      {online != null && <span className={online ? 'chip' : 'chip stale'}>{online ? t.online : t.offline}</span>}
      <Since time={since} unsteady={unsteady} />
    </>
  );
}

function faultRow({ severity, fault_code, entity_id, description, confirmed_at }: PastFault) {
  return (
    <>
      {severity == null ? <span className="soft">{t.unknownSeverity}</span> : <Severity severity={severity} />}
      <strong>{fault_code}</strong>
      {entity_id && <span>{entity_id}</span>}
      <span className="soft">{description}</span>
      <Since time={confirmed_at} />
    </>
  );
}

function parameterRow({ entity_id, name, value, since, unsteady }: PastParameter) {
  return (
    <>
      <span className="soft">{entity_id}</span>
      <code>{name}</code>
      <span className="mono">{value === undefined ? t.tooLong : JSON.stringify(value)}</span>
      <Since time={since} unsteady={unsteady} />
    </>
  );
}

function versionRow({ entity_id, software_version, firmware_version, hardware_revision, since }: PastVersion) {
  return (
    <>
      <span>{entity_id ?? t.gateway}</span>
      <span className="mono">
        {[software_version, firmware_version, hardware_revision].filter(Boolean).join(' · ')}
      </span>
      <Since time={since} />
    </>
  );
}

function Since({ time, unsteady }: { readonly time: string; readonly unsteady?: boolean | null | undefined }) {
  return (
    <span className="soft">
      {t.since} <Time ms={timeMs(time)} />
      {unsteady && ` · ${t.unsteady}`}
    </span>
  );
}
