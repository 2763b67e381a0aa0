import type { Page, PageElement } from './dom.ts';

export interface TableColumn {
  readonly label: string;
  readonly isNumber: boolean;
  /** Left out on narrow screens. */
  readonly isMinor: boolean;
  /** What sorting compares. */
  readonly key: (row: number) => number | string;
  readonly text: (row: number) => string;
  /** The exact value, where the text is rounded; else empty. */
  readonly title: (row: number) => string;
  /** A class that gives the cell its color, or none. */
  readonly tone: (row: number) => string;
}

export interface TableWords {
  readonly caption: string;
  readonly number: (value: number) => string;
  readonly open: (row: number) => void;
}

/**
 * A table of many rows, a page at a time: a click on a heading sorts (again: the other way), arrows walk the rows, Enter opens one.
 * Texts go in as text, never as HTML.
 *
 * Closed: its compiled text is part of the page (see client-script.ts).
 */
export class TradeTable {
  private readonly page: Page;
  private readonly columns: readonly TableColumn[];
  private readonly words: TableWords;
  private readonly order: number[];
  private readonly headings: PageElement[] = [];
  private readonly body: PageElement;
  private readonly position: PageElement;
  private readonly back: PageElement;
  private readonly forth: PageElement;
  private sortedBy = -1;
  private isDescending = false;
  private first = 0;
  private readonly pageRows = 25;

  constructor(page: Page, root: PageElement, rowCount: number, columns: readonly TableColumn[], words: TableWords) {
    this.page = page;
    this.columns = columns;
    this.words = words;
    this.order = Array.from({ length: rowCount }, (_, row) => row);
    const table = this.make('table');
    const head = this.make('tr');
    columns.forEach((column, index) => {
      const button = this.make('button', '', column.label);
      button.setAttribute('type', 'button');
      button.addEventListener('click', () => this.sortBy(index));
      const heading = this.make('th', this.classOf(column));
      heading.setAttribute('scope', 'col');
      heading.append(button);
      this.headings.push(heading);
      head.append(heading);
    });
    const header = this.make('thead');
    header.append(head);
    this.body = this.make('tbody');
    table.append(this.make('caption', 'visually-hidden', words.caption), header, this.body);
    const scroller = this.make('div', 'scroller');
    scroller.append(table);
    this.back = this.button('‹', 'Earlier rows', () => this.turn(-1));
    this.forth = this.button('›', 'Later rows', () => this.turn(1));
    this.position = this.make('span', 'muted');
    this.position.setAttribute('aria-live', 'polite');
    const pager = this.make('div', 'pager');
    pager.append(this.position, this.back, this.forth);
    root.replaceChildren(scroller, pager);
    this.body.addEventListener('keydown', (event) => {
      if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
        event.preventDefault();
        this.walk(event.target, event.key === 'ArrowDown' ? 1 : -1);
      } else if (event.key === 'Enter') {
        this.open(event.target);
      }
    });
    this.body.addEventListener('click', (event) => this.open(event.target));
    this.fill();
  }

  private make(tag: string, className = '', text = ''): PageElement {
    const element = this.page.document.createElement(tag);
    if (className !== '') element.className = className;
    if (text !== '') element.textContent = text;
    return element;
  }

  private button(text: string, label: string, act: () => void): PageElement {
    const button = this.make('button', 'step', text);
    button.setAttribute('type', 'button');
    button.setAttribute('aria-label', label);
    button.addEventListener('click', act);
    return button;
  }

  private classOf(column: TableColumn): string {
    return `${column.isNumber ? 'number' : 'word'}${column.isMinor ? ' minor' : ''}`;
  }

  private sortBy(index: number): void {
    const column = this.columns[index]!;
    // Numbers are most often looked at from the largest down, words from the first up.
    this.isDescending = this.sortedBy === index ? !this.isDescending : column.isNumber && index > 0;
    this.sortedBy = index;
    const way = this.isDescending ? -1 : 1;
    const keys = new Map(this.order.map((row) => [row, column.key(row)]));
    this.order.sort((a, b) => {
      const keyA = keys.get(a)!;
      const keyB = keys.get(b)!;
      return keyA < keyB ? -way : keyA > keyB ? way : a - b;
    });
    this.headings.forEach((heading, other) => {
      if (other === index) heading.setAttribute('aria-sort', this.isDescending ? 'descending' : 'ascending');
      else heading.removeAttribute('aria-sort');
    });
    this.first = 0;
    this.fill();
  }

  private turn(way: number): void {
    const last = Math.floor((this.order.length - 1) / this.pageRows) * this.pageRows;
    this.first = Math.min(Math.max(this.first + way * this.pageRows, 0), last);
    this.fill();
  }

  private fill(): void {
    const end = Math.min(this.first + this.pageRows, this.order.length);
    const rows = this.order.slice(this.first, end).map((row) => {
      const line = this.make('tr');
      line.tabIndex = 0;
      line.dataset['row'] = String(row);
      for (const column of this.columns) {
        const cell = this.make('td', `${this.classOf(column)} ${column.tone(row)}`.trim(), column.text(row));
        const title = column.title(row);
        if (title !== '') cell.setAttribute('title', title);
        line.append(cell);
      }
      return line;
    });
    this.body.replaceChildren(...rows);
    this.position.textContent = `${this.words.number(this.first + 1)} to ${this.words.number(end)} of ${this.words.number(this.order.length)}`;
    this.back.disabled = this.first === 0;
    this.forth.disabled = end === this.order.length;
  }

  private walk(target: PageElement, by: number): void {
    const rows = Array.from(this.body.children);
    const row = target.closest('tr');
    const next = row === null ? undefined : rows[rows.indexOf(row) + by];
    next?.focus();
  }

  private open(target: PageElement): void {
    const row = target.closest('tr')?.dataset['row'];
    if (row !== undefined) this.words.open(Number(row));
  }
}
