import type { Dashboard, Panel, Query } from './dashboard-panels.ts';

/** Height of a panel in the grid of Grafana. */
const HEIGHTS = { stat: 4, table: 8, timeseries: 8 } as const;
const COLUMNS = 24;
// biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of Grafana.
const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };

/** Returns the id of a query of a panel. */
const letter = (index: number): string => String.fromCharCode(65 + index);

/** Returns a dashboard as the JSON that Grafana imports, with links to the others of `all`. */
export function dashboardJson({ uid, title, panels }: Dashboard, all: readonly Dashboard[]): string {
  const others = all.filter((each) => each.uid !== uid);
  let [x, y] = [0, 0];
  const placed = panels.map((panel, index) => {
    if (x + panel.width > COLUMNS) {
      x = 0;
      y += HEIGHTS[panels[index - 1]?.type ?? 'timeseries'];
    }
    const gridPos = { x, y, w: panel.width, h: HEIGHTS[panel.type] };
    x += panel.width;
    return panelJson(panel, index + 1, gridPos);
  });
  const dashboard = {
    id: null,
    uid,
    title,
    tags: ['medkit', 'ros2'],
    schemaVersion: 36,
    timezone: 'browser',
    refresh: '30s',
    graphTooltip: 1,
    editable: true,
    time: { from: 'now-6h', to: 'now' },
    templating: { list: [datasourceVariable(), labelVariable('job', ''), labelVariable('instance', 'job=~"$job"')] },
    links: others.map((other) => ({
      type: 'link',
      title: other.title,
      url: `/d/${other.uid}`,
      keepTime: true,
      includeVars: true,
    })),
    panels: placed,
  };
  return `${JSON.stringify(dashboard, undefined, 2)}\n`;
}

function panelJson(panel: Panel, id: number, gridPos: object) {
  const { type, title, description, unit, queries, isStacked, red } = panel;
  const columns = type === 'table' && queries.length > 1 ? queries : [];
  const steps = [{ color: 'green', value: null }, ...(red === undefined ? [] : [{ color: 'red', value: red }])];
  return {
    id,
    type,
    title,
    description,
    gridPos,
    datasource: DATASOURCE,
    fieldConfig: {
      defaults: {
        unit,
        thresholds: { mode: 'absolute', steps },
        ...(isStacked && { custom: { stacking: { mode: 'normal', group: 'A' }, fillOpacity: 30 } }),
      },
      overrides: columns.flatMap(({ legend, unit }) =>
        unit === undefined
          ? []
          : [{ matcher: { id: 'byName', options: legend }, properties: [{ id: 'unit', value: unit }] }],
      ),
    },
    targets: queries.map(({ expr, legend, instant }, index) => ({
      refId: letter(index),
      datasource: DATASOURCE,
      expr,
      legendFormat: legend,
      ...(instant && { instant: true, format: 'table' }),
    })),
    ...(columns.length > 0 && { transformations: mergedColumns(columns) }),
  };
}

/** Returns the transformations that join several queries to one row for each gateway. */
function mergedColumns(queries: readonly Query[]) {
  const names = queries.map(({ legend }, index) => [`Value #${letter(index)}`, legend]);
  return [
    { id: 'merge', options: {} },
    { id: 'organize', options: { excludeByName: { Time: true }, renameByName: Object.fromEntries(names) } },
  ];
}

const datasourceVariable = () => ({
  type: 'datasource',
  name: 'datasource',
  label: 'Data source',
  query: 'prometheus',
});

function labelVariable(name: string, matchers: string) {
  const query = `label_values(medkit_build_info{${matchers}}, ${name})`;
  return {
    type: 'query',
    name,
    datasource: DATASOURCE,
    definition: query,
    query: { query, refId: name },
    refresh: 2,
    sort: 1,
    multi: true,
    includeAll: true,
    current: { text: 'All', value: '$__all' },
  };
}
