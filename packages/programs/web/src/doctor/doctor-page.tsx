import type { HealthStatus } from '@medkit/contract';
import { useRoute } from '../gateway/gateway.ts';
import { Heading } from '../heading/heading.tsx';
import { Loaded } from '../regions/loaded.tsx';
import type { ParametersOf } from '../routes/pages.ts';
import { texts } from '../texts/texts.ts';
import { formatValue } from '../values/format-value.ts';
import { DdsFacts } from './dds-facts.tsx';
import { DiscoveryFacts } from './discovery-facts.tsx';
import { doctorTexts } from './texts.ts';
import './doctor.css';
import { DoctorWarning } from './doctor-warning.tsx';
import { figureBlocks, mostSevereFirst, onlineNodes } from './health-facts.ts';
import { NoNodes } from './no-nodes.tsx';
import { StoreFacts } from './store-facts.tsx';

const EVERY_MS = 5000;

/** The diagnosis page: warnings of the gateway with remedies, and its DDS state. */
export function DoctorPage(_: ParametersOf<'doctor'>) {
  const health = useRoute('getHealth', {}, { everyMs: EVERY_MS });
  return (
    <div className="stack doctor">
      <Heading>{texts.shell.doctor}</Heading>
      <Loaded query={health} height={500}>
        {(status) => <Findings health={status} />}
      </Loaded>
    </div>
  );
}

function Findings({ health }: { readonly health: HealthStatus }) {
  const t = doctorTexts;
  const apps = useRoute('listEntities', { kind: 'app' }, { everyMs: EVERY_MS });
  const nodes = onlineNodes(apps.data?.items ?? []);
  const dds = health['x-medkit-dds'];
  const warnings = mostSevereFirst(health.warnings);
  return (
    <>
      {apps.data && nodes === 0 && <NoNodes dds={dds ?? undefined} />}
      {warnings.length === 0 && nodes > 0 && (
        <section className="card doctor-well" aria-label={t.warnings}>
          <p>
            <strong>{t.allWell}</strong>
          </p>
          <p className="soft">{t.allWellHelp}</p>
        </section>
      )}
      {warnings.length > 0 && (
        <section className="stack" aria-label={t.warnings}>
          {warnings.map((warning) => (
            <DoctorWarning key={`${warning.code} ${warning.message}`} warning={warning} />
          ))}
        </section>
      )}
      <div className="doctor-facts">
        {dds && <DdsFacts dds={dds} nodes={nodes} />}
        <DiscoveryFacts health={health} />
        <StoreFacts health={health} />
      </div>
      <details className="card">
        <summary>{t.figures}</summary>
        <div className="doctor-facts doctor-blocks">
          {figureBlocks(health).map(([name, figures]) => (
            <section key={name} className="stack" aria-label={name}>
              <h3 className="mono">{name}</h3>
              <dl className="doctor-figures">
                {figures.map(([figure, value]) => (
                  <div key={figure} className="doctor-figure">
                    <dt>{figure.replaceAll('_', ' ')}</dt>
                    <dd className="number">{formatValue(value)}</dd>
                  </div>
                ))}
              </dl>
            </section>
          ))}
        </div>
      </details>
    </>
  );
}
