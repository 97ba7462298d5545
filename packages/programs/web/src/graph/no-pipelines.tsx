import { useRoute } from '../gateway/gateway.ts';
import { t } from './texts.ts';

const PLUGIN = 'graph-provider';
const HOW_TO = `plugins: [${PLUGIN}]
plugins.${PLUGIN}:
  # Optional: silence is an error only if a rate is expected.
  function_overrides.protection.expected_frequency_hz: 10`;

/** Shown if no entity has a pipeline graph: how to switch the plugin on, or what it waits for. */
export function NoPipelines() {
  const plugins = useRoute('getHealth', {}).data?.['x-medkit-plugins']?.plugins ?? [];
  const isRunning = plugins.some(({ name, state }) => name === PLUGIN && state === 'running');
  return (
    <section className="card stack graph-none" aria-label={t.title}>
      <p>
        <strong>{isRunning ? t.none : t.off}</strong>
      </p>
      <p className="soft">{isRunning ? t.noneHelp : t.offHelp}</p>
      {!isRunning && <pre className="graph-how-to">{HOW_TO}</pre>}
    </section>
  );
}
