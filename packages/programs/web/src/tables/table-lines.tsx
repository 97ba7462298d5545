import type { RefObject } from 'react';
import { texts } from '../texts/texts.ts';
import type { Column } from './columns.ts';
import type { linesOf } from './lines.ts';
import type { RowSelection } from './row-selection.ts';
import { TableRow } from './table-row.tsx';

interface TableLinesProps<Row> {
  readonly columns: readonly Column<Row>[];
  readonly keyOf: (row: Row) => string;
  readonly hrefOf: ((row: Row) => string | undefined) | undefined;
  readonly selection: RowSelection<Row> | undefined;
  readonly lines: ReturnType<typeof linesOf<Row>>;
  /** Place of the first line in the table. */
  readonly first: number;
  readonly span: number;
  readonly focusedKey: string | undefined;
  readonly focusedRow: RefObject<HTMLTableRowElement | null>;
  readonly hasFocus: boolean;
  readonly canOpen: boolean;
  readonly onFocus: (key: string) => void;
  readonly onLeave: (key: string) => void;
  readonly onOpen: (row: Row) => void;
  readonly onToggle: (key: string) => void;
}

/** The rendered lines: headings of groups, and rows. */
export function TableLines<Row>(props: TableLinesProps<Row>) {
  const { lines, first, columns, span, keyOf, hrefOf, selection, focusedKey, focusedRow, hasFocus, canOpen } = props;
  return lines.map((line, offset) => {
    const at = first + offset;
    if (line.is === 'group') {
      return (
        <tr key={`group ${line.name}`} className="table-group" aria-rowindex={at + 2}>
          <th scope="rowgroup" colSpan={span}>
            {line.name} <span className="soft">{texts.count.rows(line.count)}</span>
          </th>
        </tr>
      );
    }
    const key = keyOf(line.row);
    const isFocused = key === focusedKey;
    return (
      <TableRow
        key={key}
        row={line.row}
        rowKey={key}
        index={line.index}
        line={at}
        columns={columns}
        hasTab={isFocused || (!hasFocus && line.index === 0)}
        canOpen={canOpen || hrefOf?.(line.row) !== undefined}
        isSelected={selection?.selected.has(key) === true}
        name={selection?.nameOf(line.row)}
        onFocus={props.onFocus}
        onLeave={props.onLeave}
        onOpen={props.onOpen}
        onToggle={props.onToggle}
        rowRef={isFocused ? focusedRow : undefined}
      />
    );
  });
}
