import { type MouseEvent, memo, type Ref } from 'react';
import { texts } from '../texts/texts.ts';
import type { Column } from './columns.ts';

interface TableRowProps<Row> {
  readonly row: Row;
  readonly rowKey: string;
  readonly index: number;
  readonly line: number;
  readonly columns: readonly Column<Row>[];
  /** True if the row can be reached by Tab. */
  readonly hasTab: boolean;
  readonly canOpen: boolean;
  readonly isSelected: boolean;
  readonly name?: string | undefined;
  readonly onFocus: (key: string) => void;
  /** Called before a link in the row is followed. */
  readonly onLeave: (key: string) => void;
  readonly onOpen: (row: Row) => void;
  readonly onToggle: (key: string) => void;
  readonly rowRef?: Ref<HTMLTableRowElement> | undefined;
}

function DrawnRow<Row>(props: TableRowProps<Row>) {
  const { row, rowKey, line, columns, hasTab, canOpen, isSelected, name, rowRef } = props;
  const open = (event: MouseEvent<HTMLTableRowElement>): void => {
    if (
      !canOpen ||
      (event.target as HTMLElement).closest('a, button, input, label, summary') ||
      getSelection()?.type === 'Range'
    )
      return;
    props.onOpen(row);
  };
  return (
    <tr
      ref={rowRef}
      aria-rowindex={line + 2}
      aria-selected={name === undefined ? undefined : isSelected}
      data-key={rowKey}
      tabIndex={hasTab ? 0 : -1}
      className={canOpen ? 'table-row table-opens' : 'table-row'}
      onFocus={() => props.onFocus(rowKey)}
      onClickCapture={() => props.onLeave(rowKey)}
      onClick={open}
    >
      {name !== undefined && (
        <td className="table-select">
          <input
            type="checkbox"
            tabIndex={-1}
            aria-label={texts.tables.select(name)}
            checked={isSelected}
            onChange={() => props.onToggle(rowKey)}
          />
        </td>
      )}
      {columns.map((column) => (
        <td key={column.id} className={column.className} data-under={column.under?.(row)}>
          {column.cell(row)}
        </td>
      ))}
    </tr>
  );
}

/** A row of a table, rendered only when its properties change. */
export const TableRow = memo(DrawnRow) as typeof DrawnRow;
