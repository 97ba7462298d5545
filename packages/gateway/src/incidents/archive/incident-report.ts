import type { IncidentDetail, TimelineRow } from '@medkit/contract';
import type { Measured } from '@medkit/incidents';
import { escapeHtml } from '../../http/escape-html.ts';
import { measuredChart } from './measured-chart.ts';

export interface ReportParts {
  readonly incident: IncidentDetail;
  readonly timeline: readonly TimelineRow[];
  readonly measured: readonly Measured[];
  readonly missing: readonly string[];
  /** Creation time, milliseconds. */
  readonly madeMs: number;
}

const STYLE = `body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a}
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.2rem .6rem .2rem 0;border-bottom:1px solid #ddd}
td:first-child{white-space:nowrap}svg{width:100%;height:auto}polyline{fill:none;stroke:#0a58ca;stroke-width:1.5}
.threshold{stroke:#b02a37;stroke-dasharray:6 4}text{font-size:11px;fill:#333}.end{text-anchor:end}figcaption{color:#555}`;

/** Returns an incident as one HTML page without network access or scripts. */
export function incidentReport({ incident, timeline, measured, missing, madeMs }: ReportParts): string {
  const { title, id, state, robot, began, healed_at, motion, severity_label, faults, notes } = incident;
  const charts = measured.map(measuredChart).join('');
  return `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeHtml(`${id}: ${title}`)}</title><style>${STYLE}</style></head><body>
<h1>${escapeHtml(title)}</h1>
<p>${escapeHtml(`${id} · ${severity_label} · ${state} · ${robot}`)}<br>
Began ${escapeHtml(began)}${healed_at ? `, ended ${escapeHtml(healed_at)}` : ''}<br>
Motion: ${escapeHtml(motion)}, as of ${new Date(madeMs).toISOString()}</p>
${charts}
<h2>Faults</h2>${table(
    ['Fault', 'Entity', 'Role', 'Reason', 'After', 'Status'],
    faults.map(({ fault_code, entity_id, origin, role, why, delay_ms, status }) => [
      fault_code,
      `${entity_id ?? ''}${origin ? ` (${origin})` : ''}`,
      role,
      why,
      `${(delay_ms / 1000).toFixed(2)} s`,
      status,
    ]),
  )}
${
  notes.length === 0
    ? ''
    : `<h2>Notes</h2>${table(
        ['At', 'By', 'Note'],
        notes.map(({ at, by, text }) => [at, by, text]),
      )}`
}
<h2>Timeline</h2>${table(
    ['At', 'What', 'By', ''],
    timeline.map(({ at, kind, event, text, by, from, to }) => [
      at,
      `${kind} ${event}`,
      by ?? '',
      `${text}${from || to ? ` (${from ?? '?'} → ${to ?? '?'})` : ''}`,
    ]),
  )}
${missing.length === 0 ? '' : `<h2>Missing</h2><ul>${missing.map((each) => `<li>${escapeHtml(each)}</li>`).join('')}</ul>`}
</body></html>
`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = (tag: string, texts: readonly string[]) =>
    texts.map((text) => `<${tag}>${escapeHtml(text)}</${tag}>`).join('');
  return `<table><tr>${cells('th', head)}</tr>${rows.map((row) => `<tr>${cells('td', row)}</tr>`).join('')}</table>`;
}
