import { useRoute } from '../gateway/gateway.ts';
import { formatSize } from '../recordings/format-size.ts';
import { t } from './texts.ts';

const HOW_TO = 'bulk_data.categories: [maps]';

/** How much of the space for uploads is used; without categories, how to allow uploads. */
export function StorageUsage({ uploadable }: { readonly uploadable: readonly string[] }) {
  const health = useRoute('getHealth', {}).data;
  // Blocks of the modules are not in the contract of `GET /health`.
  const { 'x-medkit-quotas': quotas } = Object(health) as Readonly<Record<string, unknown>>;
  const { bulk_data_bytes: quota } = Object(quotas) as Readonly<Record<string, unknown>>;
  const { held, capacity } = Object(quota) as Readonly<Record<string, unknown>>;
  if (uploadable.length === 0) {
    return (
      <p className="soft files-off">
        {t.uploadsOff} <code>{HOW_TO}</code>
      </p>
    );
  }
  if (typeof held !== 'number' || typeof capacity !== 'number') return null;
  const text = t.usage(formatSize(held), formatSize(capacity));
  return (
    <p className="row soft files-usage">
      <meter min={0} max={capacity} high={capacity * 0.9} value={held} aria-label={text} />
      <span className="number">{text}</span>
    </p>
  );
}
