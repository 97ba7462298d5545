import type { GraphNode, PipelineGraph } from '@medkit/plugin-graph/document';
import { type RefObject, useId, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { Link } from '../routes/link.tsx';
import { addressOf } from '../routes/pages.ts';
import { useIsNarrow } from '../tables/use-is-narrow.ts';
import { STATE_ICONS, stateText } from './edge-columns.tsx';
import { EDGE_STATES, type EdgeRow, figureText, worstState } from './edge-state.ts';
import { layOut, type Sizes } from './layout.ts';
import { t } from './texts.ts';

const WIDE: Sizes = { cardWidth: 250, headHeight: 36, rowHeight: 30, columnGap: 100, cardGap: 20 };
/** For graphs that are wider than the page. */
const COMPACT: Sizes = { ...WIDE, cardWidth: 190, rowHeight: 46, columnGap: 56 };
const NARROW: Sizes = { cardWidth: 146, headHeight: 44, rowHeight: 52, columnGap: 32, cardGap: 16 };
/** A small graph is spread over the width of the page, up to these sizes. */
const MAX_CARD = 320;
const MAX_GAP = 220;
/** Rows of at least this height have the topic and its figures in two lines. */
const TWO_LINES = 44;
/** Space around the picture for the focus ring. */
const MARGIN = 4;

interface PictureProps {
  readonly graph: PipelineGraph;
  readonly rows: readonly EdgeRow[];
  readonly nameOf: (id: string) => string;
  readonly selected: string | undefined;
  readonly onSelect: (edge: string | undefined) => void;
  /** Id of the table with the same content. */
  readonly table: string;
}

/** A node with the topics that it publishes inside the pipeline, each with its edges. */
interface NodeCard {
  readonly node: GraphNode;
  readonly outputs: readonly { readonly topic: string; readonly edges: readonly EdgeRow[] }[];
}

/** The nodes of a pipeline as cards from left to right, with a line for each edge. */
export function PipelinePicture({ graph, rows, nameOf, selected, onSelect, table }: PictureProps) {
  const isNarrow = useIsNarrow();
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const summary = useId();
  const { cards, lone } = useMemo(() => cardsOf(graph, rows), [graph, rows]);
  // The layout depends on names only, so that it does not move when figures change.
  const shape = JSON.stringify(
    cards.map(({ node, outputs }) => [
      node.entity_id,
      outputs.map(({ edges }) => edges.map(({ id, edge }) => [id, edge.target])),
    ]),
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: `shape` has all that the layout depends on.
  const [layout, sizes] = useMemo(() => fitted(cards, isNarrow ? NARROW : WIDE, width), [shape, isNarrow, width]);
  useScrollToWorst(box, layout, rows, width);
  return (
    <>
      <p id={summary} className="visually-hidden">
        {t.summary(graph.nodes.length, graph.edges.length)}, {t.statuses[graph.pipeline_status]}
      </p>
      {cards.length === 0 ? (
        <p className="soft">{t.noEdges}</p>
      ) : (
        <div className="graph-scroll" ref={box}>
          {/* biome-ignore lint/a11y/useSemanticElements: a picture with links in it is no set of form fields. */}
          <div
            role="group"
            aria-label={t.picture}
            aria-describedby={summary}
            aria-details={table}
            className="graph-picture"
            style={{ width: layout.width + 2 * MARGIN, height: layout.height + 2 * MARGIN }}
          >
            <Lines layout={layout} rows={rows} selected={selected} />
            {cards.map((card) => {
              const place = layout.cards.get(card.node.entity_id);
              if (!place) return null;
              const style = {
                left: place.x + MARGIN,
                top: place.y + MARGIN,
                width: sizes.cardWidth,
                height: place.height,
              };
              return (
                <div key={card.node.entity_id} className="graph-card" style={style}>
                  <NodeHead node={card.node} nameOf={nameOf} height={sizes.headHeight} />
                  {card.outputs.map(({ topic, edges }) => (
                    <Output
                      key={topic}
                      topic={topic}
                      edges={edges}
                      height={sizes.rowHeight}
                      isSelected={edges.some(({ id }) => id === selected)}
                      onSelect={onSelect}
                    />
                  ))}
                </div>
              );
            })}
          </div>
        </div>
      )}
      <Legend rows={rows} />
      {lone.length > 0 && (
        <p className="row graph-lone">
          <span className="soft">{t.unconnected}:</span>
          {lone.map((node) => (
            <NodeHead key={node.entity_id} node={node} nameOf={nameOf} />
          ))}
        </p>
      )}
    </>
  );
}

/** Returns the nodes with edges as cards, and the nodes without. */
function cardsOf(
  graph: PipelineGraph,
  rows: readonly EdgeRow[],
): { cards: readonly NodeCard[]; lone: readonly GraphNode[] } {
  const targets = new Set(rows.map(({ edge }) => edge.target));
  const all = graph.nodes.map((node): NodeCard => {
    const published = rows.filter(({ edge }) => edge.source === node.entity_id);
    const topics = [...Map.groupBy(published, ({ topic }) => topic)].toSorted(([one], [other]) =>
      one.localeCompare(other),
    );
    return { node, outputs: topics.map(([topic, edges]) => ({ topic, edges })) };
  });
  const isConnected = ({ node, outputs }: NodeCard): boolean => outputs.length > 0 || targets.has(node.entity_id);
  return { cards: all.filter(isConnected), lone: all.filter((card) => !isConnected(card)).map(({ node }) => node) };
}

/** Returns the width of the visible part of a box. */
function useWidth(box: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const measure = (): void => setWidth(element.clientWidth);
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, [box]);
  return width;
}

/** Share of the visible width at which the worst edge ends. */
const WORST_AT = 0.7;

/** Scrolls once to the worst edge if the picture is wider than the page. */
function useScrollToWorst(
  box: RefObject<HTMLElement | null>,
  layout: ReturnType<typeof layOut>,
  [worst]: readonly EdgeRow[],
  width: number,
): void {
  const isDone = useRef(false);
  useLayoutEffect(() => {
    if (isDone.current || width === 0 || !box.current) return;
    isDone.current = true;
    if (worst?.state !== 'error' && worst?.state !== 'bottleneck') return;
    const line = layout.lines.find(({ id }) => id === worst.id);
    if (line) box.current.scrollLeft = line.x - WORST_AT * width;
  }, [box, layout, worst, width]);
}

/** Lays out the cards, spread over the available width if they need less. */
function fitted(cards: readonly NodeCard[], least: Sizes, width: number) {
  const layout = layOut(...shapeOf(cards), least);
  if (least === WIDE && width > 0 && layout.width + 2 * MARGIN > width)
    return [layOut(...shapeOf(cards), COMPACT), COMPACT] as const;
  const spare = width - 2 * MARGIN - layout.width;
  const columns = Math.round((layout.width + least.columnGap) / (least.cardWidth + least.columnGap));
  if (spare <= 0 || columns < 2) return [layout, least] as const;
  const cardWidth = Math.min(MAX_CARD, least.cardWidth + spare / columns / 2);
  const rest = spare - columns * (cardWidth - least.cardWidth);
  const columnGap = Math.min(MAX_GAP, least.columnGap + rest / (columns - 1));
  const sizes = { ...least, cardWidth: Math.floor(cardWidth), columnGap: Math.floor(columnGap) };
  return [layOut(...shapeOf(cards), sizes), sizes] as const;
}

function shapeOf(cards: readonly NodeCard[]) {
  const lines = cards.flatMap(({ outputs }) =>
    outputs.flatMap(({ edges }, row) =>
      edges.map(({ id, edge }) => ({ id, source: edge.source, target: edge.target, row })),
    ),
  );
  return [cards.map(({ node, outputs }) => ({ id: node.entity_id, rows: outputs.length })), lines] as const;
}

interface LinesProps {
  readonly layout: ReturnType<typeof layOut>;
  readonly rows: readonly EdgeRow[];
  readonly selected: string | undefined;
}

/** The lines of the picture. A state has a dash or a mark as well as a colour. */
function Lines({ layout, rows, selected }: LinesProps) {
  const states = new Map(rows.map(({ id, state }) => [id, state]));
  const { width, height } = layout;
  return (
    <svg
      className="graph-lines"
      width={width + 2 * MARGIN}
      height={height + 2 * MARGIN}
      viewBox={`${-MARGIN} ${-MARGIN} ${width + 2 * MARGIN} ${height + 2 * MARGIN}`}
      aria-hidden="true"
    >
      {layout.lines.map(({ id, path, x, y }) => {
        const state = states.get(id) ?? 'pending';
        return (
          <g key={id} className={`graph-line graph-line-${state} ${id === selected ? 'graph-line-selected' : ''}`}>
            <path d={path} />
            <polygon points={`${x},${y} ${x - 9},${y - 5} ${x - 9},${y + 5}`} />
            {state === 'error' && <path className="graph-cross" d={`M${x - 28},${y - 5}l10,10m0,-10l-10,10`} />}
          </g>
        );
      })}
    </svg>
  );
}

interface NodeHeadProps {
  readonly node: GraphNode;
  readonly nameOf: (id: string) => string;
  readonly height?: number;
}

function NodeHead({ node: { entity_id, node_status }, nameOf, height }: NodeHeadProps) {
  const isAway = node_status === 'unreachable';
  return (
    <span className={`graph-node ${isAway ? 'graph-away' : ''}`} style={{ height }}>
      <Link to={addressOf('entity', { kind: 'app', id: entity_id })} title={entity_id}>
        {nameOf(entity_id)}
      </Link>
      {isAway && <span className="chip">{t.offline}</span>}
    </span>
  );
}

interface OutputProps {
  readonly topic: string;
  readonly edges: readonly EdgeRow[];
  readonly height: number;
  readonly isSelected: boolean;
  readonly onSelect: (edge: string | undefined) => void;
}

/** A topic that a node publishes: a button that selects its worst edge. */
function Output({ topic, edges, height, isSelected, onSelect }: OutputProps) {
  const state = worstState(edges.map((each) => each.state));
  const worst = edges.find((each) => each.state === state);
  if (!worst) return null;
  const Icon = STATE_ICONS[state];
  return (
    <button
      type="button"
      className={`graph-output graph-state-${state} ${height >= TWO_LINES ? 'graph-output-tall' : ''}`}
      style={{ height }}
      aria-pressed={isSelected}
      title={`${topic}: ${stateText(state, worst.edge)}`}
      onClick={() => onSelect(isSelected ? undefined : worst.id)}
    >
      {/* The mark keeps the slash at the start: the text is cut off at its start, as right-to-left text is. */}
      <span className="graph-output-topic">{`\u200e${topic}`}</span>
      <span className="graph-output-rate number">{outputText(worst)}</span>
      {state !== 'ok' && <Icon size={14} aria-hidden="true" />}
      {state !== 'ok' && state !== 'error' && <span className="visually-hidden"> {t.states[state]}</span>}
    </button>
  );
}

/** Returns what a row of a card shows: the reason of an error, or the rate, with the expected rate if it is known. */
function outputText({ edge, state }: EdgeRow): string {
  const { frequency_hz: rate, expected_frequency_hz: expected } = edge.metrics;
  if (state === 'error') return stateText(state, edge);
  if (rate === null) return '';
  return expected === null ? figureText(rate, 'Hz') : t.rateOf(figureText(rate, 'Hz'), figureText(expected, 'Hz'));
}

/** The meaning of the lines that occur. */
function Legend({ rows }: { readonly rows: readonly EdgeRow[] }) {
  const states = EDGE_STATES.filter((state) => rows.some((row) => row.state === state));
  return (
    <ul className="row graph-legend" aria-label={t.legend}>
      {states.map((state) => (
        <li key={state}>
          <svg width="34" height="12" aria-hidden="true">
            <g className={`graph-line graph-line-${state}`}>
              <path d="M1,6H33" />
              {state === 'error' && <path className="graph-cross" d="M12,1l10,10m0,-10l-10,10" />}
            </g>
          </svg>
          {t.states[state]}
        </li>
      ))}
    </ul>
  );
}
