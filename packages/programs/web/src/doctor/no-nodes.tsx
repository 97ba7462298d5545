import type { HealthDds } from '@medkit/contract';
import { doctorTexts } from './texts.ts';

/** Troubleshooting steps, shown if no node of the robot is discovered. */
export function NoNodes({ dds }: { readonly dds: HealthDds | undefined }) {
  const t = doctorTexts;
  return (
    <section className="card stack doctor-warning doctor-level-2" aria-label={t.noNodes} role="status">
      <h2>{t.noNodes}</h2>
      {dds && <p>{t.noNodesHelp(dds.domain_id, dds.discovery_range)}</p>}
      <ol className="doctor-steps">
        {t.noNodesSteps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
    </section>
  );
}
